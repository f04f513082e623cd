"""A call reaches a phone whose app is closed: sealed for its browser, told of by it, and ended with the sign-in.

Source: docs/rules.md, "Calls"; docs/outside.md.
"""

import json
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.utils.timezone import now

from command.outside.actions import Form, keep
from command.outside.contract import OutsideWay
from command.outside.models import Subscription, Way
from command.outside.subscriptions import devices_of
from command.people.models import Person, SignIn
from demo.seed.centre import PASSWORD
from dispatch.matter.calls.models import Call
from dispatch.matter.issues.models import Issue, number_text
from dispatch.reading.calls import calls_of
from realtime.feed.clock import shifted
from realtime.feed.queries import all_facts
from tests.dispatch.calls.called import at, the_call
from tests.dispatch.calls.test_outside import NUMBER, by, called, passes, way
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import SECOND, Desk
from tests.outside import counterpart
from tests.outside.counterpart import SECRET, Browser, Side, other_side

__all__ = ["called"]
ADDRESS = "/api/v1/session/push"


class Phone:
    """A phone on which somebody has signed in."""

    def __init__(self, username: str) -> None:
        self.client = Client()
        asked = {"username": username, "password": PASSWORD}
        assert self.client.post("/api/v1/session", asked, "application/json").status_code == 200

    def takes(self, told: dict[str, str]) -> Any:
        """The page hands its browser's subscription in."""
        return self.client.put(ADDRESS, told, "application/json")

    def told(self) -> dict[str, Any]:
        """What the page asks first."""
        found: dict[str, Any] = self.client.get(ADDRESS).json()
        return found


def pushes(desk: Desk, vendor: Side, rank: int = 1) -> None:
    """The administrator puts pushes into use: no secret, no address of anybody else."""
    form = Form(rank, True, "https://zzzx.example.gov.cn/", True, "", None, None)
    keep(OutsideWay.PUSH, form, expected=0, cmd=desk.command("admin"))


def subscribed(desk: Desk, vendor: Side, username: str = "chengguan") -> Phone:
    """A phone whose browser takes pushes."""
    phone = Phone(username)
    key = phone.told()["key"]
    assert phone.takes(vendor.browser.subscription(vendor.address)).status_code == 204
    assert phone.told() == {"key": key, "subscribed": True}
    vendor.application_key = key
    return phone


def receipt(push: dict[str, Any], *, displayed: bool, seconds: float = 32, **more: Any) -> int:
    """The browser's worker tells of a push; it has no session, and no token."""
    body = {name: push[name] for name in ("attempts", "device", "proof")} | {"displayed": displayed} | more
    with shifted(seconds * SECOND):
        worker = Client(enforce_csrf_checks=True)
        return worker.post("/api/v1/calls/receipts", json.dumps(body), "application/json").status_code


@pytest.mark.mechanism("M56")
def test_a_closed_phone_is_pushed_to_and_tells_that_it_shows_it(
    desk: Desk, called: tuple[UUID, Call], vendor: Side, gateway: Side
) -> None:
    issue_id, call = called
    pushes(desk, vendor)
    way(desk, gateway, rank=2)
    subscribed(desk, vendor)
    assert passes(31) == 1
    (push,) = vendor.shown.values()
    attempt = by(call, "push", desk)
    number = number_text(Issue.objects.get(pk=issue_id).number)
    assert set(push) == {"attempts", "count", "device", "number", "place", "proof"}
    assert (push["attempts"], push["count"], push["number"], push["place"]) == ([str(attempt.pk)], 1, number, None)
    assert (attempt.outcome, attempt.ended_at) == ("delivered", None)  # the service has it; whether the phone has?

    assert receipt(push, displayed=False) == 204
    assert receipt(push, displayed=True, seconds=33) == receipt(push, displayed=True, seconds=34) == 204
    assert receipt(push, displayed=True, proof="0" * 64) == 404
    assert passes(70) == 0 and not gateway.requests  # who was shown it is sent nothing more
    (view,) = [one for one in calls_of(issue_id, actor=desk.actor("duty1")) if one.id == call.pk]
    (seen,) = [one for one in view.attempts if one.channel == "push" and one.outcome == "delivered"]
    assert seen.attempted_at and seen.delivered_at and seen.displayed_at and seen.ended_at == seen.displayed_at
    assert seen.queued_at <= seen.attempted_at <= seen.delivered_at < seen.displayed_at
    names = [json.loads(fact.bytes)["name"] for fact in all_facts(desk.built.id) if fact.object_id == attempt.pk]
    assert names == ["attempt.made", "attempt.concluded", "attempt.received", "attempt.received"]
    assert not stale_cards(desk)


def test_a_phone_that_is_off_is_followed_by_the_next_way(
    desk: Desk, called: tuple[UUID, Call], vendor: Side, gateway: Side
) -> None:
    pushes(desk, vendor)
    way(desk, gateway, rank=2)
    subscribed(desk, vendor)
    assert passes(31) == 1
    assert passes(50) == 0
    passes(62)
    passes(63)
    assert by(called[1], "push", desk).outcome == "unseen"
    assert by(called[1], "sms", desk).outcome == "delivered"
    assert [shown["to"] for shown in gateway.shown.values()] == [NUMBER]
    (push,) = vendor.shown.values()
    assert receipt(push, displayed=True, seconds=90) == 204  # switched on again: what it tells is kept
    assert by(called[1], "push", desk).displayed_at is not None


def test_who_has_no_phone_that_takes_pushes_is_sent_a_message_at_once(
    desk: Desk, called: tuple[UUID, Call], vendor: Side, gateway: Side
) -> None:
    pushes(desk, vendor)
    way(desk, gateway, rank=2)
    assert passes(31) == 1
    assert by(called[1], "push", desk).outcome == "no_device"
    assert by(called[1], "sms", desk).outcome == "delivered"


def test_a_browser_ends_with_its_sign_in_and_is_one_persons(desk: Desk, vendor: Side) -> None:
    phone = Phone("chengguan")
    assert phone.told() == {"key": None, "subscribed": False}
    told = vendor.browser.subscription(vendor.address)
    assert phone.takes(told).json()["code"] == "push.not_in_use"
    pushes(desk, vendor)
    key = phone.told()["key"]
    assert phone.takes(told).status_code == phone.takes(told).status_code == 204
    row = Subscription.objects.get()
    assert vendor.browser.path.encode() not in bytes(row.sealed)
    other = Phone("chengguan2")
    assert other.takes(told).status_code == 204  # the same browser: another person has signed in there
    assert Subscription.objects.get().sign_in.person.username == "chengguan2"
    assert phone.told() == {"key": key, "subscribed": False}

    live = Subscription.objects.get().sign_in_id
    ends: list[Any] = [
        lambda: SignIn.objects.filter(pk=live).update(ended_at=now()),
        lambda: Person.objects.filter(username="chengguan2").update(is_active=False),
        lambda: SignIn.objects.filter(pk=live).update(expires_at=now()),
    ]
    person = desk.built.people["chengguan2"]
    for ending in ends:
        assert devices_of([person])
        ending()
        assert not devices_of([person])
        SignIn.objects.filter(pk=live).update(ended_at=None, expires_at=now() + 600 * SECOND)
        Person.objects.filter(pk=person).update(is_active=True)
    assert other.client.delete(ADDRESS).status_code == 204
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example.com/a"},
        {"endpoint": "https://u:p@push.example.com/a"},
        {"endpoint": "https://169.254.169.254/latest"},
        {"endpoint": "https://[fe80::1]/a"},
        {"endpoint": "https://push.example.com/a#b"},
        {"p256dh": "AAAA"},
        {"auth": "AAAA"},
    ],
)
def test_what_is_no_subscription_is_refused(desk: Desk, vendor: Side, wrong: dict[str, str]) -> None:
    pushes(desk, vendor)
    answer = Phone("chengguan").takes(Browser().subscription("https://push.example.com") | wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "push.subscription_invalid")
    Way.objects.update(intranet=False)
    inside = Browser().subscription("https://10.1.2.3")
    assert Phone("chengguan").takes(inside).status_code == 422


def test_a_browser_that_is_no_more_is_forgotten_and_a_busy_service_is_asked_again(
    desk: Desk, called: tuple[UUID, Call], vendor: Side
) -> None:
    pushes(desk, vendor)
    subscribed(desk, vendor)
    vendor.mood = "busy"
    passes(31)
    assert by(called[1], "push", desk).outcome == "unavailable"
    vendor.mood, vendor.gone = "ok", 410
    assert passes(37) == 1
    assert by(called[1], "push", desk).outcome == "gone"
    assert not Subscription.objects.exists()


@pytest.mark.mechanism("M152")
def test_a_group_is_told_and_the_next_way_is_taken_all_the_same(
    desk: Desk, called: tuple[UUID, Call], trusted: Any, gateway: Side
) -> None:
    with other_side(counterpart.robot, trusted) as side:
        form = Form(1, True, side.address, True, "", None, SECRET, 20)
        keep(OutsideWay.WECOM_GROUP, form, expected=0, cmd=desk.command("admin"))
        way(desk, gateway, rank=2)
        other = desk.dispatched(position=desk.inside())
        at(0, timer=False)
        passes(31)
        passes(32)
        assert {by(the_call(one), "wecom_group", desk).outcome for one in (called[0], other)} == {"delivered"}
        assert len(side.shown) == 1 and "网格" not in side.everything() and NUMBER not in side.everything()
        assert by(called[1], "sms", desk).outcome == "delivered"
