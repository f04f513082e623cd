"""Rosters over HTTP: kept by the administrator and the unit, seen by the desk, refused with the reason.

Source: docs/rules.md, "Duty".
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from command.access import Role
from command.duty.models import DatedShift, OwnDay, Roster, WeeklyShift
from command.duty.queries import zone
from command.people.models import Person, Post
from command.units.models import Unit
from demo.seed.centre import BuiltCentre
from realtime.feed import clock
from realtime.feed.clock import shifted
from tests.command.conftest import SignsIn
from tests.command.office import facts

API = "/api/v1"


class Keeper:
    """Somebody's browser on one unit's roster."""

    def __init__(self, browser: Client, unit: UUID) -> None:
        self.browser, self.unit = browser, unit

    def reads(self, days: int = 7, first: str | None = None) -> Any:
        """The roster from today on."""
        first = first or f"{clock.at(None).astimezone(zone()):%Y-%m-%d}"
        answer = self.browser.get(f"{API}/units/{self.unit}/roster?first={first}&days={days}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def acts(self, body: Any, version: int | None = None, key: str | None = None) -> Any:
        """The answer of a change, on the version that stands unless one is given."""
        known = Roster.objects.filter(unit=self.unit).values_list("version", flat=True).first() or 0
        headers = {"Idempotency-Key": key or str(uuid4()), "If-Match": f'"{known if version is None else version}"'}
        return self.browser.post(f"{API}/units/{self.unit}/roster", body, "application/json", headers=headers)

    def does(self, body: Any) -> Any:
        """What a change that succeeds answers."""
        answer = self.acts(body)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def refused(self, status: int, code: str, body: Any, field: str | None = None, version: int | None = None) -> Any:
        """The problem of a change that is refused; nothing was written."""
        stood = list(WeeklyShift.objects.values_list("pk")), list(DatedShift.objects.values_list("pk"))
        answer = self.acts(body, version)
        said = answer.json()
        assert (answer.status_code, said["code"]) == (status, code), said
        assert field is None or said["field"] == field, said
        assert said["detail"]
        assert stood == (list(WeeklyShift.objects.values_list("pk")), list(DatedShift.objects.values_list("pk")))
        return said


def unit_of(built: BuiltCentre, code: str) -> UUID:
    """A unit by its code."""
    return Unit.objects.get(centre_id=built.id, code=code).pk


def post_of(built: BuiltCentre, username: str) -> UUID:
    """The first post of somebody."""
    held = Post.objects.filter(unit__centre_id=built.id, person__username=username)
    return held.order_by("active_from", "pk")[0].pk


def instant(days: float, hours: float = 0) -> datetime:
    """A local midnight so many days from now, and so many hours after."""
    midnight = clock.at(None).astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight + timedelta(days=days, hours=hours)


def weekly(
    post: UUID, weekday: int = 0, from_min: int = 480, minutes: int = 540, kind: str = "rotating"
) -> dict[str, Any]:
    """A weekly shift, as it is asked for."""
    return {"post": str(post), "weekday": weekday, "from_min": from_min, "minutes": minutes, "kind": kind}


def dated(post: UUID, start: datetime, end: datetime, kind: str | None = "on_call") -> dict[str, Any]:
    """A dated shift, as it is asked for."""
    return {"post": str(post), "starts_at": start.isoformat(), "ends_at": end.isoformat(), "kind": kind}


@pytest.fixture
def keeper(built: BuiltCentre, sign_in: SignsIn) -> Keeper:
    """The administrator at the roster of 城管局, which has two liaisons."""
    unit = unit_of(built, "law_enforcement")
    colleague = Person.objects.create(centre_id=built.id, username="chengguan2", name="田小川")
    Post.objects.create(person=colleague, unit_id=unit, role=Role.LIAISON, active_from=clock.at(None))
    return Keeper(sign_in("admin"), unit)


def test_a_roster_is_made_seen_and_changed_and_its_facts_name_posts_only(built: BuiltCentre, keeper: Keeper) -> None:
    one, other = post_of(built, "chengguan"), post_of(built, "chengguan2")
    Person.objects.filter(username="chengguan").update(phone="13900000001")
    empty = keeper.reads()
    assert (empty["kept"], empty["version"], empty["gaps"], empty["weekly"]) == (False, 0, [], [])
    assert {row["username"] for row in empty["members"]} == {"chengguan", "chengguan2"}
    keeper.does({"weekly": [weekly(one, day, 480, 1440) for day in range(7)]})
    full = keeper.reads()
    assert (full["kept"], full["version"], full["gaps"], len(full["weekly"])) == (True, 1, [], 7)
    start, end = instant(1, 10), instant(1, 12)
    swap = {"dated": [dated(one, start, end, None), dated(other, start, end)]}
    keeper.does(swap)
    spells = [row for row in keeper.reads()["spells"] if row["post"] == str(other)]
    assert [datetime.fromisoformat(row["start"]) for row in spells] == [start]
    line = next(row for row in keeper.reads()["weekly"] if row["weekday"] == 2)
    keeper.does({"remove": [line["id"]], "weekly": [weekly(other, 2, 480, 1440)]})
    keeper.does({"own_days": [f"{instant(3):%Y-%m-%d}"]})
    changed = keeper.reads()
    assert (changed["version"], changed["own_days"]) == (4, [f"{instant(3):%Y-%m-%d}"])
    gap = changed["gaps"]
    assert [datetime.fromisoformat(gap[0][edge]) for edge in ("start", "end")] == [instant(3, 8), instant(4, 8)]
    assert changed["uncovered"] == gap
    keeper.does({"shared_days": [f"{instant(3):%Y-%m-%d}"]})
    assert keeper.reads()["gaps"] == []
    told = facts("roster.changed")
    assert [fact["version"] for fact in told] == [1, 2, 3, 4, 5]
    assert told[1]["body"]["dated"][0]["post"] == str(one)
    assert {fact["card"]["unit"] for fact in told} == {str(keeper.unit)}
    for name in Person.objects.filter(posts__in=[one, other]).values_list("name", "username", "phone"):
        assert not [word for word in name if word and word in str(told)]


def test_the_same_command_again_gets_the_same_answer_and_an_old_version_is_refused(
    built: BuiltCentre, keeper: Keeper
) -> None:
    asked = {"weekly": [weekly(post_of(built, "chengguan"))]}
    key = str(uuid4())
    first = keeper.acts(asked, 0, key)
    again = keeper.acts(asked, 0, key)
    assert (first.content, WeeklyShift.objects.count()) == (again.content, 1)
    keeper.refused(412, "version.stale", {"weekly": [weekly(post_of(built, "chengguan2"))]}, version=0)
    unit = f"{API}/units/{keeper.unit}/roster"
    bare = keeper.browser.post(unit, asked, "application/json", headers={"Idempotency-Key": str(uuid4())})
    assert bare.json()["code"] == "version.required"


@pytest.mark.parametrize("minutes", [0, -60, 1441, 1800])
def test_a_shift_of_no_or_of_30_hours_is_refused(built: BuiltCentre, keeper: Keeper, minutes: int) -> None:
    one = post_of(built, "chengguan")
    said = keeper.refused(
        422,
        "roster.length_invalid",
        {"weekly": [weekly(one, minutes=60), weekly(one, 1, minutes=minutes)]},
        "weekly.1.minutes",
    )
    assert "24 小时" in said["detail"]
    end = instant(1) + timedelta(minutes=minutes)
    keeper.refused(422, "roster.length_invalid", {"dated": [dated(one, instant(1), end)]}, "dated.0.ends_at")


def test_a_desks_shift_of_24_hours_stands_and_an_absence_may_last_weeks(built: BuiltCentre, keeper: Keeper) -> None:
    one = post_of(built, "chengguan")
    keeper.does({"weekly": [weekly(one, 0, 480, 1440)], "dated": [dated(one, instant(1), instant(20), None)]})
    keeper.refused(422, "roster.length_invalid", {"dated": [dated(one, instant(30), instant(400), None)]})
    keeper.refused(422, "roster.length_invalid", {"dated": [dated(one, instant(30), instant(29), None)]})


def test_who_is_of_another_unit_or_centre_or_gone_is_refused(
    built: BuiltCentre, other: BuiltCentre, keeper: Keeper
) -> None:
    for foreign in (post_of(built, "power"), post_of(other, "o_chengguan"), uuid4()):
        keeper.refused(422, "roster.post_elsewhere", {"weekly": [weekly(foreign)]}, "weekly.0.post")
        keeper.refused(
            422, "roster.post_elsewhere", {"dated": [dated(foreign, instant(1), instant(2))]}, "dated.0.post"
        )
    gone = post_of(built, "chengguan2")
    Post.objects.filter(pk=gone).update(active_until=clock.at(None))
    keeper.refused(422, "roster.post_answers_nothing", {"weekly": [weekly(gone)]}, "weekly.0.post")
    member = Post.objects.filter(role=Role.GRID_MEMBER, unit__centre_id=built.id).first()
    assert member is not None
    township = Keeper(keeper.browser, member.unit_id)
    township.refused(422, "roster.post_answers_nothing", {"weekly": [weekly(member.pk)]})


def test_an_overlap_is_refused_with_who_and_when(built: BuiltCentre, keeper: Keeper) -> None:
    one = post_of(built, "chengguan")
    keeper.does({"weekly": [weekly(one, 6, 20 * 60, 720)], "dated": [dated(one, instant(1), instant(1, 5))]})
    said = keeper.refused(409, "roster.overlap", {"weekly": [weekly(one, 0, 7 * 60, 60)]})
    assert "每周日 20:00–次日 08:00" in said["detail"]
    assert "每周一 07:00–08:00" in said["detail"]
    keeper.refused(409, "roster.overlap", {"dated": [dated(one, instant(1, 4), instant(1, 6))]})
    keeper.refused(409, "roster.overlap", {"dated": [dated(one, instant(1, 4), instant(3), None)]})
    keeper.refused(409, "roster.overlap", {"weekly": [weekly(one, 3), weekly(one, 3)]})
    keeper.does({"weekly": [weekly(one, 0, 480, 60)], "dated": [dated(one, instant(1, 5), instant(1, 6))]})
    line = keeper.reads()["weekly"][0]["id"]
    keeper.does({"remove": [line], "weekly": [weekly(one, 0, 480, 540)]})  # what goes makes room for what comes


def test_what_is_over_stays_and_a_year_ahead_is_too_far(built: BuiltCentre, keeper: Keeper, sign_in: SignsIn) -> None:
    one = post_of(built, "chengguan")
    keeper.does({"dated": [dated(one, instant(1), instant(1, 8))]})
    (line,) = keeper.reads()["dated"]
    keeper.refused(422, "roster.out_of_time", {"dated": [dated(one, instant(-1), instant(-1, 5))]})
    keeper.refused(422, "roster.out_of_time", {"dated": [dated(one, instant(370), instant(370, 5))]})
    keeper.refused(422, "roster.out_of_time", {"own_days": [f"{instant(-1):%Y-%m-%d}"]}, "own_days.0")
    keeper.refused(422, "roster.nothing_asked", {})
    keeper.refused(404, "roster.line_not_found", {"remove": [str(uuid4())]})
    with shifted(timedelta(days=3)):
        keeper.browser = sign_in("admin")
        keeper.refused(409, "roster.line_over", {"remove": [line["id"]]})
        assert keeper.reads()["kept"]  # it had one a week ago: a gap, not "no roster"
    with shifted(timedelta(days=9)):
        keeper.browser = sign_in("admin")
        assert not keeper.reads()["kept"]


@pytest.mark.parametrize(
    "body",
    [
        {"weekly": [{"weekday": 7, "from_min": 0, "minutes": 60, "kind": "rotating"}]},
        {"weekly": [{"weekday": 0, "from_min": 1440, "minutes": 60, "kind": "rotating"}]},
        {"weekly": [{"weekday": 0, "from_min": 0, "minutes": 60, "kind": "sometimes"}]},
        {"dated": [{"starts_at": "2026-12-01T08:00:00", "ends_at": "2026-12-01T09:00:00Z"}]},
        {"own_days": ["2026-13-01"]},
        {"holidays": []},
    ],
)
def test_a_malformed_line_names_its_field(built: BuiltCentre, keeper: Keeper, body: Any) -> None:
    for lines in body.values():
        for line in lines:
            if isinstance(line, dict):
                line["post"] = str(post_of(built, "chengguan"))
    keeper.refused(422, "request.invalid", body)


def test_who_keeps_and_who_reads_a_roster(built: BuiltCentre, other: BuiltCentre, sign_in: SignsIn) -> None:
    """Nobody reads another unit's roster and its numbers but the desk, and who keeps all rosters."""
    unit = unit_of(built, "law_enforcement")
    asked = {"weekly": [weekly(post_of(built, "chengguan"))]}
    rights = {"admin": (200, 200, 200), "chengguan": (200, 200, 403), "duty1": (200, 403, 200), "lead": (200, 403, 200),
              "power": (404, 404, 403), "town": (404, 404, 403), "grid1": (404, 404, 403)}  # fmt: skip
    for username, (reads, keeps, gaps) in rights.items():
        browser = sign_in(username)
        for path in (f"/units/{unit}/roster", f"/units/{unit}/on-duty"):
            assert browser.get(API + path).status_code == reads, (username, path)
        assert browser.get(f"{API}/duty/gaps").status_code == gaps, username
        Roster.objects.all().delete()
        WeeklyShift.objects.all().delete()
        answer = Keeper(browser, unit).acts(asked)
        assert answer.status_code == keeps, (username, answer.content)
    foreign = sign_in("o_admin")
    assert foreign.get(f"{API}/units/{unit}/on-duty").status_code == 404
    assert Keeper(foreign, unit).acts(asked).status_code == 404


@pytest.mark.mechanism("M63")
@pytest.mark.mechanism("M67")
def test_the_desk_sees_who_is_on_duty_until_when_and_what_comes_without_anybody(
    built: BuiltCentre, keeper: Keeper, sign_in: SignsIn
) -> None:
    """By which kind of stationing somebody is there now; an uncovered date is told a week ahead."""
    one, desk = post_of(built, "chengguan"), sign_in("duty1")
    Person.objects.filter(username="chengguan").update(phone="13900000001")
    nobody = desk.get(f"{API}/units/{keeper.unit}/on-duty").json()
    assert (nobody["kept"], nobody["on_duty"], nobody["next_gap"]) == (False, [], None)
    now = clock.at(None).replace(microsecond=0)
    keeper.does({"dated": [dated(one, now - timedelta(hours=1), now + timedelta(hours=3), "joint")]})
    shown = desk.get(f"{API}/units/{keeper.unit}/on-duty").json()
    (who,) = shown["on_duty"]
    assert (who["phone"], who["kind"], who["role"]) == ("13900000001", "joint", "liaison")
    assert datetime.fromisoformat(who["until"]) == now + timedelta(hours=3)
    assert datetime.fromisoformat(shown["next_gap"]["start"]) == now + timedelta(hours=3)
    (gap,) = desk.get(f"{API}/duty/gaps").json()
    assert (gap["unit"], gap["uncovered"]) == (str(keeper.unit), [])
    day = instant(5)
    keeper.does({"weekly": [weekly(one, day.weekday(), 540, 480)], "dated": [dated(one, day, instant(6), None)]})
    (gap,) = desk.get(f"{API}/duty/gaps").json()
    assert [datetime.fromisoformat(gap["uncovered"][0][edge]) for edge in ("start", "end")] == [
        day + timedelta(hours=9),
        day + timedelta(hours=17),
    ]
    with shifted(timedelta(hours=4)):
        assert desk.get(f"{API}/units/{keeper.unit}/on-duty").json()["on_duty"] == []


def test_a_retired_units_roster_is_not_changed(built: BuiltCentre, keeper: Keeper) -> None:
    Unit.objects.filter(pk=keeper.unit).update(retired_at=clock.at(None))
    keeper.refused(409, "unit.retired", {"weekly": [weekly(post_of(built, "chengguan"))]})


def test_the_database_refuses_what_must_never_be(built: BuiltCentre) -> None:
    unit, one = unit_of(built, "law_enforcement"), post_of(built, "chengguan")
    foreign, now = post_of(built, "power"), clock.at(None)

    def week(**columns: Any) -> WeeklyShift:
        return WeeklyShift(
            **{"unit_id": unit, "post_id": one, "weekday": 6, "from_min": 1200, "minutes": 720, "kind": "joint"}
            | columns
        )  # type: ignore[misc]

    def date(**columns: Any) -> DatedShift:
        return DatedShift(
            **{"unit_id": unit, "post_id": one, "starts_at": now, "ends_at": now + timedelta(hours=8), "kind": "joint"}
            | columns
        )  # type: ignore[misc]

    week().save(force_insert=True)
    date().save(force_insert=True)
    OwnDay.objects.create(unit_id=unit, day=now.date())
    refused = {
        "weekly_shift_begins_on_a_weekday": week(weekday=7),
        "weekly_shift_begins_within_its_day": week(weekday=2, from_min=1440),
        "weekly_shift_lasts_a_day_at_most": week(weekday=2, minutes=1441),
        "weekly_shift_kind_is_known": week(weekday=2, kind="sometimes"),
        "weekly_shifts_of_a_post_do_not_overlap": week(weekday=0, from_min=479, minutes=1),
        "weekly_shift_is_of_a_post_of_its_unit": week(post_id=foreign),
        "dated_shift_ends_after_it_began": date(starts_at=now + timedelta(days=9)),
        "dated_shift_lasts_a_day_at_most": date(
            starts_at=now + timedelta(days=2), ends_at=now + timedelta(days=3, hours=6)
        ),
        "dated_shift_kind_is_known": date(
            starts_at=now + timedelta(hours=8), ends_at=now + timedelta(hours=9), kind="x"
        ),
        "nobody_has_two_dated_shifts_at_once": date(kind=None, ends_at=now + timedelta(hours=1)),
        "dated_shift_is_of_a_post_of_its_unit": date(post_id=foreign),
        "own_day_stands_once_per_unit": OwnDay(unit_id=unit, day=now.date()),
    }
    for name, row in refused.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            row.save(force_insert=True)
    with pytest.raises(IntegrityError, match="lasts_a_day"), transaction.atomic():
        week(weekday=2, minutes=0).save(force_insert=True)
