"""Which clocks the rows of an aggregate require. Pure: state decides, no verb starts or stops a clock by hand.

Source: docs/rules.md, "The relay", "Clocks".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from dispatch.clocks.allowances import ClockKind
from dispatch.clocks.models import Clock
from dispatch.intake.models import Report
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.states import State
from dispatch.orders import states as order_states
from dispatch.orders.models import Order
from dispatch.relays.custody import WITH_A_UNIT

Subject = tuple[str, object, object]  # kind, report, order: one clock of these runs at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A clock that has to run. `started_at` and `round` are those of a new one; one that runs already keeps its own."""

    kind: ClockKind
    started_at: datetime
    round: int
    report: Report | None = None
    order: Order | None = None

    @property
    def subject(self) -> Subject:
        """What it judges."""
        return (self.kind, self.report.pk if self.report else None, self.order.pk if self.order else None)


def subject_of(clock: Clock) -> Subject:
    """What a clock judges."""
    return (ClockKind(clock.kind), clock.report_id, clock.order_id)


def required(aggregate: Aggregate) -> Iterator[Wanted]:
    """The clocks that have to run after the rows are as they are."""
    yield from _relays_up(aggregate)
    yield from _relays_down(aggregate)


def _relays_up(aggregate: Aggregate) -> Iterator[Wanted]:
    """Each report's own, while nobody entitled has decided."""
    if aggregate.issue.state != State.REPORTED:
        return
    for report in aggregate.reports:
        begun = sum(clock.report_id == report.pk and clock.stopped_at is not None for clock in aggregate.clocks)
        yield Wanted(kind=ClockKind.RELAY_UP, started_at=aggregate.at, round=begun + 1, report=report)


def _relays_down(aggregate: Aggregate) -> Iterator[Wanted]:
    """The order's, until its unit took it on; the issue's, until the unit that then holds the lead took it on."""
    issue, lead = aggregate.issue, aggregate.lead()
    for order in aggregate.orders:
        if order.state == order_states.State.SENT:
            yield Wanted(kind=ClockKind.RELAY_DOWN_ORDER, started_at=order.sent_at, round=issue.round, order=order)
    if issue.state not in WITH_A_UNIT or issue.sent_at is None or _has_run(aggregate, ClockKind.RELAY_DOWN_ISSUE):
        return
    if lead is None or lead.acknowledged_at is None:
        yield Wanted(kind=ClockKind.RELAY_DOWN_ISSUE, started_at=issue.sent_at, round=issue.round)


def _has_run(aggregate: Aggregate, kind: ClockKind) -> bool:
    """Whether the clock that began with the round's first sending has stopped: it judges once."""
    return any(
        clock.kind == kind and clock.stopped_at is not None and clock.started_at == aggregate.issue.sent_at
        for clock in aggregate.clocks
    )
