"""Which clocks the rows of an aggregate require. Pure: state decides, no verb starts or stops a clock by hand.

Source: docs/rules.md, "The relay", "Clocks".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.clocks.models import Clock
from dispatch.matter.custody.holders import WITH_A_UNIT
from dispatch.matter.issues.states import State
from dispatch.matter.orders import states as order_states
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.orders.states import Role
from dispatch.matter.reports.models import Report

Subject = tuple[str, object, object, object]  # kind, report, order, forward: one clock of these runs at a time

_TO_DISPATCH: Final = frozenset({State.ACCEPTED, State.FILED})
_IN_A_ROUND: Final = WITH_A_UNIT | {State.FED_BACK}
_BEFORE_ANYBODY_CAME: Final = frozenset({State.REPORTED, *_TO_DISPATCH, *_IN_A_ROUND})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A clock that has to run. `started_at` and `round` are those of a new one; one that runs already keeps its own."""

    kind: ClockKind
    started_at: datetime
    round: int
    report: Report | None = None
    order: Order | None = None
    forward: Forward | None = None
    until: datetime | None = None  # a suspension ends when its approval says
    goes_on: Clock | None = None  # whose start and allowance it keeps

    @property
    def subject(self) -> Subject:
        """What it judges."""
        of = (one.pk if one else None for one in (self.report, self.order, self.forward))
        return (self.kind, *of)  # type: ignore[return-value]

    def replaces(self, running: Clock) -> bool:
        """Whether another one runs than this: a suspension was renewed, or somebody was promised by an earlier time."""
        due = self.goes_on.due_at if self.goes_on is not None else self.until
        return due is not None and running.due_at != due


def subject_of(clock: Clock) -> Subject:
    """What a clock judges."""
    return (ClockKind(clock.kind), clock.report_id, clock.order_id, clock.forward_id)


def required(aggregate: Aggregate) -> Iterator[Wanted]:
    """The clocks that have to run, as the rows are now."""
    yield from _of_reports(aggregate)
    yield from _of_orders(aggregate)
    yield from _of_the_issue(aggregate)


def is_suspended(aggregate: Aggregate) -> bool:
    """Whether handling rests."""
    return aggregate.issue.state == State.SUSPENDED


def _of_reports(aggregate: Aggregate) -> Iterator[Wanted]:
    """Each report's own relay up, while nobody entitled has decided; a reconsidered one begins another."""
    if aggregate.issue.state != State.REPORTED:
        return
    for report in aggregate.reports:
        begun = sum(clock.report_id == report.pk and clock.stopped_at is not None for clock in aggregate.clocks)
        yield Wanted(kind=ClockKind.RELAY_UP, started_at=aggregate.at, round=begun + 1, report=report)


def _of_orders(aggregate: Aggregate) -> Iterator[Wanted]:
    """Until the unit took the order on, each taker too; until it was first answered; after a rework, again."""
    if aggregate.issue.state not in _IN_A_ROUND:
        return
    for order in aggregate.orders:
        if order.state not in order_states.OPEN:
            continue
        number = aggregate.issue.round
        if order.state == order_states.State.SENT:
            yield Wanted(kind=ClockKind.RELAY_DOWN_ORDER, started_at=order.sent_at, round=number, order=order)
        for one in order.chain:
            if one.acknowledged_at is None:
                kind = ClockKind.RELAY_DOWN_FORWARD
                yield Wanted(kind=kind, started_at=one.sent_at, round=number, order=order, forward=one)
        if order.fed_back_at is None:
            yield Wanted(kind=ClockKind.HANDLING_ORDER, started_at=order.sent_at, round=number, order=order)
        else:
            yield Wanted(kind=ClockKind.REWORK, started_at=aggregate.at, round=order.round, order=order)


def _of_the_issue(aggregate: Aggregate) -> Iterator[Wanted]:
    """The centre's own."""
    issue, at, own = aggregate.issue, aggregate.at, aggregate.issue.round
    if issue.state in _TO_DISPATCH:
        yield Wanted(kind=ClockKind.DISPATCH, started_at=at, round=own)
    if issue.state in WITH_A_UNIT and issue.sent_at is not None and not _is_acknowledged(aggregate, issue.sent_at):
        yield Wanted(kind=ClockKind.RELAY_DOWN_ISSUE, started_at=issue.sent_at, round=own)
    if issue.state in _IN_A_ROUND and issue.sent_at is not None and not _has_run(aggregate, ClockKind.HANDLING_ISSUE):
        yield Wanted(kind=ClockKind.HANDLING_ISSUE, started_at=issue.sent_at, round=own)
    if issue.state == State.IN_HANDLING and not _has_lead(aggregate):
        yield Wanted(kind=ClockKind.REDISPATCH, started_at=at, round=own)
    if issue.state == State.SUSPENDED:
        yield Wanted(kind=ClockKind.SUSPENSION, started_at=at, until=issue.suspended_until, round=own)
    if issue.urgent and issue.state in _BEFORE_ANYBODY_CAME and not _somebody_came(aggregate):
        yield from _on_scene(aggregate)


def _on_scene(aggregate: Aggregate) -> Iterator[Wanted]:
    """Somebody comes by the earliest time that was promised in this round, however often it was amended or merged.

    What was breached and stopped was judged: nothing runs after it but what another issue brings.
    """
    kind, number = ClockKind.ON_SCENE, aggregate.issue.round
    own = [clock for clock in aggregate.clocks if clock.kind == kind and clock.round == number][-1:]
    promised = [clock for clock in (*own, aggregate.on_scene) if clock is not None]
    left = [clock for clock in promised if clock.stopped_at is None or clock.breached_at is None]
    if left:
        first = min(left, key=lambda clock: clock.started_at + clock.allowance)
        yield Wanted(kind=kind, started_at=first.started_at, round=number, goes_on=first)
    elif not promised:
        yield Wanted(kind=kind, started_at=aggregate.at, round=number)


def _is_acknowledged(aggregate: Aggregate, since: datetime) -> bool:
    """Whether a lead order sent since then was acknowledged, and its return not granted: that strikes it; a recall
    does not."""
    return any(
        order.role == Role.LEAD
        and order.sent_at >= since
        and order.acknowledged_at is not None
        and order.state != order_states.State.RETURNED
        for order in aggregate.orders
    )


def _has_run(aggregate: Aggregate, kind: ClockKind) -> bool:
    """Whether the clock that began with the round's first sending has stopped: it judges once."""
    return any(
        clock.kind == kind and clock.stopped_at is not None and clock.started_at == aggregate.issue.sent_at
        for clock in aggregate.clocks
    )


def _has_lead(aggregate: Aggregate) -> bool:
    """Whether a lead order is open or fed back."""
    return any(order.role == Role.LEAD and order.state in order_states.SHOWN for order in aggregate.orders)


def _somebody_came(aggregate: Aggregate) -> bool:
    """Whether a unit began to handle, or answered: once, for all rounds."""
    return any(order.started_at is not None or order.fed_back_at is not None for order in aggregate.orders)
