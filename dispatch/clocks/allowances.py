"""How long each clock allows, and what a running clock says at an instant. Pure. Source: docs/rules.md, "The relay".

The 60 minutes are the law's and no setting. Natural minutes: nights, weekends and holidays count.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final


class ClockKind(StrEnum):
    """What a clock judges."""

    RELAY_UP = "relay_up"  # a report, from receipt until somebody entitled accepts or declines
    RELAY_DOWN_ORDER = "relay_down_order"  # the unit, from an order's sending until its acknowledgment
    RELAY_DOWN_ISSUE = "relay_down_issue"  # the centre, from the first sending until the lead unit's acknowledgment


class Light(StrEnum):
    """What a clock looks like: green below 80 %, amber from 80 %, red from exactly 100 %."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


RELAY_WITHIN: Final = timedelta(minutes=60)
ALLOWED: Final[Mapping[ClockKind, timedelta]] = dict.fromkeys(ClockKind, RELAY_WITHIN)
BREACH_PERCENT: Final = 100
AMBER_PERCENT: Final = 80


@dataclass(frozen=True, slots=True)
class Step:
    """A point of a clock at which something happens: `percent` of the allowance is used up at `due_at` (UTC)."""

    percent: int
    due_at: datetime


def due_at(kind: ClockKind, started_at: datetime) -> datetime:
    """The instant from which the clock is breached: one hour on, to the microsecond."""
    return started_at + ALLOWED[kind]


def steps(kind: ClockKind, started_at: datetime) -> tuple[Step, ...]:
    """What has to be fired while the clock runs: the breach."""
    return (Step(BREACH_PERCENT, due_at(kind, started_at)),)


def is_due(due: datetime, at: datetime) -> bool:
    """Whether `due` is reached at `at`: 59:59 is on time, 60:00 is a breach."""
    return at >= due


def light(started_at: datetime, due: datetime, *, at: datetime) -> Light:
    """What the clock shows at `at`; for a stopped clock pass the instant at which it stopped."""
    if is_due(due, at):
        return Light.RED
    used_percent = (at - started_at) / (due - started_at) * 100
    return Light.AMBER if used_percent >= AMBER_PERCENT else Light.GREEN
