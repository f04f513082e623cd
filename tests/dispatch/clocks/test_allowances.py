"""How long each clock allows, and its steps. Rules: docs/rules.md, "The relay", "Clocks"."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from command.settings.registry import Settings
from dispatch.matter.clocks.allowances import RELAYS, ClockKind, Step, Tells, allowance, amended, due_at, steps

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
    own = Settings(relay_next_contact_percent=30, relay_lead_percent=60, amber_share=90)
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
    assert steps(kind, Settings(amber_share=70))[0] == Step(70, Tells.UNIT)
    assert steps(kind, Settings(amber_share=70), amber_share=90)[0] == Step(90, Tells.UNIT)


def test_what_the_centre_has_set_counts() -> None:
    own = Settings(dispatch_within_h=2, handling_general_days=3, rework_within_h=6)
    assert allowance(ClockKind.DISPATCH, own, level="general") == 2 * HOUR
    assert allowance(ClockKind.HANDLING_ORDER, own, level="general") == 3 * DAY
    assert allowance(ClockKind.REWORK, own, level="general") == 6 * HOUR


def test_a_suspension_warns_and_then_ends_without_a_breach() -> None:
    own = Settings(suspend_warn_percent=60, amber_share=90)
    assert steps(ClockKind.SUSPENSION, own) == (Step(60, Tells.DUTY_LEAD), Step(100, Tells.NOBODY))


DAYS = some.integers(min_value=1, max_value=15).map(lambda days: days * DAY)


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
