"""How long each clock allows, its steps, its light. Rules: docs/rules.md, "The relay", "Clocks"."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from command.settings.registry import Settings
from dispatch.clocks.allowances import (
    RELAYS,
    ClockKind,
    Light,
    Step,
    Tells,
    allowance,
    amended,
    due_at,
    is_due,
    light,
    steps,
)

STARTED = datetime(2026, 2, 16, 23, 30, tzinfo=UTC)  # a holiday's night: natural time counts
NONE = timedelta(0)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
SET = Settings()


@pytest.mark.mechanism("M49")
@pytest.mark.parametrize("kind", sorted(RELAYS))
def test_every_relay_is_an_hour_and_no_setting_changes_it(kind: ClockKind) -> None:
    assert allowance(kind, SET, level="special_risk") == HOUR
    assert due_at(STARTED, HOUR, NONE) == datetime(2026, 2, 17, 0, 30, tzinfo=UTC)
    assert steps(kind, SET) == (Step(50, Tells.NEXT_CONTACT), Step(80, Tells.DUTY_LEAD), Step(100, Tells.HEAD))
    own = Settings(relay_next_contact_percent=30, relay_lead_percent=60)
    assert [step.percent for step in steps(kind, own)] == [30, 60, 100]


@pytest.mark.mechanism("M53")
@pytest.mark.mechanism("M54")
@pytest.mark.parametrize(
    ("kind", "level", "days"),
    [
        (ClockKind.DISPATCH, "general", 1),
        (ClockKind.REDISPATCH, "major", 1),
        (ClockKind.REWORK, "general", 2),
        (ClockKind.HANDLING_ORDER, "general", 5),
        (ClockKind.HANDLING_ORDER, "major", 15),
        (ClockKind.HANDLING_ISSUE, "general", 5),
        (ClockKind.HANDLING_ISSUE, "special_risk", 15),
    ],
)
def test_natural_days(kind: ClockKind, level: str, days: int) -> None:
    assert allowance(kind, SET, level=level) == days * DAY
    assert steps(kind, SET) == (Step(80, Tells.UNIT), Step(100, Tells.HEAD))


def test_what_the_centre_has_set_counts() -> None:
    own = Settings(dispatch_within_h=2, handling_general_days=3, rework_within_h=6)
    assert allowance(ClockKind.DISPATCH, own, level="general") == 2 * HOUR
    assert allowance(ClockKind.HANDLING_ORDER, own, level="general") == 3 * DAY
    assert allowance(ClockKind.REWORK, own, level="general") == 6 * HOUR


def test_a_suspension_warns_and_then_ends_without_a_breach() -> None:
    own = Settings(suspend_warn_percent=60)
    assert steps(ClockKind.SUSPENSION, own) == (Step(60, Tells.DUTY_LEAD), Step(100, Tells.NOBODY))


@pytest.mark.mechanism("M49")
@pytest.mark.parametrize(
    ("used", "shown"),
    [
        (NONE, Light.GREEN),
        (timedelta(minutes=48) - MICROSECOND, Light.GREEN),  # 79.99 %
        (timedelta(minutes=48), Light.AMBER),
        (timedelta(minutes=59, seconds=59), Light.AMBER),
        (HOUR - MICROSECOND, Light.AMBER),
        (HOUR, Light.RED),
        (timedelta(days=3), Light.RED),
    ],
)
def test_the_light(used: timedelta, shown: Light) -> None:
    assert light(used, HOUR) is shown
    assert is_due(due_at(STARTED, HOUR, NONE), STARTED + used) is (shown is Light.RED)


DAYS = some.integers(min_value=1, max_value=15).map(lambda days: days * DAY)
ANY_TIME = some.timedeltas(min_value=NONE, max_value=20 * DAY)


@given(ANY_TIME, DAYS, ANY_TIME)
def test_red_and_due_are_one(used: timedelta, allowed: timedelta, paused: timedelta) -> None:
    due = due_at(STARTED, allowed, paused)
    assert is_due(due, STARTED + paused + used) is (light(used, allowed) is Light.RED)


@given(DAYS, some.integers(min_value=1, max_value=100))
def test_a_step_is_where_so_much_is_used(allowed: timedelta, percent: int) -> None:
    at = due_at(STARTED, allowed, NONE, percent=percent)
    assert (at - STARTED) * 100 == allowed * percent  # whole days: exact to the microsecond


@pytest.mark.parametrize(
    ("old", "new", "used", "becomes"),
    [
        (5 * DAY, 15 * DAY, 4 * DAY, 15 * DAY),  # up: from the start
        (15 * DAY, 5 * DAY, 2 * DAY, 5 * DAY),  # down, in time
        (15 * DAY, 5 * DAY, 8 * DAY, 9 * DAY),  # down, too late already: a day from now
        (15 * DAY, 5 * DAY, 4 * DAY + HOUR, 5 * DAY + HOUR),
        (15 * DAY, 5 * DAY, 8 * DAY + MICROSECOND, 9 * DAY + timedelta(seconds=1)),  # never less than a day
        (5 * DAY, 5 * DAY, 5 * DAY, 5 * DAY),
    ],
)
def test_a_change_of_level(old: timedelta, new: timedelta, used: timedelta, becomes: timedelta) -> None:
    assert amended(old, new, used=used, floor=DAY) == becomes
