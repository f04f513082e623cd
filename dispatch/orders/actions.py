"""What a unit does with its order, and the desk's taking it back. Each: key, lock, authorise, fire what is past due,
step, version, follow, tell, save and record.

Sending, completing and reworking an order come through its issue (issues/actions/); asking to return it, returns/.
"""

import uuid
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from command.versions import must_match
from dispatch.backfills import actions as backfills
from dispatch.backfills.contract import OnPaper
from dispatch.clocks import actions as clocks
from dispatch.intake.facts import ReportWithheld
from dispatch.issues.actions.steps import (
    finish,
    follow,
    lose_lead,
    move_order,
    note,
    recall_orders,
    step,
    tell_recalled,
    tell_reports,
    tell_taken_from_unit,
    tell_withdrawn,
    withdraw_requests,
)
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.desks import desk_id
from dispatch.issues.facts import IssueFedBack, IssueHandlingStarted, IssueRelayedDown
from dispatch.issues.forward_facts import IssueTakenBack
from dispatch.issues.keys import seal_of
from dispatch.issues.locks import lock_issue_of
from dispatch.issues.models import NoteKind
from dispatch.issues.refusals import must_have_taken_on
from dispatch.issues.resuming import forget_suspension
from dispatch.issues.rights import must_order
from dispatch.issues.states import State as IssueState
from dispatch.issues.states import Verb as IssueVerb
from dispatch.orders import chains
from dispatch.orders.facts import OrderAcknowledged, OrderFedBack, OrderForwardAcknowledged, OrderStarted
from dispatch.orders.models import Ending, Feedback, Forward, Order, Result
from dispatch.orders.states import Role, State, Verb
from dispatch.photos import actions as photos
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command


@transaction.atomic(durable=True)
def acknowledge(order_id: UUID, *, on_paper: OnPaper | None = None, cmd: Command) -> Answer:
    """Takes an order on, for the unit it is addressed to: its relay down ends, and the issue's if it is the lead.

    Who it was forwarded to takes it on for the unit too, and ends the relay of every forward down to it.
    Needs no version: a rival is told who was first.

    on_paper   it was taken on on paper, and a duty lead enters it for the unit: here and below

    Raises Replayed, KeyReused, NotFound, Forbidden (not of that unit), Conflict, Invalid (when it was on paper).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    units = must_order(cmd.actor, Verb.ACKNOWLEDGE, order, on_paper)
    clocks.fire_past_due(aggregate)
    forwards = chains.waiting(order, units)
    if forwards and order.state != State.SENT:
        backfills.enter(aggregate, order, Verb.ACKNOWLEDGE, on_paper, cmd)
        return _take_on_forward(aggregate, order, forwards, cmd)
    _, before, after = move_order(order, Verb.ACKNOWLEDGE, cmd)
    backfills.enter(aggregate, order, Verb.ACKNOWLEDGE, on_paper, cmd)
    order.acknowledged_at, order.acknowledged_by = aggregate.at, by
    chains.take_on(forwards, at=aggregate.at, by=by)
    follow(aggregate, Verb.ACKNOWLEDGE, cmd)
    answer = aggregate.tell(order, lambda shown: OrderAcknowledged(shown, by, before, after))
    if order.role == Role.LEAD:
        aggregate.tell(aggregate.issue, lambda shown: IssueRelayedDown(shown, by, order_id))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def start(order_id: UUID, *, on_paper: OnPaper | None = None, expected: int | None, cmd: Command) -> Answer:
    """Begins to handle an order that was taken on.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (on paper).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    units = must_order(cmd.actor, Verb.START, order, on_paper)
    clocks.fire_past_due(aggregate)
    _, before, after = move_order(order, Verb.START, cmd)
    must_have_taken_on(order, units)
    must_match(expected, aggregate.versions[order_id])
    backfills.enter(aggregate, order, Verb.START, on_paper, cmd)
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
    file_ids: Sequence[UUID] = (),
    on_paper: OnPaper | None = None,
    expected: int | None,
    cmd: Command,
) -> Answer:
    """Answers an order with a result, words, photos and documents. The lead's answer puts the issue before the desk.

    A taker's answer is the unit's; what nobody below has taken on is theirs no longer.

    photo_ids, file_ids   uploaded before, by the same person

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (text, on paper).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    units = must_order(cmd.actor, Verb.FEED_BACK, order, on_paper)
    clocks.fire_past_due(aggregate)
    _, before, after = move_order(order, Verb.FEED_BACK, cmd)
    must_have_taken_on(order, units)
    must_match(expected, aggregate.versions[order_id])
    backfills.enter(aggregate, order, Verb.FEED_BACK, on_paper, cmd)
    words = note(aggregate, NoteKind.FEEDBACK, text, "text", cmd)
    Feedback.objects.create(id=uuid.uuid4(), order=order, at=aggregate.at, by=by, result=result, note=words)
    if photo_ids or file_ids:
        seal = seal_of(aggregate.issue.pk)
        photos.attach(photo_ids, to=order, aggregate=aggregate, seal=seal, by=by)
        photos.attach(file_ids, to=order, aggregate=aggregate, seal=seal, by=by)
    order.fed_back_at = aggregate.at
    fallen = withdraw_requests(aggregate, order)
    unanswered = chains.not_taken_on(order)
    chains.end(order, unanswered, Ending.ANSWERED, at=aggregate.at)
    moved = _put_before_the_desk(aggregate, cmd) if order.role == Role.LEAD else None
    follow(aggregate, Verb.FEED_BACK, cmd)
    answer = aggregate.tell(order, lambda shown: OrderFedBack(shown, by, before, after, str(result), words.pk))
    if moved is not None:
        aggregate.tell(aggregate.issue, lambda shown: IssueFedBack(shown, by, *moved, order_id))
    if unanswered:
        _tell_no_longer_theirs(aggregate, unanswered[0], by)
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


def _take_on_forward(aggregate: Aggregate, order: Order, forwards: Sequence[Forward], cmd: Command) -> Answer:
    """Takes on what was forwarded of an order that is being worked on already: its state stays."""
    by, last = cmd.actor.principal, forwards[-1]
    order.last_by = by
    chains.take_on(forwards, at=aggregate.at, by=by)
    follow(aggregate, Verb.ACKNOWLEDGE, cmd)
    answer = aggregate.tell(order, lambda shown: OrderForwardAcknowledged(shown, by, last.giver_id, last.taker_id))
    return finish(aggregate, cmd, answer)


def _tell_no_longer_theirs(aggregate: Aggregate, first: Forward, by: str) -> None:
    """Tells issue and reports to leave the sight of who was forwarded an order that another has answered."""
    giver, taker, order_id = first.giver_id, first.taker_id, first.order_id
    aggregate.tell(aggregate.issue, lambda shown: IssueTakenBack(shown, by, order_id, giver, taker))
    tell_reports(aggregate, lambda shown: ReportWithheld(shown, by))
