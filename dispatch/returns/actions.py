"""A unit asks to give its order back; the duty lead grants it, or compels. Never who asked."""

from uuid import UUID, uuid4

from django.db import transaction

from command.organisations.queries import units
from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.issues.actions.steps import (
    finish,
    follow,
    lose_lead,
    move_order,
    note,
    tell_taken_from_unit,
)
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.audiences import unit_token
from dispatch.issues.facts import IssueRelayedDown
from dispatch.issues.locks import lock_issue_of, lock_issue_of_request
from dispatch.issues.models import NoteKind
from dispatch.issues.refusals import RULE_ORDER
from dispatch.orders import chains
from dispatch.orders import states as order_states
from dispatch.orders.facts import OrderAcknowledged, OrderReturned
from dispatch.orders.models import Ending, Order
from dispatch.orders.states import Role
from dispatch.returns import states
from dispatch.returns.facts import ReturnCompelled, ReturnGranted, ReturnRequested
from dispatch.returns.models import ReturnRequest
from dispatch.returns.states import RULED, STATE_ZH, VERB_ZH, NotAllowed, ReturnGround, State, Verb
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Forbidden, Invalid


@transaction.atomic(durable=True)
def request_return(
    order_id: UUID, ground: ReturnGround, proposed: UUID | None, text: str, *, expected: int | None, cmd: Command
) -> Answer:
    """Asks that an order be taken back, on a listed ground; an order that was only sent is acknowledged by it.

    proposed   the unit that should have it; None: the desk finds one
    The unit stays responsible, and its clocks run, until the return is granted.
    Raises Replayed, KeyReused, NotFound, Forbidden (not of that unit), Conflict (state; asked before), StaleVersion,
    VersionRequired, Invalid (proposed unit, text).
    """
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order, by = aggregate.order(order_id), cmd.actor.principal
    cmd.actor.must("orders.request_return", unit_id=order.unit_id)
    clocks.fire_past_due(aggregate)
    _, was, becomes = move_order(order, order_states.Verb.REQUEST_RETURN, cmd)
    _refuse_a_second_time(aggregate, order)
    must_match(expected, aggregate.versions[order_id])
    _check_proposed(order, proposed, aggregate.issue.centre_id)
    words = note(aggregate, NoteKind.REQUEST_TEXT, text, "text", cmd)
    request = ReturnRequest(
        id=uuid4(),
        issue=aggregate.issue,
        order=order,
        state=states.FIRST,
        ground=ground,
        proposed_id=proposed,
        note=words,
        asked_at=aggregate.at,
        asked_by=by,
    )
    aggregate.requests.append(request)
    order.asked = State.PENDING
    received = was is order_states.State.SENT
    if received:
        order.acknowledged_at, order.acknowledged_by = aggregate.at, by
    follow(aggregate, order_states.Verb.REQUEST_RETURN, cmd)
    answer = aggregate.tell(request, lambda shown: ReturnRequested(shown, by, None, State.PENDING, words.pk))
    if received:
        aggregate.tell(order, lambda shown: OrderAcknowledged(shown, by, was, becomes))
        if order.role == Role.LEAD:
            aggregate.tell(aggregate.issue, lambda shown: IssueRelayedDown(shown, by, order_id))
    else:
        order.save(update_fields=["asked", "last_by"])
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def grant(request_id: UUID, reason: str | None, *, expected: int | None, cmd: Command) -> Answer:
    """Takes the order back as its unit asked. Of the lead: the desk is responsible, and sends another.

    Raises Replayed, KeyReused, NotFound, Forbidden (also: who asked), Conflict, StaleVersion, VersionRequired, Invalid.
    """
    once(cmd)
    aggregate, request, order = _locked(request_id, Verb.GRANT, cmd)
    by = cmd.actor.principal
    clocks.fire_past_due(aggregate)
    _rule(aggregate, request, Verb.GRANT, by)
    _, was, becomes = move_order(order, order_states.Verb.GRANT_RETURN, cmd)
    must_match(expected, aggregate.versions[request_id])
    why = note(aggregate, NoteKind.RULING_REASON, reason, "reason", cmd) if reason else None
    request.ruling = why
    order.asked, order.returned_at = State.GRANTED, aggregate.at
    chains.end(order, order.chain, Ending.GONE, at=aggregate.at)
    moved = lose_lead(aggregate, order, cmd)
    follow(aggregate, order_states.Verb.GRANT_RETURN, cmd)
    ruling = why.pk if why else None
    answer = aggregate.tell(request, lambda shown: ReturnGranted(shown, by, State.PENDING, State.GRANTED, ruling))
    aggregate.tell(
        order, lambda shown: OrderReturned(shown, by, was, becomes, request_id), addressed_to=unit_token(order)
    )
    tell_taken_from_unit(aggregate, order, moved, by)
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def compel(request_id: UUID, reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Refuses the request, for a reason: the unit must act, and can't ask again for this order.

    Raises Replayed, KeyReused, NotFound, Forbidden (also: who asked), Conflict, StaleVersion, VersionRequired, Invalid.
    """
    once(cmd)
    aggregate, request, order = _locked(request_id, Verb.COMPEL, cmd)
    by = cmd.actor.principal
    clocks.fire_past_due(aggregate)
    _rule(aggregate, request, Verb.COMPEL, by)
    must_match(expected, aggregate.versions[request_id])
    why = note(aggregate, NoteKind.RULING_REASON, reason, "reason", cmd)
    request.ruling = why
    order.asked = State.COMPELLED
    order.save(update_fields=["asked"])
    follow(aggregate, Verb.COMPEL, cmd)
    answer = aggregate.tell(
        request,
        lambda shown: ReturnCompelled(shown, by, State.PENDING, State.COMPELLED, why.pk),
        addressed_to=unit_token(order),
    )
    return finish(aggregate, cmd, answer)


def _locked(request_id: UUID, verb: Verb, cmd: Command) -> tuple[Aggregate, ReturnRequest, Order]:
    """The request under its issue's lock, for who may rule on it. Raises NotFound, Forbidden."""
    aggregate = lock_issue_of_request(request_id, actor=cmd.actor)
    request = aggregate.request(request_id)
    cmd.actor.must(f"returns.{verb}")
    if request.asked_by == cmd.actor.principal:
        raise Forbidden(
            "return.asked_by_you",
            "您提出的退单申请，不能自己裁定。",
            rule=RULE_ORDER,
            remedy="请由其他值班长或其副手裁定。",
        )
    return aggregate, request, aggregate.order(request.order_id)


def _rule(aggregate: Aggregate, request: ReturnRequest, verb: Verb, by: str) -> None:
    """Moves the request by its state table. Raises Conflict with state, verb and what is open."""
    state = State(request.state)
    try:
        request.state = states.step(state, verb)
    except NotAllowed as refused:
        raise Conflict(
            "return.not_open",
            f"退单申请为「{STATE_ZH[state]}」，不能{VERB_ZH[verb]}。",
            rule=RULE_ORDER,
            extra={"state": state, "verb": verb, "open": list(refused.open)},
        ) from None
    request.ended_at, request.ruled_by = aggregate.at, by


def _refuse_a_second_time(aggregate: Aggregate, order: Order) -> None:
    """Returns if the unit may ask: nobody has ruled on this order yet, and no request waits. Raises Conflict."""
    for request in aggregate.requests:
        if request.order_id != order.pk:
            continue
        if request.state == State.PENDING or request.state in RULED:
            ruled = request.state in RULED
            raise Conflict(
                "return.asked_before",
                "该派遣单的退单申请已裁定，不能再次申请。" if ruled else "该派遣单已有待裁定的退单申请。",
                rule=RULE_ORDER,
                remedy="请按派遣单办理。" if ruled else "请等待值班长裁定。",
                extra={"request": str(request.pk), "state": str(request.state)},
            )


def _check_proposed(order: Order, proposed: UUID | None, centre_id: UUID) -> None:
    """Returns if the proposed unit is another one of the centre. Raises Invalid. One statement where one is named."""
    if proposed is None:
        return
    if proposed == order.unit_id or not units(centre_id, among=[proposed]):
        raise Invalid(
            "return.proposed_unit",
            "建议单位须是本中心的其他单位。",
            field="unit",
            rule=RULE_ORDER,
            remedy="请从单位列表中选择其他单位，或不填。",
        )
