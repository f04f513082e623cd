"""What each issue was at any instant, as its facts told it. Pure: times are seconds since 1970, given from outside.

A history is the steps of one issue in the order of the feed. What it was at `t` is what the last step up to `t` shows.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from typing import Any, Final

from dispatch.matter.clocks import lights
from dispatch.matter.clocks.former import as_now

BEFORE: Final = -math.inf  # the time of a step that lies before the period


class Light(IntEnum):
    """How late something is; the higher, the worse. URGENT: not accepted yet, and danger to life."""

    GREEN = 0
    AMBER = 1
    RED = 2
    URGENT = 3

    @property
    def word(self) -> str:
        """As the dictionary of figures and the screens call it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class ClockSpan:
    """A clock as a card told it. While it rests it has neither `amber` nor `due`, and keeps its light.

    id  among the clocks of its issue; None: it was told before clocks had one
    """

    kind: str
    started: float
    due: float | None
    stopped: float | None
    breached: bool
    counted: bool
    amber: float | None = None
    kept: lights.Light | None = None
    id: int | None = None

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> "ClockSpan":
        """From a card's clock."""
        card = as_now(card)
        return cls(
            str(card["kind"]),
            seconds(card["started_at"]),
            seconds_or_none(card["due_at"]),
            seconds_or_none(card.get("stopped_at")),
            card.get("breached_at") is not None,
            not card.get("uncounted", False),
            seconds_or_none(card["amber_at"]),
            lights.Light(card["light"]) if card.get("light") is not None else None,
            card["id"],
        )

    @property
    def runs(self) -> bool:
        """Not stopped; it may rest."""
        return self.stopped is None

    def light(self, at: float) -> Light:
        """Its light at an instant: the one rule, by the card's instants (dispatch/matter/clocks/lights.py)."""
        found = lights.light_at(
            at, amber_at=self.amber, due_at=self.due, stopped_at=self.stopped, kept=self.kept, breached=self.breached
        )
        return Light[found.name]


def counting_clock(clocks: Iterable[ClockSpan], at: float) -> ClockSpan | None:
    """The clock that counts now: of those that run, the one with the worst light, of these the one due first.

    One that rests has no due time and comes after its equals. None: none runs. The screens choose by the same rule
    (frontend/src/shared/lights.ts); tests/assessment/figures/counting_clocks.json holds both to it.
    """
    running = [clock for clock in clocks if clock.runs]
    return min(
        running, key=lambda clock: (-clock.light(at), clock.due if clock.due is not None else math.inf), default=None
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What a card says of an issue, as far as a report counts it."""

    number: str
    item: str
    channel: str
    level: str
    state: str
    open: bool
    urgent: bool
    exercise: bool
    cell: str | None  # path; a grid at the finest
    cell_name: str | None
    holder: str  # unit id
    reported_at: float
    clocks: tuple[ClockSpan, ...]

    @classmethod
    def of_card(cls, card: Mapping[str, Any]) -> "Shown":
        """From an issue's card."""
        cell, holder = card.get("cell"), card.get("holder")
        return cls(
            str(card["number"]),
            str(card["item"]),
            str(card["channel"]),
            str(card["level"]),
            str(card["state"]),
            bool(card["open"]),
            bool(card["urgent"]),
            bool(card.get("exercise", False)),
            cell["path"] if cell else None,
            cell["name"] if cell else None,
            str((holder or {}).get("unit") or card["responsible"]),
            seconds(card["reported_at"]),
            tuple(ClockSpan.of_card(clock) for clock in card.get("clocks", ())),
        )

    def clock(self, at: float) -> ClockSpan | None:
        """The clock that counts at `at`."""
        return counting_clock(self.clocks, at)

    def light(self, at: float) -> Light:
        """The light of the clock that counts; green when none runs."""
        clock = self.clock(at)
        return clock.light(at) if clock else Light.GREEN

    def mark(self, at: float) -> Light:
        """What a map shows of it: urgent while an urgent issue is not accepted, else its light."""
        return Light.URGENT if self.urgent and self.state == "reported" else self.light(at)

    def is_late(self, at: float) -> bool:
        """Whether a running clock of it has reached its due time."""
        return self.light(at) is Light.RED


@dataclass(frozen=True, slots=True)
class Step:
    """One fact of an issue. `shown` is None when from here on the scope no longer sees it."""

    at: float
    name: str
    shown: Shown | None


@dataclass(frozen=True, slots=True)
class History:
    """One issue. `steps` are in the feed's order, whose times never fall for one object."""

    id: str
    steps: tuple[Step, ...]

    def at(self, moment: float) -> Shown | None:
        """What it was then; None before its first step, or while it was out of sight."""
        index = bisect_right(self.steps, moment, key=lambda step: step.at)
        return self.steps[index - 1].shown if index else None

    @property
    def last(self) -> Shown | None:
        """What it was last seen as: also behind the last step that hid it."""
        return next((step.shown for step in reversed(self.steps) if step.shown is not None), None)

    @property
    def counts(self) -> bool:
        """Whether figures count it: exercises and what was voided are out."""
        last = self.last
        return last is not None and not last.exercise and last.state != "voided"


@dataclass(frozen=True, slots=True)
class Crossing:
    """An issue that entered or left what is open in the place, and how: a state, or `moved` to another place."""

    issue: str
    at: float
    how: str
    shown: Shown
    entered: bool


def crossings(history: History) -> Iterator[Crossing]:
    """Each time that the issue became open here, or ceased to be. Its state before the first step is not a crossing.

    So, for any two instants: open then + entered between - left between = open later.
    """
    before: Shown | None = None
    for step in history.steps:
        now = step.shown
        was, is_ = before is not None and before.open, now is not None and now.open
        if step.at > BEFORE and was != is_:
            if is_ and now is not None:
                how = "reported" if step.name == "issue.reported" else ("moved" if before is None else "reopened")
                yield Crossing(history.id, step.at, how, now, True)
            elif before is not None:
                yield Crossing(history.id, step.at, now.state if now else "moved", before, False)
        before = now


def counted(histories: Iterable[History]) -> list[History]:
    """Those that figures count."""
    return [history for history in histories if history.counts]


def open_at(histories: Iterable[History], moment: float) -> list[tuple[History, Shown]]:
    """What was open at an instant."""
    found = ((history, history.at(moment)) for history in histories)
    return [(history, shown) for history, shown in found if shown is not None and shown.open]


def percentile(values: Sequence[float], share: float) -> float | None:
    """Interpolated, as PostgreSQL's `percentile_cont`; None of no values. `share` is 0 to 1."""
    if not values:
        return None
    ordered = sorted(values)
    position = (len(ordered) - 1) * share
    below = math.floor(position)
    above = math.ceil(position)
    return ordered[below] + (ordered[above] - ordered[below]) * (position - below)


@lru_cache(maxsize=65536)
def seconds(wire: str) -> float:
    """An instant of a fact (RFC 3339) in seconds since 1970. Cards repeat the same ones."""
    return datetime.fromisoformat(wire).timestamp()


def seconds_or_none(wire: str | None) -> float | None:
    """The same; None stays None."""
    return seconds(wire) if wire else None
