"""What a unit does with its order, and the desk's taking it back. Each: key, lock, authorise, fire what is past due,
step, version, follow, tell, save and record.

Sending, completing and reworking an order come through its issue (issues/actions/); asking to return it, returns/.
"""

import uuid
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.issues.actions.steps import (
    finish,
    follow,
    lose_lead,
    move_order,
    note,
    recall_orders,
    step,
    tell_recalled,
    tell_taken_from_unit,
    tell_withdrawn,
    withdraw_requests,
)
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueFedBack, IssueHandlingStarted, IssueRelayedDown
from dispatch.issues.keys import seal_of
from dispatch.issues.locks import lock_issue_of
from dispatch.issues.models import NoteKind
from dispatch.issues.resuming import forget_suspension
from dispatch.issues.states import State as IssueState
from dispatch.issues.states import Verb as IssueVerb
from dispatch.orders.facts import OrderAcknowledged, OrderFedBack, OrderStarted
from dispatch.orders.models import Feedback, Result
from dispatch.orders.states import Role, Verb
from dispatch.photos import actions as photos
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command


@transaction.atomic(durable=True)
def acknowledge(order_id: UUID, *, cmd: Command) -> Answer:
    """Takes an order on, for the unit it is addressed to: its relay down ends, and the issue's if it is the lead.

    Needs no version: a rival is told who was first.
    Raises Replayed, KeyReused, NotFound, Forbidden (not of that unit), Conflict.
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    cmd.actor.must("orders.acknowledge", unit_id=order.unit_id)
    clocks.fire_past_due(aggregate)
    _, before, after = move_order(order, Verb.ACKNOWLEDGE, cmd)
    order.acknowledged_at, order.acknowledged_by = aggregate.at, by
    follow(aggregate, Verb.ACKNOWLEDGE, cmd)
    answer = aggregate.tell(order, lambda shown: OrderAcknowledged(shown, by, before, after))
    if order.role == Role.LEAD:
        aggregate.tell(aggregate.issue, lambda shown: IssueRelayedDown(shown, by, order_id))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def start(order_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Begins to handle an order that was taken on.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired.
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    cmd.actor.must("orders.start", unit_id=order.unit_id)
    clocks.fire_past_due(aggregate)
    _, before, after = move_order(order, Verb.START, cmd)
    must_match(expected, aggregate.versions[order_id])
    order.started_at = aggregate.at
    follow(aggregate, Verb.START, cmd)
    answer = aggregate.tell(order, lambda shown: OrderStarted(shown, by, before, after))
    if order.role == Role.LEAD:
        aggregate.tell(aggregate.issue, lambda shown: IssueHandlingStarted(shown, by, order_id))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def feed_back(
    order_id: UUID,
    result: Result,
    text: str,
    *,
    photo_ids: Sequence[UUID] = (),
    expected: int | None,
    cmd: Command,
) -> Answer:
    """Answers an order with a result, words and photos. The lead's answer puts the issue before the desk.

    photo_ids   uploaded before, by the same person

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (text).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    cmd.actor.must("orders.feed_back", unit_id=order.unit_id)
    clocks.fire_past_due(aggregate)
    _, before, after = move_order(order, Verb.FEED_BACK, cmd)
    must_match(expected, aggregate.versions[order_id])
    words = note(aggregate, NoteKind.FEEDBACK, text, "text", cmd)
    Feedback.objects.create(id=uuid.uuid4(), order=order, at=aggregate.at, by=by, result=result, note=words)
    if photo_ids:
        seal = seal_of(aggregate.issue.pk)
        photos.attach(photo_ids, to=order, aggregate=aggregate, seal=seal, by=by)
    order.fed_back_at = aggregate.at
    fallen = withdraw_requests(aggregate, order)
    moved = _put_before_the_desk(aggregate, cmd) if order.role == Role.LEAD else None
    follow(aggregate, Verb.FEED_BACK, cmd)
    answer = aggregate.tell(order, lambda shown: OrderFedBack(shown, by, before, after, str(result), words.pk))
    if moved is not None:
        aggregate.tell(aggregate.issue, lambda shown: IssueFedBack(shown, by, *moved, order_id))
    tell_withdrawn(aggregate, fallen, by)
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def recall(order_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Takes an order back from its unit, for a reason; pending requests fall away. Of the lead: the desk sends another.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (reason).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    cmd.actor.must("orders.recall", unit_id=order.unit_id)
    clocks.fire_past_due(aggregate)
    taken = recall_orders(aggregate, [order], cmd)
    must_match(expected, aggregate.versions[order_id])
    why = note(aggregate, NoteKind.RECALL_REASON, reason, "reason", cmd)
    moved = lose_lead(aggregate, order, cmd)
    follow(aggregate, Verb.RECALL, cmd)
    answer = tell_recalled(aggregate, taken, why.pk, by)
    tell_taken_from_unit(aggregate, order, moved, by)
    return finish(aggregate, cmd, answer)


def _put_before_the_desk(aggregate: Aggregate, cmd: Command) -> tuple[IssueState, IssueState]:
    """The issue's derived step: its lead order is fed back, and none is open. The states before and after.

    An answer that comes while the issue is suspended ends the suspension.
    """
    moved = step(aggregate, IssueVerb.FEED_BACK, cmd)
    forget_suspension(aggregate.issue)
    aggregate.issue.responsible_id = desk_id(aggregate.issue.centre_id)
    return moved
