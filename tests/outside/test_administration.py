"""An administrator sets up a way, sees how it is, never its secret; and is sent a test message."""

import json
from typing import Any

import pytest

from command.outside.actions import record_health
from command.outside.contract import Outcome
from command.outside.models import Way
from command.outside.queries import access_of
from command.people.models import Person
from command.sealing import CannotOpen
from demo.seed.centre import BuiltCentre
from dispatch.verbs.call_outside import call_outside
from realtime.feed.models import StoredFact
from tests.command.conftest import SignsIn, built, office, sign_in
from tests.command.office import Office, facts
from tests.outside.counterpart import SECRET, Side

__all__ = ["built", "office", "sign_in"]
PATH = "/outside-ways/sms"


def form(**more: Any) -> dict[str, Any]:
    """An SMS gateway inside, in use."""
    basic = {"rank": 1, "in_use": True, "address": "https://10.1.2.3/send", "intranet": True, "secret": SECRET}
    return {**basic, **more}


def test_a_way_is_set_up_and_its_secret_is_told_to_nobody(built: BuiltCentre, office: Office) -> None:
    office.does(PATH, form(), version=0)
    (row,) = office.read("/outside-ways")
    assert (row["kind"], row["address"], row["version"]) == ("sms", "https://10.1.2.3/send", 1)
    assert SECRET not in json.dumps(row) and "secret" not in row
    stored = Way.objects.get()
    assert SECRET.encode() not in bytes(stored.sealed_secret) and access_of(stored).secret == SECRET
    assert SECRET not in repr(access_of(stored))
    assert not any(SECRET.encode() in bytes(fact.bytes) for fact in StoredFact.objects.all())
    (fact,) = facts("outside_way.changed")
    assert fact["card"] == {"failing": False, "in_use": True, "kind": "sms", "open": False, "rank": 1}
    assert "10.1.2.3" not in json.dumps(fact)


def test_a_secret_moves_to_no_other_address(built: BuiltCentre, office: Office) -> None:
    office.refused(422, "outside_way.secret_needed", PATH, form(secret=None), version=0)
    office.does(PATH, form(), version=0)
    office.does(PATH, form(secret=None, rank=2), version=1)
    moved = form(secret=None, address="https://10.9.9.9/send")
    assert office.refused(422, "outside_way.secret_needed", PATH, moved, version=2)["field"] == "secret"
    office.refused(412, "version.stale", PATH, form(), version=1)
    other = Way.objects.get()
    other.pk = built.id
    with pytest.raises(CannotOpen):
        access_of(other)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"address": "http://10.1.2.3/send"}, "outside_way.address_invalid"),
        ({"address": "https://a:b@10.1.2.3/send"}, "outside_way.address_invalid"),
        ({"secret": "short"}, "request.invalid"),
        ({"rank": 0}, "request.invalid"),
        ({"secret": "密" * 20}, "request.invalid"),
    ],
)
def test_what_is_no_way_is_refused(built: BuiltCentre, office: Office, wrong: dict[str, Any], code: str) -> None:
    office.refused(422, code, PATH, form(**wrong), version=0)
    assert not Way.objects.exists()


def test_wecom_needs_corp_and_agent(built: BuiltCentre, office: Office) -> None:
    address = "https://qyapi.weixin.qq.com"
    lacking = form(address=address, intranet=False, corp="ww1234")
    office.refused(422, "outside_way.application_incomplete", "/outside-ways/wecom", lacking, version=0)
    office.does("/outside-ways/wecom", {**lacking, "agent": 1000002}, version=0)


def test_only_an_administrator_may(built: BuiltCentre, sign_in: SignsIn) -> None:
    for who in ("duty1", "lead", "chengguan", "leader"):
        other = Office(sign_in(who))
        assert other.act(PATH, form(), version=0).status_code == 403
        assert other.act(f"{PATH}/test", version=1).status_code in (403, 404)
        assert other.browser.get("/api/v1/admin/outside-ways").status_code == 403


def test_a_test_message_goes_to_who_asks_and_its_outcome_is_shown(
    built: BuiltCentre, office: Office, gateway: Side
) -> None:
    office.refused(404, "outside_way.not_found", f"{PATH}/test", version=1)
    office.does(PATH, form(address=gateway.address), version=0)
    office.refused(422, "outside_way.no_telephone", f"{PATH}/test", version=1)
    Person.objects.filter(pk=built.people["admin"]).update(phone="13800000009")
    office.does(f"{PATH}/test", version=1)
    office.refused(409, "outside_way.test_waits", f"{PATH}/test", version=2)
    assert not gateway.requests  # nobody waits for another house in a request
    assert call_outside() == 1
    assert call_outside() == 0
    (shown,) = gateway.shown.values()
    assert shown["to"] == "13800000009" and shown["number"] == ""
    (row,) = office.read("/outside-ways")
    assert (row["test_outcome"], row["test_asked_at"]) == ("delivered", None)
    assert [fact["body"]["change"] for fact in facts("outside_way.changed")] == ["added", "test_asked", "tested"]


def test_the_desk_sees_a_way_that_fails_and_that_it_comes_through_again(
    built: BuiltCentre, office: Office, sign_in: SignsIn
) -> None:
    office.does(PATH, form(), version=0)
    way, desk = Way.objects.get().pk, Office(sign_in("duty1")).browser
    failing = "/api/v1/calls/failing-ways"
    for outcome in (Outcome.TIMED_OUT, Outcome.UNKNOWN_THERE, Outcome.TIMED_OUT):
        record_health(way, outcome)
    assert desk.get(failing).json() == []  # somebody who is unknown there says nothing of the way
    record_health(way, Outcome.UNREACHABLE)
    (told,) = desk.get(failing).json()
    assert (told["kind"], told["outcome"]) == ("sms", "unreachable")
    assert sign_in("chengguan").get(failing).status_code == 403
    record_health(way, Outcome.UNREACHABLE)
    record_health(way, Outcome.DELIVERED)
    assert desk.get(failing).json() == []
    assert [fact["body"]["change"] for fact in facts("outside_way.changed")] == ["added", "failing", "came_through"]
