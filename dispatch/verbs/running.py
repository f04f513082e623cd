"""The one runner: what every verb of an order and of a return request does, in this order.

key → lock → scope → right → fire what is due → state → guards → version → paper → the verb's function → clocks and
custody → facts → save and record. Source: docs/rules.md, "Order of checks".
"""

from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import transaction

from command.versions import must_match
from dispatch.backfills import actions as backfills
from dispatch.backfills.requests import StepIn
from dispatch.clocks import actions as clocks
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.locks import lock_issue_of, lock_issue_of_request
from dispatch.issues.refusals import RULE_ORDER
from dispatch.orders.models import Order
from dispatch.orders.states import State
from dispatch.requests import Body
from dispatch.returns import states as request_states
from dispatch.returns.models import ReturnRequest
from dispatch.verbs import offering
from dispatch.verbs.declared import Act, OrderVerb, RequestVerb
from dispatch.verbs.guards import InHand
from dispatch.verbs.steps import finish, follow, move_order
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Forbidden

B = TypeVar("B", bound=Body)


@transaction.atomic(durable=True)
def run_order(
    verb: OrderVerb[B], order_id: UUID, asked: B | None = None, *, expected: int | None = None, cmd: Command
) -> Answer:
    """Does a verb to an order.

    asked      the request's body; None where the verb has none, or all of it may be left out
    expected   the version that the person saw; of no account to a verb that needs none
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (state, a guard), StaleVersion, VersionRequired, Invalid.
    """
    body = cast(B, asked if asked is not None else (verb.body or Body)())
    on_paper = body.on_paper if isinstance(body, StepIn) else None
    once(cmd)
    aggregate = lock_issue_of(order_id, actor=cmd.actor)
    order = aggregate.order(order_id)
    units = offering.must(verb, order, cmd.actor, on_paper=on_paper is not None)
    clocks.fire_past_due(aggregate)
    act = Act(aggregate, cmd, body, _moved(verb, order, units, cmd), units)
    hand = InHand(order, cmd.actor, units)
    for guard in verb.guards:
        if why := guard(hand):
            raise why()
    if verb.versioned:
        must_match(expected, aggregate.versions[order_id])
    backfills.enter(aggregate, order, verb.verb, on_paper, cmd)
    verb.function(order, act)
    return _ended(act, verb.verb)


@transaction.atomic(durable=True)
def run_request(verb: RequestVerb[B], request_id: UUID, asked: B, *, expected: int | None, cmd: Command) -> Answer:
    """Rules on a return request.

    Raises Replayed, KeyReused, NotFound, Forbidden (also: who asked), Conflict, StaleVersion, VersionRequired, Invalid.
    """
    once(cmd)
    aggregate = lock_issue_of_request(request_id, actor=cmd.actor)
    request = aggregate.request(request_id)
    cmd.actor.must(verb.by)
    if request.asked_by == cmd.actor.principal:
        raise Forbidden(
            "return.asked_by_you",
            "您提出的退单申请，不能自己裁定。",
            rule=RULE_ORDER,
            remedy="请由其他值班长或其副手裁定。",
        )
    clocks.fire_past_due(aggregate)
    act = Act(aggregate, cmd, asked, _ruled(verb, request, aggregate, cmd))
    must_match(expected, aggregate.versions[request_id])
    verb.function(request, act)
    return _ended(act, verb.verb)


def _moved(verb: OrderVerb[Any], order: Order, units: list[UUID], cmd: Command) -> tuple[str, str]:
    """The order's states before and after: by the table, or the same where the verb leaves it. Raises Conflict."""
    if verb.stays_when(order, units):
        order.last_by = cmd.actor.principal
        return State(order.state), State(order.state)
    _, before, after = move_order(order, verb.verb, cmd)
    return before, after


def _ruled(verb: RequestVerb[Any], request: ReturnRequest, aggregate: Aggregate, cmd: Command) -> tuple[str, str]:
    """The request's states before and after. Raises Conflict with state, verb and what is open."""
    state = request_states.State(request.state)
    try:
        request.state = request_states.step(state, verb.verb)
    except request_states.NotAllowed as refused:
        raise Conflict(
            "return.not_open",
            f"退单申请为「{request_states.STATE_ZH[state]}」，不能{request_states.VERB_ZH[verb.verb]}。",
            rule=RULE_ORDER,
            extra={"state": state, "verb": verb.verb, "open": list(refused.open)},
        ) from None
    request.ended_at, request.ruled_by = aggregate.at, cmd.actor.principal
    return state, request_states.State(request.state)


def _ended(act: Act[Any], how: str) -> Answer:
    """Clocks and custody as the rows say, then the facts: cards show both. The first fact is the answer."""
    follow(act.aggregate, how, act.cmd)
    answer = len(act.aggregate.changes)
    for tell in act.to_record:
        tell()
    return finish(act.aggregate, act.cmd, answer)
