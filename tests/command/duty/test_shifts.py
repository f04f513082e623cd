"""Who is on duty at all units at once: the desk's page with names, the wall with units, from one place.

Source: docs/rules.md, "Duty".
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from command.duty.models import DatedShift, WeeklyShift
from command.duty.shifts import shift_page
from command.organisations.queries import desk_id
from command.people import screens
from command.people.models import Person, Post
from demo.seed.centre import BuiltCentre
from realtime.delivery.models import DeviceCursor
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.queries import head
from tests.command.conftest import SignsIn, command
from tests.command.duty.test_attendance import acts
from tests.command.duty.test_rosters import API, post_of, unit_of

HOUR = timedelta(hours=1)


def on_duty(built: BuiltCentre, username: str, begins: float, ends: float, now: datetime | None = None) -> UUID:
    """Puts somebody on their unit's roster, from so many hours after now until. The unit."""
    post = Post.objects.get(pk=post_of(built, username))
    now = now or clock.at(None)
    DatedShift.objects.create(
        unit_id=post.unit_id, post=post, starts_at=now + begins * HOUR, ends_at=now + ends * HOUR, kind="on_call"
    )
    return post.unit_id


def heard(built: BuiltCentre, username: str, behind: int = 0) -> None:
    """A device of somebody has received the feed but for its last facts."""
    end = head(built.id)
    DeviceCursor.objects.create(
        centre_id=built.id, principal=f"person:{built.people[username]}", device_id=uuid4(), epoch=end.epoch,
        through=end.seq - behind, displayed=0, moved_at=clock.at(None),
    )  # fmt: skip


def wall_of(built: BuiltCentre) -> tuple[Client, dict[str, str]]:
    """A paired screen."""
    wall = screens.offer_device(str(uuid4()), source="10.0.0.1")
    screens.approve_device(wall.code, "大厅", cmd=command(built, "lead"))
    return Client(), {"X-Device": f"{wall.id}:{wall.secret}"}


@pytest.mark.mechanism("M133")
def test_an_hour_of_the_desk_without_anybody_in_the_next_day_is_flagged(built: BuiltCentre, sign_in: SignsIn) -> None:
    """Day and night: a gap at three o'clock is told the day before, and gone once somebody has it."""
    browser = sign_in("lead")
    assert browser.get(f"{API}/duty/shift").json()["desk"] is None
    now = clock.at(None)
    on_duty(built, "duty1", -1, 12, now)
    on_duty(built, "duty2", 13, 25, now)
    told = browser.get(f"{API}/duty/shift").json()["desk"]
    (gap,) = told["gaps"]
    instants = [datetime.fromisoformat(gap[edge]) for edge in ("start", "end")]
    assert instants[1] - instants[0] == HOUR
    assert [one["unit"] for one in browser.get(f"{API}/duty/gaps").json()] == [str(desk_id(built.id))]
    assert [one["name"] for one in told["on_duty"]] == ["林晓舟"]
    assert [one["name"] for one in told["next"]] == ["苏明远"]
    on_duty(built, "duty1", 12, 13, now)
    told = browser.get(f"{API}/duty/shift").json()["desk"]
    assert (told["gaps"], [one["name"] for one in told["next"]]) == ([], ["林晓舟"])
    with shifted(25 * HOUR):
        assert sign_in("lead").get(f"{API}/duty/shift").json()["desk"]["on_duty"] == []


@pytest.mark.mechanism("M123")
def test_the_wall_reads_the_units_of_the_desks_page_and_no_person(built: BuiltCentre, sign_in: SignsIn) -> None:
    Person.objects.filter(username="chengguan").update(phone="13900000001")
    there = on_duty(built, "chengguan", -1, 5)
    nobody = on_duty(built, "power", 2, 5)
    page = sign_in("duty1").get(f"{API}/duty/shift").json()
    browser, headers = wall_of(built)
    answer = browser.get(f"{API}/duty/units", headers=headers)
    told = answer.json()
    assert [one["unit"] for one in told["on_duty"]] == [str(there)]
    assert [one["unit"] for one in told["empty"]] == [str(nobody)]
    assert [one["unit"] for one in page["units"] if one["on_duty"]] == [one["unit"] for one in told["on_duty"]]
    assert {key for one in told["on_duty"] for key in one} == {"unit", "short"}, "a wall has no person"
    names = Person.objects.filter(username__in=["chengguan", "power"]).values_list("name", flat=True)
    assert not any(name in answer.content.decode() for name in (*names, "13900000001"))
    assert browser.get(f"{API}/duty/shift", headers=headers).status_code in (401, 403)
    assert sign_in("duty1").get(f"{API}/duty/units").json()["on_duty"] == told["on_duty"]


def test_the_page_has_numbers_for_the_desk_only(built: BuiltCentre, sign_in: SignsIn) -> None:
    Person.objects.filter(username="chengguan").update(phone="13900000001")
    on_duty(built, "chengguan", -1, 5)
    acts(sign_in("duty2"), "begin", {"heard": True})
    page = sign_in("duty1").get(f"{API}/duty/shift").json()
    (unit,) = page["units"]
    (who,) = unit["on_duty"]
    assert (who["phone"], who["kind"], who["role"]) == ("13900000001", "on_call", "liaison")
    assert [one["name"] for one in page["begun"]] == ["苏明远"], "also who is on no roster"
    assert page["unrostered"] > 1
    for username in ("chengguan", "town", "grid1", "leader", "admin"):
        for path in ("shift", "units"):
            assert sign_in(username).get(f"{API}/duty/{path}").status_code == 403, (username, path)


def test_a_unit_whose_devices_are_all_out_of_reach_is_silent(built: BuiltCentre, sign_in: SignsIn) -> None:
    unit = on_duty(built, "chengguan", -1, 5)
    browser = sign_in("duty1")

    def silent() -> bool:
        (one,) = shift_page(built.id).units
        assert one.unit == unit
        return one.silent

    assert silent(), "no device of who is on duty was ever there"
    acts(browser, "begin", {"heard": True})
    heard(built, "chengguan", behind=1)
    assert not silent(), "what was told a moment ago may be on its way"
    with shifted(timedelta(minutes=4)):
        assert silent(), "four minutes later it has still not arrived"
        heard(built, "chengguan")
        assert not silent(), "one device of several is enough"


def test_many_units_cost_as_much_as_one(built: BuiltCentre) -> None:
    on_duty(built, "chengguan", -1, 5)
    shift_page(built.id)
    with CaptureQueriesContext(connection) as one:
        shift_page(built.id)
    for username in ("power", "town", "duty1"):
        on_duty(built, username, -1, 5)
    WeeklyShift.objects.create(
        unit_id=unit_of(built, "law_enforcement"), post_id=post_of(built, "chengguan"), weekday=0, from_min=0,
        minutes=60, kind="joint",
    )  # fmt: skip
    with CaptureQueriesContext(connection) as many:
        shift_page(built.id)
    assert len(many) <= len(one) <= 10
