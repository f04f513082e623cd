"""What is refused, hangs, lies or leads elsewhere is told as what it is, by every way. Source: docs/outside.md."""

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from command.base64url import base64url, from_base64url
from command.outside import errcodes, push
from command.outside.contract import Access, Message, Outcome, OutsideWay, PushDevice
from command.outside.sending import send
from command.outside.voice import speech
from tests.outside import counterpart
from tests.outside.counterpart import SECRET, Side, other_side

MESSAGE = Message("key-1", "13800000001", "叫应：事项 12 等您应答，请打开系统应答。", "12", None, None)
SIDES = {
    OutsideWay.PUSH: counterpart.push_service,
    OutsideWay.SMS: counterpart.gateway,
    OutsideWay.WECOM: counterpart.wecom,
    OutsideWay.DINGTALK: counterpart.dingtalk,
    OutsideWay.VOICE: counterpart.gateway,
    OutsideWay.WECOM_GROUP: counterpart.robot,
}
PATHS = {OutsideWay.SMS: "/send", OutsideWay.VOICE: "/voice"}
CORPS = {OutsideWay.WECOM: "ww1234", OutsideWay.DINGTALK: "dingabc"}


def both(way: OutsideWay, side: Side) -> tuple[Access, Message]:
    """How to reach a counterpart, and a message for it."""
    errcodes._tokens.clear()
    side.users[MESSAGE.to] = "zhang.san"
    address, secret, message = side.address, SECRET, MESSAGE
    if way is OutsideWay.PUSH:
        address, secret = "https://zzzx.example.gov.cn/", push.new_key()
        side.application_key = push.public_key(secret)
        browser = side.browser
        device = PushDevice(uuid4(), side.address + browser.path, browser.p256dh, browser.auth)
        message = replace(MESSAGE, device=device, attempts=(uuid4(),))
    access = Access(way, address + PATHS.get(way, ""), True, CORPS.get(way, ""), 1000002, secret)
    return access, message


# What the other side does; what it is told as; where a way tells otherwise.
UNREADABLE_PUSH = {OutsideWay.PUSH: Outcome.DELIVERED}  # of a push service the status counts alone (RFC 8030, 5)
TABLE: dict[str, tuple[Outcome, dict[OutsideWay, Outcome]]] = {
    "ok": (Outcome.DELIVERED, {}),
    "wrong secret": (Outcome.SECRET_WRONG, {}),
    "slow": (Outcome.TIMED_OUT, {}),
    "error_inside": (
        Outcome.UNAVAILABLE,
        {OutsideWay.SMS: Outcome.REFUSED, OutsideWay.VOICE: Outcome.REFUSED, OutsideWay.PUSH: Outcome.DELIVERED},
    ),
    "redirect": (Outcome.REDIRECTED, {}),
    "huge": (Outcome.UNREADABLE, UNREADABLE_PUSH),
    "nonsense": (Outcome.UNREADABLE, UNREADABLE_PUSH),
    "down": (Outcome.UNAVAILABLE, {}),
    "busy": (Outcome.UNAVAILABLE, {}),
    "refuses": (Outcome.REFUSED, {}),
    "inside": (Outcome.ADDRESS_BARRED, {}),
}


@pytest.mark.parametrize("way", list(SIDES))
def test_whatever_the_other_side_does_is_told_as_what_it_is(way: OutsideWay, trusted: tuple[Path, Path]) -> None:
    assert set(SIDES) == set(OutsideWay)
    with ExitStack() as stack:
        side = stack.enter_context(other_side(SIDES[way], trusted))
        for mood, (outcome, otherwise) in TABLE.items():
            access, message = both(way, side)
            if mood == "wrong secret":
                wrong = push.new_key() if way is OutsideWay.PUSH else "another-secret-here"
                access = replace(access, secret=wrong)
            elif mood == "inside":
                access = replace(access, intranet=False)
            side.mood, before = mood, len(side.requests)
            assert send(access, message) is otherwise.get(way, outcome), mood
            assert (len(side.requests) == before) is (mood == "inside"), mood
            side.mood = "ok"
        assert not side.followed
        if way not in (OutsideWay.PUSH, OutsideWay.WECOM, OutsideWay.DINGTALK, OutsideWay.WECOM_GROUP):
            assert SECRET not in side.everything()  # the others' documentation puts it into the address
        assert SECRET not in repr(access)


@pytest.mark.mechanism("M152")
def test_a_group_is_told_number_and_link_and_names_nobody(trusted: tuple[Path, Path]) -> None:
    with other_side(counterpart.robot, trusted) as side:
        assert send(*both(OutsideWay.WECOM_GROUP, side)) is Outcome.DELIVERED
        ((path, _, body),) = side.requests
    assert path == f"/cgi-bin/webhook/send?key={SECRET}"
    assert body.decode() == '{"msgtype":"text","text":{"content":"叫应：事项 12 等您应答，请打开系统应答。"}}'


def test_the_same_words_are_told_to_one_person_twice_a_day(trusted: tuple[Path, Path]) -> None:
    with other_side(counterpart.dingtalk, trusted) as side:
        access, message = both(OutsideWay.DINGTALK, side)
        assert send(access, message) is Outcome.DELIVERED
        assert send(access, message) is Outcome.REFUSED  # sent again under its key: shown once
        assert send(access, replace(message, key="another")) is Outcome.DELIVERED
        assert send(access, replace(message, to="13900000000")) is Outcome.UNKNOWN_THERE


def test_a_voice_reads_digits() -> None:
    said = speech(replace(MESSAGE, number="2026-000120", place="东一网格", count=3))
    assert said == "叫应。事项 二零二六，零零零一二零，东一网格，另有 2 件，等您应答。请登录系统应答。"


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_no_more_is_told(vendor: Side, status: int) -> None:
    vendor.gone = status
    assert send(*both(OutsideWay.PUSH, vendor)) is Outcome.GONE


def test_a_push_is_sealed_as_the_standard_has_it() -> None:
    # RFC 8291, Appendix A
    device = PushDevice(
        uuid4(),
        "https://push.example.net/",
        from_base64url("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        from_base64url("BTBZMqHH6r4Tts7J_aSIgg"),
    )
    made = push.encrypted(
        b"When I grow up, I want to be a watermelon",
        device,
        salt=from_base64url("DGv6ra1nlYgDCS1FRnbzlw"),
        key=push._private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert base64url(made) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6"
        "PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
