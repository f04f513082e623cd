"""The relay's figures: on time of all that were due, and the minutes of what ended. Pure.

A breach is in the denominator from the second at which it happens, also while the relay runs on: else a hundred reports
that nobody answers would leave 100 %. Rules: docs/rules.md, "Figures".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from assessment.situation.histories import percentile
from assessment.situation.periods import Period

RELAYS: Final = ("relay_up", "relay_down_issue", "relay_down_order", "relay_down_forward")


@dataclass(frozen=True, slots=True)
class Relay:
    """One relay: of which issue, of which kind, when it ended (None: it runs), whether it was late by then."""

    issue: str
    kind: str
    started: float
    due: float
    stopped: float | None
    breached: bool

    def ended_in(self, period: Period) -> bool:
        """Whether it ended within a period."""
        return period.holds(self.stopped)

    def runs_late_at_end_of(self, period: Period) -> bool:
        """Whether it was breached before the period's end and ran on then. At its due time exactly it is breached."""
        return self.due < period.end and (self.stopped is None or self.stopped >= period.end)

    def is_on_time(self) -> bool:
        """Whether it ended in time; asked of one that ended."""
        return self.stopped is not None and not self.breached


@dataclass(frozen=True, slots=True)
class RelayFigures:
    """Relays of one kind in a period: those that were due, how many of them ended on time, minutes of those that ended.

    due       ended in the period, or breached and still running at its end, whenever they began
    late_now  of these, how many still run
    """

    kind: str
    due: tuple[Relay, ...]
    on_time: int
    late_now: int
    p50: float | None
    p90: float | None

    @property
    def finished(self) -> int:
        """How many ended in the period."""
        return len(self.due) - self.late_now


def relay_figures(relays: Iterable[Relay], period: Period) -> list[RelayFigures]:
    """By kind, in the order of RELAYS."""
    due: dict[str, list[Relay]] = {kind: [] for kind in RELAYS}
    for relay in relays:
        if relay.ended_in(period) or relay.runs_late_at_end_of(period):
            due[relay.kind].append(relay)
    return [_figures(kind, sorted(due[kind], key=lambda one: one.due), period) for kind in RELAYS]


def _figures(kind: str, due: Sequence[Relay], period: Period) -> RelayFigures:
    ended = [relay for relay in due if relay.ended_in(period)]
    minutes = [(relay.stopped - relay.started) / 60 for relay in ended if relay.stopped is not None]
    on_time = sum(relay.is_on_time() for relay in ended)
    return RelayFigures(
        kind, tuple(due), on_time, len(due) - len(ended), percentile(minutes, 0.5), percentile(minutes, 0.9)
    )
