"""接班: a shift at the desk begins when the sound was heard; who is on the roster and has not begun is told.

Source: docs/rules.md, "Duty".
"""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from command.duty.models import Attendance, DatedShift
from command.organisations.queries import desk_id
from command.people.models import Person
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from realtime.feed.clock import shifted
from tests.command.conftest import SignsIn
from tests.command.duty.test_rosters import API, post_of
from tests.command.office import facts


def acts(browser: Client, verb: str, body: Any = None, key: str | None = None) -> Any:
    """The answer of beginning or ending."""
    headers = {"Idempotency-Key": key or str(uuid4())}
    return browser.post(f"{API}/duty/{verb}", json.dumps(body or {}), "application/json", headers=headers)


def missing(browser: Client) -> list[str]:
    """Who has not begun, by name."""
    return [one["name"] for one in browser.get(f"{API}/duty/not-begun").json()]


@pytest.fixture
def rostered(built: BuiltCentre) -> BuiltCentre:
    """Both officers of the desk are on duty for hours yet."""
    now = clock.at(None)
    for username in ("duty1", "duty2"):
        DatedShift.objects.create(
            unit_id=desk_id(built.id), post_id=post_of(built, username), starts_at=now - timedelta(hours=1),
            ends_at=now + timedelta(hours=11), kind="resident",
        )  # fmt: skip
    return built


def test_who_has_not_begun_is_told_until_the_sound_was_heard(rostered: BuiltCentre, sign_in: SignsIn) -> None:
    Person.objects.filter(username="duty2").update(phone="13900000002")
    desk, lead = sign_in("duty1"), sign_in("lead")
    assert missing(lead) == ["林晓舟", "苏明远"]
    assert lead.get(f"{API}/duty/not-begun").json()[1]["phone"] == "13900000002"
    assert desk.get(f"{API}/duty/own").json()["began_at"] is None
    refused = acts(desk, "begin", {"heard": False})
    assert (refused.status_code, refused.json()["code"]) == (422, "attendance.not_heard")
    assert missing(lead) == ["林晓舟", "苏明远"]
    key = str(uuid4())
    first = acts(desk, "begin", {"heard": True}, key)
    assert first.status_code == 200, first.content
    assert acts(desk, "begin", {"heard": True}, key).content == first.content
    assert acts(desk, "begin", {"heard": True}).json()["code"] == "attendance.begun"
    assert desk.get(f"{API}/duty/own").json()["began_at"]
    assert missing(lead) == ["苏明远"]
    assert acts(desk, "end").status_code == 200
    assert acts(desk, "end").json()["code"] == "attendance.not_begun"
    assert missing(lead) == ["林晓舟", "苏明远"]
    told = facts("attendance.changed")
    assert [(one["version"], one["body"]["change"], one["card"]["there"]) for one in told] == [
        (1, "begun", True),
        (2, "ended", False),
    ]


def test_a_shift_that_nobody_ended_is_over_after_a_day(rostered: BuiltCentre, sign_in: SignsIn) -> None:
    assert acts(sign_in("duty1"), "begin", {"heard": True}).status_code == 200
    with shifted(timedelta(hours=24)):
        browser = sign_in("duty1")
        assert browser.get(f"{API}/duty/own").json()["began_at"] is None
        assert acts(browser, "begin", {"heard": True}).status_code == 200


def test_without_a_roster_nobody_is_missing_and_only_the_desk_begins(built: BuiltCentre, sign_in: SignsIn) -> None:
    assert missing(sign_in("duty1")) == []
    for username in ("chengguan", "leader", "admin", "grid1"):
        browser = sign_in(username)
        assert acts(browser, "begin", {"heard": True}).status_code == 403, username
        assert browser.get(f"{API}/duty/not-begun").status_code == 403, username


def test_the_database_refuses_what_must_never_be(built: BuiltCentre) -> None:
    post, now = post_of(built, "duty1"), clock.at(None)
    for name, columns in {
        "attendance_ends_after_it_began": {"ended_at": now - timedelta(hours=1), "version": 1},
        "attendance_version_is_positive": {"version": 0},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Attendance.objects.create(post_id=post, began_at=now, **columns)
