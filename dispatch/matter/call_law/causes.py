"""For what the rows of an aggregate call somebody, and whether what was asked for is done. Pure: rows decide, no verb.

Source: docs/rules.md, "Calls".
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from dispatch.matter.aggregate.aggregate import HEARD, Aggregate
from dispatch.matter.call_law.roster import Posts
from dispatch.matter.calls.models import Call
from dispatch.matter.calls.states import Kind, Rung, Verb
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.issues.states import OPEN
from dispatch.matter.issues.states import State as IssueState
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import GONE
from dispatch.matter.orders.states import State as OrderState
from dispatch.matter.returns.states import State as RequestState
from realtime.feed.actions import wire_time

DESK: Final = None  # the unit of what the centre's own desk is asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What somebody is called for. `unit` None: the centre's own desk.

    key       what happened, once
    subject   what it is about: a later call for it goes on from this one
    receiver  who of the unit was named to be called first
    named     of a step of a ladder: the rung that it names, and the posts, where it names any
    """

    kind: Kind
    key: str
    subject: str
    unit: UUID | None
    order: UUID | None = None
    forward: UUID | None = None
    request: UUID | None = None
    message: UUID | None = None
    escalation: UUID | None = None
    receiver: UUID | None = None
    named: tuple[Rung, Posts] | None = None


def causes(aggregate: Aggregate, at: datetime) -> Iterator[Cause]:
    """What the action has made that asks somebody. The ladder's steps are `of_step`'s."""
    issue = aggregate.issue
    if issue.urgent and issue.state == IssueState.REPORTED and _came_to_wait(aggregate):
        key = f"report:{issue.pk}:{wire_time(at)}"
        yield Cause(kind=Kind.URGENT_REPORT, key=key, subject=f"report:{issue.pk}", unit=issue.holder_id)
    for order in aggregate.orders:
        if order.pk not in aggregate.versions and order.state == OrderState.SENT:
            name = f"order:{order.pk}"
            yield Cause(
                kind=Kind.NEW_ORDER,
                key=name,
                subject=name,
                unit=order.unit_id,
                order=order.pk,
                receiver=order.receiver_id,
            )
        for one in order.chain:
            if one.sent_at == at and one.acknowledged_at is None:
                name = f"forward:{one.pk}"
                yield Cause(
                    kind=Kind.FORWARDED_ORDER,
                    key=name,
                    subject=name,
                    unit=one.taker_id,
                    order=order.pk,
                    forward=one.pk,
                    receiver=one.receiver_id,
                )
    for request in aggregate.requests:
        if request.pk not in aggregate.versions:
            name, kind = f"return:{request.pk}", Kind.RETURN_REQUEST
            yield Cause(kind=kind, key=name, subject=name, unit=DESK, order=request.order_id, request=request.pk)
    for message in aggregate.said:
        if message.asks_id is not None:
            name, kind = f"message:{message.pk}", Kind.MESSAGE
            yield Cause(
                kind=kind, key=name, subject=name, unit=message.asks_id, order=message.order_id, message=message.pk
            )
    if aggregate.danger and any(change.fact.name in HEARD for change in aggregate.changes):
        name = f"danger:{issue.pk}"
        yield Cause(kind=Kind.DANGER, key=f"{name}:{wire_time(at)}", subject=name, unit=DESK)


def of_step(escalation: Escalation, clock: Clock) -> Cause:
    """For a step of a ladder: it goes on from the call for the same order, forward, or clock of the issue."""
    rank = Rung(escalation.rank) if escalation.rank in set(Rung) else Rung.LIAISON
    return Cause(
        kind=Kind.LADDER,
        key=f"step:{escalation.pk}",
        subject=subject_of(clock),
        unit=escalation.unit_id,
        order=clock.order_id,
        forward=clock.forward_id,
        escalation=escalation.pk,
        named=(rank, (escalation.post_id,) if escalation.post_id else ()),
    )


def subject_of(clock: Clock) -> str:
    """What a step of this clock asks about: its forward, its order, its report's issue, or the clock of the issue."""
    if clock.forward_id is not None:
        return f"forward:{clock.forward_id}"
    if clock.order_id is not None:
        return f"order:{clock.order_id}"
    return f"report:{clock.issue_id}" if clock.report_id is not None else f"{clock.kind}:{clock.issue_id}"


def over(call: Call, aggregate: Aggregate) -> Verb | None:
    """How the rows say that a call has ended: answered by the act that it asked for, or silenced; None: it rings on."""
    issue = aggregate.issue
    if issue.state == IssueState.VOIDED:
        return Verb.SILENCE
    order = next((order for order in aggregate.orders if order.pk == call.order_id), None)
    if order is not None and order.state in GONE and call.kind != Kind.RETURN_REQUEST:
        return Verb.SILENCE
    match Kind(call.kind):
        case Kind.URGENT_REPORT:
            return Verb.ANSWER if issue.state != IssueState.REPORTED else None
        case Kind.NEW_ORDER:
            assert order is not None
            passed_on = any(one.giver_id == call.unit_id for one in order.chain)
            return Verb.ANSWER if passed_on or order.state != OrderState.SENT else None
        case Kind.FORWARDED_ORDER:
            assert order is not None
            return _of_forward(call, order)
        case Kind.LADDER:
            return _of_clock(call, aggregate)
        case Kind.RETURN_REQUEST:
            state = aggregate.request(call.request_id).state if call.request_id else RequestState.WITHDRAWN
            if state == RequestState.PENDING:
                return None
            return Verb.SILENCE if state == RequestState.WITHDRAWN else Verb.ANSWER
        case Kind.MESSAGE:
            return _of_message(call, aggregate)
        case Kind.VERIFICATION:
            if issue.state == IssueState.FED_BACK:
                return None
            return Verb.ANSWER if issue.state in OPEN else Verb.SILENCE
        case Kind.DANGER:
            if issue.emergency_at is not None and issue.emergency_at >= call.called_at:
                return Verb.ANSWER
            return None if issue.state in OPEN else Verb.SILENCE


def _came_to_wait(aggregate: Aggregate) -> bool:
    """Whether it waits urgently since this action only, or with another unit than before."""
    issue = aggregate.issue
    waited = aggregate.urgent and aggregate.state == IssueState.REPORTED and issue.pk in aggregate.versions
    return not waited or aggregate.holder != issue.holder_id


def _of_forward(call: Call, order: Order) -> Verb | None:
    own = next((one for one in order.chain if one.pk == call.forward_id), None)
    if own is None:
        return Verb.SILENCE  # taken back, or answered over its head
    passed_on = any(one.giver_id == call.unit_id for one in order.chain)
    return Verb.ANSWER if passed_on or own.acknowledged_at is not None else None


def _of_message(call: Call, aggregate: Aggregate) -> Verb | None:
    """Only what answers or strikes the message itself ends its call, and the matter's own end."""
    one = next((message for message in aggregate.settled if message.pk == call.message_id), None)
    if one is not None:
        return Verb.SILENCE if one.struck_at is not None else Verb.ANSWER
    return None if aggregate.issue.state in OPEN else Verb.SILENCE


def _of_clock(call: Call, aggregate: Aggregate) -> Verb | None:
    step = call.escalation
    clock = next((one for one in aggregate.clocks if step is not None and one.pk == step.clock_id), None)
    if clock is None or clock.stopped_at is None:
        return None
    return Verb.SILENCE if clock.uncounted else Verb.ANSWER
