"""What a unit does with its order. Each: key, lock, authorise, fire what is past due, step, version, save, record.

Sending, completing and reworking an order come through its issue (issues/actions.py).
"""

import uuid
from uuid import UUID

from django.db import transaction

from command.organisations.queries import duty_desk
from dispatch.clocks import actions as clocks
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.facts import IssueFedBack, IssueHandlingStarted, IssueRelayedDown
from dispatch.issues.locks import lock_issue_of
from dispatch.issues.models import NoteKind
from dispatch.issues.notes import checked, sealed_note
from dispatch.issues.refusals import must_match, step_issue, step_order
from dispatch.issues.states import State as IssueState
from dispatch.issues.states import Verb as IssueVerb
from dispatch.orders.facts import OrderAcknowledged, OrderFedBack, OrderStarted
from dispatch.orders.models import Feedback, Order, Result
from dispatch.orders.states import Role, State, Verb
from dispatch.relays import actions as relays
from realtime.feed.actions import once, record
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
    before, after = _step(order, Verb.ACKNOWLEDGE, cmd)
    order.acknowledged_at, order.acknowledged_by = aggregate.at, by
    _follow(aggregate, Verb.ACKNOWLEDGE, cmd)
    answer = aggregate.tell(order, lambda shown: OrderAcknowledged(shown, by, before, after))
    if order.role == Role.LEAD:
        aggregate.tell(aggregate.issue, lambda shown: IssueRelayedDown(shown, by, order_id))
    return _save_and_record(aggregate, order, cmd, answer)


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
    before, after = _step(order, Verb.START, cmd)
    must_match(expected, aggregate.versions[order_id])
    order.started_at = aggregate.at
    _follow(aggregate, Verb.START, cmd)
    answer = aggregate.tell(order, lambda shown: OrderStarted(shown, by, before, after))
    if order.role == Role.LEAD:
        aggregate.tell(aggregate.issue, lambda shown: IssueHandlingStarted(shown, by, order_id))
    return _save_and_record(aggregate, order, cmd, answer)


@transaction.atomic(durable=True)
def feed_back(order_id: UUID, result: Result, text: str, *, expected: int | None, cmd: Command) -> Answer:
    """Answers an order with a result and words. The lead's answer puts the issue before the desk.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired, Invalid (text).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    cmd.actor.must("orders.feed_back", unit_id=order.unit_id)
    clocks.fire_past_due(aggregate)
    before, after = _step(order, Verb.FEED_BACK, cmd)
    must_match(expected, aggregate.versions[order_id])
    note = sealed_note(aggregate, NoteKind.FEEDBACK, checked(text, "text"), by=by)
    note.save(force_insert=True)
    Feedback.objects.create(id=uuid.uuid4(), order=order, at=aggregate.at, by=by, result=result, note=note)
    order.fed_back_at = aggregate.at
    moved = _put_before_the_desk(aggregate, cmd) if order.role == Role.LEAD else None
    _follow(aggregate, Verb.FEED_BACK, cmd)
    answer = aggregate.tell(order, lambda shown: OrderFedBack(shown, by, before, after, str(result), note.pk))
    if moved is not None:
        aggregate.tell(aggregate.issue, lambda shown: IssueFedBack(shown, by, *moved, order_id))
    return _save_and_record(aggregate, order, cmd, answer)


def _put_before_the_desk(aggregate: Aggregate, cmd: Command) -> tuple[IssueState, IssueState]:
    """The issue's derived step: its lead order is fed back, and none is open. The states before and after."""
    issue = aggregate.issue
    was, becomes = IssueState(issue.state), step_issue(aggregate, IssueVerb.FEED_BACK, cmd.actor)
    issue.state, issue.last_by = becomes, cmd.actor.principal
    issue.responsible_id = duty_desk(issue.centre_id).id
    return was, becomes


def _follow(aggregate: Aggregate, verb: Verb, cmd: Command) -> None:
    """Clocks and custody as the rows say, after the last change to them and before the first fact is told."""
    clocks.follow(aggregate)
    relays.follow(aggregate, how=verb, by=cmd.actor.principal)


def _step(order: Order, verb: Verb, cmd: Command) -> tuple[State, State]:
    before, after = State(order.state), step_order(order, verb, cmd.actor)
    order.state, order.last_by = after, cmd.actor.principal
    return before, after


def _save_and_record(aggregate: Aggregate, order: Order, cmd: Command, answer: int) -> Answer:
    order.save()
    aggregate.issue.last_at = aggregate.at
    aggregate.issue.save()
    clocks.save(aggregate)
    relays.save(aggregate)
    return record(cmd, *aggregate.changes, at=aggregate.at, answer=answer)
