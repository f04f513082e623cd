"""Sixty natural minutes: 59:59 is on time, 60:00 is a breach. Rules: docs/rules.md, "The relay"."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dispatch.clocks.allowances import ClockKind, Light, due_at, is_due, light, steps

STARTED = datetime(2026, 2, 16, 23, 30, tzinfo=UTC)  # a holiday's night: natural minutes count


@pytest.mark.parametrize("kind", ClockKind)
def test_every_relay_is_an_hour(kind: ClockKind) -> None:
    assert due_at(kind, STARTED) == datetime(2026, 2, 17, 0, 30, tzinfo=UTC)
    assert [(step.percent, step.due_at) for step in steps(kind, STARTED)] == [(100, due_at(kind, STARTED))]


@pytest.mark.parametrize(
    ("after", "shown"),
    [
        (timedelta(0), Light.GREEN),
        (timedelta(minutes=47, seconds=59), Light.GREEN),
        (timedelta(minutes=48), Light.AMBER),
        (timedelta(minutes=59, seconds=59, microseconds=999_999), Light.AMBER),
        (timedelta(minutes=60), Light.RED),
        (timedelta(days=3), Light.RED),
    ],
)
def test_the_light(after: timedelta, shown: Light) -> None:
    due = due_at(ClockKind.RELAY_UP, STARTED)
    assert light(STARTED, due, at=STARTED + after) is shown
    assert is_due(due, STARTED + after) is (shown is Light.RED)


@given(some.timedeltas(min_value=timedelta(0), max_value=timedelta(days=2)))
def test_red_and_due_are_one(after: timedelta) -> None:
    due = due_at(ClockKind.RELAY_DOWN_ORDER, STARTED)
    assert is_due(due, STARTED + after) is (light(STARTED, due, at=STARTED + after) is Light.RED)
