"""A light is a comparison with two instants; both are made in one place and move together. Rules: "Clocks"."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from hypothesis import given
from hypothesis import strategies as some

from assessment.situation.histories import ClockSpan, seconds
from command.settings import actions as settings
from dispatch.matter.cards.clocks import clock_card
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.clocks.former import as_now
from dispatch.matter.clocks.lights import Light, light_at
from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.orders.models import Order
from realtime.feed.clock import shifted
from realtime.feed.queries import latest_facts
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import changed, clock_of
from tests.dispatch.clocks.test_following import level, recalled, resumed, suspended
from tests.dispatch.desk import MINUTE, Desk

HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
VECTORS: Final = json.loads((Path(__file__).parent / "lights.json").read_text(encoding="utf-8"))
FORMER: Final = ("id", "amber_at", "light")  # what a clock was told without


def instant(wire: str | None) -> datetime | None:
    """Of a card."""
    return datetime.fromisoformat(wire) if wire else None


def lit(card: dict[str, Any], at: str) -> Light:
    """By the rule, from a card's own instants."""
    found = instant(at)
    assert found is not None
    return light_at(
        found,
        amber_at=instant(card["amber_at"]),
        due_at=instant(card["due_at"]),
        stopped_at=instant(card["stopped_at"]),
        kept=Light(card["light"]) if card["light"] else None,
        breached=card["breached_at"] is not None,
    )


@pytest.mark.mechanism("M49")
@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"])
def test_the_table_that_the_screens_are_held_to_as_well(vector: dict[str, Any]) -> None:
    assert lit(vector["clock"], vector["at"]) == vector["light"]
    assert ClockSpan.of_card(vector["clock"]).light(seconds(vector["at"])).word == vector["light"]


@given(
    started=some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1)),  # noqa: DTZ001  # given its zone below
    allowed=some.timedeltas(timedelta(microseconds=1), 90 * DAY),
    paused=some.timedeltas(timedelta(0), 90 * DAY),
    share=some.integers(1, 99),
)
def test_amber_never_comes_after_red_nor_before_the_start(
    started: datetime, allowed: timedelta, paused: timedelta, share: int
) -> None:
    clock = Clock(started_at=started.replace(tzinfo=UTC), allowance=allowed, paused_for=paused, amber_share=share)
    clock.set_instants()
    assert clock.amber_at and clock.due_at
    assert clock.started_at + paused <= clock.amber_at <= clock.due_at == clock.started_at + paused + allowed
    off = (clock.amber_at - clock.started_at - paused) * 100 - allowed * share
    assert abs(off) <= timedelta(microseconds=50)  # the nearest microsecond
    clock.paused_at = clock.started_at
    clock.set_instants()
    assert (clock.amber_at, clock.due_at) == (None, None)


def handling(desk: Desk, issue_id: UUID) -> dict[str, Any]:
    """The order's handling, as its latest fact shows it."""
    rows = Order.objects.filter(issue_id=issue_id).order_by().values_list("pk", "version")
    (shown,) = latest_facts(desk.built.id, rows)
    card: Any = shown.card
    found: dict[str, Any] = next(clock for clock in card["clocks"] if clock["kind"] == "handling_order")
    return found


@pytest.mark.mechanism("M53")
def test_five_days_suspended_day_1_to_11_and_again_on_day_12(desk: Desk) -> None:
    """Amber at day 14, not 12; and at day 12.5 of one that rests again: green, 72 hours left."""
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    began = clock_of(issue_id, "handling_order").started_at
    with shifted(DAY):
        changed(desk, issue_id, suspended(20))
    with shifted(11 * DAY):
        changed(desk, issue_id, resumed)
    rested = clock_of(issue_id, "handling_order").paused_for
    card = handling(desk, issue_id)
    assert (instant(card["amber_at"]), instant(card["due_at"])) == (began + rested + 4 * DAY, began + rested + 5 * DAY)
    assert abs(rested - 10 * DAY) < MINUTE
    assert card["light"] is card["left_ms"] is None
    assert [lit(card, (began + days * DAY).isoformat()) for days in (12, 13.99, 14.01, 15.01)] == [
        "green", "green", "amber", "red",
    ]  # fmt: skip
    with shifted(12 * DAY):
        changed(desk, issue_id, suspended(20))
    again = handling(desk, issue_id)
    assert (again["amber_at"], again["due_at"], again["light"]) == (None, None, "green")
    assert abs(again["left_ms"] - 72 * 3_600_000) < 60_000
    assert lit(again, (began + 12.5 * DAY).isoformat()) == Light.GREEN


def test_a_change_of_level_moves_both_instants(desk: Desk) -> None:
    issue_id = desk.dispatched()
    began = clock_of(issue_id, "handling_order").started_at
    with shifted(HOUR / 2):
        changed(desk, issue_id, level("major"))
    card = handling(desk, issue_id)
    assert (instant(card["amber_at"]), instant(card["due_at"])) == (began + 12 * DAY, began + 15 * DAY)


def share(desk: Desk, percent: int, *, changes: int = 0) -> None:
    """The centre's share, from now on; `changes`: how often it was changed before."""
    settings.change("amber_share", percent, expected=changes, cmd=desk.command("admin"))


def test_the_share_is_the_centres_and_running_clocks_keep_theirs(desk: Desk) -> None:
    before = desk.accepted()
    share(desk, 70)
    after = desk.dispatched()
    kept, new = clock_of(before, "dispatch"), clock_of(after, "handling_order")
    assert (kept.amber_share, new.amber_share) == (80, 70)
    assert kept.amber_at == kept.started_at + 0.8 * DAY
    assert new.amber_at == new.started_at + 3.5 * DAY
    with shifted(2 * DAY):
        changed(desk, after, suspended(5))
    share(desk, 60, changes=1)
    with shifted(4 * DAY):
        changed(desk, after, resumed)
    moved = clock_of(after, "handling_order")
    assert moved.amber_at == moved.started_at + moved.paused_for + 3.5 * DAY


def test_the_unit_is_told_at_the_instant_at_which_the_light_turns_amber(desk: Desk) -> None:
    share(desk, 65)
    issue_id = desk.dispatched()
    for clock in Clock.objects.filter(issue_id=issue_id):
        told = {due.tells: (due.percent, due.due_at) for due in Due.objects.filter(clock=clock)}
        if "unit" in told:
            assert told["unit"] == (65, clock.amber_at)
    relay = clock_of(issue_id, "relay_down_order")
    assert relay.amber_at == relay.started_at + 39 * MINUTE  # its light is the centre's, its steps are its own
    steps = Due.objects.filter(clock=relay).order_by("percent").values_list("percent", "due_at")
    assert list(steps) == [(n, relay.started_at + n * 0.6 * MINUTE) for n in (50, 80, 100)]


def test_the_database_refuses_a_telling_that_is_not_at_amber(desk: Desk) -> None:
    issue_id = desk.dispatched()
    due = Due.objects.get(clock=clock_of(issue_id, "handling_order"), tells="unit")
    for change in ({"due_at": due.due_at and due.due_at + MINUTE}, {"percent": 79}, {"due_at": None}):
        with pytest.raises(IntegrityError, match="unit_is_told_at_amber"), transaction.atomic():
            Due.objects.filter(pk=due.pk).update(**change)


def test_the_database_takes_what_python_rounds_and_no_other_microsecond(desk: Desk) -> None:
    issue_id = desk.dispatched()
    changed(desk, issue_id, suspended(9))
    clock = clock_of(issue_id, "suspension")  # it allows any number of microseconds
    for share in (1, 33, 50, 80, 99):
        for odd in (0, 1, 333_333, 999_999):
            clock.allowance, clock.amber_share = 9 * DAY + odd * MICROSECOND, share
            clock.set_instants()
            clock.save()
            if clock.allowance // MICROSECOND * share % 100 == 50:
                continue  # half a microsecond: both neighbours are as near
            for off in (-MICROSECOND, MICROSECOND):
                with pytest.raises(IntegrityError, match="turns_amber_at_its_share"), transaction.atomic():
                    Clock.objects.filter(pk=clock.pk).update(amber_at=F("amber_at") + off)


def test_clocks_of_an_issue_are_told_apart_by_their_ids(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    ids = list(Clock.objects.filter(issue_id=issue_id).order_by("pk").values_list("card_id", flat=True))
    assert ids == list(range(1, len(ids) + 1))
    changed(desk, issue_id, recalled)  # another clock begins
    later = Clock.objects.filter(issue_id=issue_id).order_by("pk").values_list("card_id", flat=True)
    assert list(later) == list(range(1, len(later) + 1))
    assert len(later) > len(ids)


@pytest.mark.parametrize(("rests", "days"), [(False, 0), (True, 0.5), (True, 3.9), (True, 4.1)])
def test_a_clock_that_was_told_in_the_former_shape_is_read_as_it_was_then(desk: Desk, rests: bool, days: float) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    if rests:
        with shifted(days * DAY):
            changed(desk, issue_id, suspended(20))
    for clock in Clock.objects.filter(issue_id=issue_id).exclude(kind=ClockKind.SUSPENSION):
        card = clock_card(clock)
        former = {name: value for name, value in card.items() if name not in FORMER}
        assert as_now(former) == {**card, "id": None}
    assert as_now(card) is card


def test_the_first_clocks_told_no_allowance() -> None:
    first = {"kind": "relay_up", "started_at": "2026-11-02T09:00:00.000000Z", "due_at": "2026-11-02T10:00:00.000000Z"}
    assert as_now(first)["amber_at"] == "2026-11-02T09:48:00.000000Z"
    rested = {
        "kind": "rework",
        "started_at": "2026-11-02T09:00:00Z",
        "due_at": None,
        "paused_at": "2026-11-02T10:00:00Z",
    }
    assert as_now(rested)["light"] == "green"
    assert as_now({**rested, "allowance_s": 4000})["light"] == "amber"
    assert as_now({**rested, "allowance_s": 4000, "left_ms": 0})["light"] == "red"
