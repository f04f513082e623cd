"""What is sent, and what every way of going wrong is told as. Source: docs/outside.md."""

from dataclasses import replace
from pathlib import Path

import pytest

from command.outside import errcodes
from command.outside.contract import Access, Message, Outcome, OutsideWay
from command.outside.gateway import signature
from command.outside.http import MOST_BYTES, Failed, exchange, may_be_called, split_address
from command.outside.sending import send
from tests.outside.counterpart import SECRET, Side

MESSAGE = Message("key-1", "13800000001", "叫应：事项 12（东一网格）等您应答，请打开系统应答。", "12", "东一网格", None)


def to_gateway(side: Side, **more: object) -> Access:
    """The centre's own."""
    access = Access(OutsideWay.SMS, side.address, True, "", None, SECRET)
    return replace(access, **more)  # type: ignore[arg-type]


def to_corp(side: Side, **more: object) -> Access:
    """The centre's application."""
    errcodes._tokens.clear()
    side.users.setdefault(MESSAGE.to, "zhang.san")
    access = Access(OutsideWay.WECOM, side.address, True, "ww1234", 1000002, SECRET)
    return replace(access, **more)  # type: ignore[arg-type]


def test_a_message_is_signed_has_its_key_and_holds_nothing_else(gateway: Side) -> None:
    assert send(to_gateway(gateway), MESSAGE) is Outcome.DELIVERED
    assert send(to_gateway(gateway), MESSAGE) is Outcome.DELIVERED
    assert len(gateway.requests) == 2 and list(gateway.shown) == ["key-1"]
    assert gateway.shown["key-1"] == {
        "count": 1,
        "key": "key-1",
        "link": None,
        "number": "12",
        "place": "东一网格",
        "text": MESSAGE.text,
        "to": "13800000001",
    }


def test_the_signature_is_the_documented_one() -> None:
    # by `printf '1700000000.{}' | openssl dgst -sha256 -hmac secret`
    expected = "sha256=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79a5f163"
    assert signature("secret", "1700000000", b"{}") == expected


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        ("error_inside", Outcome.REFUSED),
        ("nonsense", Outcome.UNREADABLE),
        ("redirect", Outcome.REDIRECTED),
        ("huge", Outcome.UNREADABLE),
        ("slow", Outcome.TIMED_OUT),
        ("drip", Outcome.TIMED_OUT),
        ("down", Outcome.UNAVAILABLE),
        ("refuses", Outcome.REFUSED),
    ],
)
def test_whatever_a_gateway_does_is_told(gateway: Side, mood: str, outcome: Outcome) -> None:
    gateway.mood = mood
    assert send(to_gateway(gateway), MESSAGE) is outcome
    assert not gateway.followed and not gateway.shown


def test_a_wrong_secret_is_told(gateway: Side) -> None:
    assert send(to_gateway(gateway, secret="another-secret-here"), MESSAGE) is Outcome.SECRET_WRONG
    assert "another-secret" not in gateway.everything() and SECRET not in gateway.everything()


def test_of_an_answer_of_five_megabytes_64_kib_are_read(gateway: Side) -> None:
    gateway.mood = "huge"
    assert len(exchange("POST", gateway.address, b"{}", intranet=True).body) == MOST_BYTES


def test_a_certificate_that_nobody_vouches_for_is_refused(
    gateway: Side, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    nobody = tmp_path / "none.pem"
    nobody.write_text("")
    monkeypatch.setenv("SSL_CERT_FILE", str(nobody))
    assert send(to_gateway(gateway), MESSAGE) is Outcome.CERTIFICATE
    assert not gateway.requests


def test_a_house_of_ones_own_only_where_the_administrator_allows_it(gateway: Side) -> None:
    assert send(to_gateway(gateway, intranet=False), MESSAGE) is Outcome.ADDRESS_BARRED
    assert not gateway.requests


@pytest.mark.parametrize(
    ("ip", "outside", "inside"),
    [
        ("203.119.25.1", True, True),
        ("10.1.2.3", False, True),
        ("192.168.1.9", False, True),
        ("127.0.0.1", False, True),
        ("::ffff:10.0.0.1", False, True),
        ("fd00::1", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
    ],
)
def test_which_addresses_are_called(ip: str, outside: bool, inside: bool) -> None:
    assert may_be_called(ip, intranet=False) is outside
    assert may_be_called(ip, intranet=True) is inside


@pytest.mark.parametrize(
    "address",
    [
        "http://sms.example.gov.cn/send",
        "https://",
        "https://user:word@sms.example.gov.cn/",
        "https://sms.example.gov.cn/?a=b",
        "https://sms.example.gov.cn/#a",
        "https://sms.example.gov.cn/a b",
        "https://sms.example.gov.cn\\@evil.example/",
        "https://sms.example.gov.cn:99999/",
        "https://短信.中国/",
        "ftp://sms.example.gov.cn/",
    ],
)
def test_only_a_plain_https_address_is_one(address: str) -> None:
    with pytest.raises(ValueError):
        split_address(address)
    with pytest.raises(Failed):
        exchange("POST", address, b"", intranet=True)


def test_wecom_finds_the_user_and_keeps_its_token(corp: Side) -> None:
    access = to_corp(corp)
    assert send(access, MESSAGE) is Outcome.DELIVERED
    assert send(access, replace(MESSAGE, text="叫应：事项 13 等您应答，请打开系统应答。")) is Outcome.DELIVERED
    assert corp.tokens == ["token0"] and len(corp.shown) == 2
    sent = next(iter(corp.shown.values()))
    assert sent["text"] == {"content": MESSAGE.text} and sent["touser"] == "zhang.san"
    assert (sent["enable_duplicate_check"], sent["duplicate_check_interval"]) == (1, 300)


def test_wecom_renews_a_token_that_holds_no_longer(corp: Side) -> None:
    access = to_corp(corp)
    assert send(access, MESSAGE) is Outcome.DELIVERED
    corp.expire = True  # 42001
    assert send(access, MESSAGE) is Outcome.DELIVERED
    corp.tokens.append("revoked there")  # 40014
    assert send(access, MESSAGE) is Outcome.DELIVERED


@pytest.mark.parametrize(
    ("mood", "outcome"),
    [
        ("error_inside", Outcome.UNAVAILABLE),
        ("nonsense", Outcome.UNREADABLE),
        ("redirect", Outcome.REDIRECTED),
        ("huge", Outcome.UNREADABLE),
        ("slow", Outcome.TIMED_OUT),
        ("down", Outcome.UNAVAILABLE),
    ],
)
def test_whatever_wecom_does_is_told(corp: Side, mood: str, outcome: Outcome) -> None:
    access = to_corp(corp)
    corp.mood = mood
    assert send(access, MESSAGE) is outcome
    assert not corp.followed and not corp.shown


def test_wecom_with_a_wrong_secret_and_with_nobody_of_that_number(corp: Side) -> None:
    assert send(to_corp(corp, secret="another-secret-here"), MESSAGE) is Outcome.SECRET_WRONG
    assert send(to_corp(corp), replace(MESSAGE, to="13900000000")) is Outcome.UNKNOWN_THERE
    assert not corp.shown
