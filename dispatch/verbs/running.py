"""The one runner: what every verb of an issue, an order and a return request does, in this order.

key → lock → scope → right → fire what is due → state → guards → version → paper → the verb's function → clocks and
custody → facts → save and record. Source: docs/rules.md, "Order of checks".
"""

from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import transaction

from command.versions import must_match
from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import backfills
from dispatch.matter.aggregate.locks import lock_issue, lock_issue_of, lock_issue_of_request
from dispatch.matter.backfills.contract import OnPaper
from dispatch.matter.issues.refusals import RULE_ORDER
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import State
from dispatch.matter.returns import states as request_states
from dispatch.matter.returns.models import ReturnRequest
from dispatch.verbs import offering
from dispatch.verbs.declared import (
    Act,
    AnyIssueVerb,
    AnyOrderVerb,
    AnyRequestVerb,
    IssueVerb,
    OrderVerb,
    RequestVerb,
)
from dispatch.verbs.guards import InHand, ToRule, refuse_if
from dispatch.verbs.issue_guards import OnDesk
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.requests import Body
from dispatch.verbs.steps import finish, follow, step_issue, step_order
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict

B = TypeVar("B", bound=Body)


@transaction.atomic(durable=True)
def run_issue(
    verb: IssueVerb[B],
    issue_id: UUID,
    asked: B | None = None,
    *,
    expected: int | None = None,
    versioned: bool = True,
    cmd: Command,
) -> Answer:
    """Does a verb to an issue.

    asked      the request's body; None where the verb has none, or all of it may be left out
    expected   the version that the person saw; of no account to a verb that needs none
    versioned  False: the actor, a reporter, has seen no version of the issue
    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict (state, a guard), StaleVersion, VersionRequired, Invalid.
    """
    body, on_paper = _body(verb, asked)
    aggregate = lock_issue(issue_id, actor=cmd.actor, claim=cmd)
    issue = aggregate.issue
    named = verb.names(aggregate, body)
    offering.must_issue(verb, aggregate, cmd.actor, on_paper=on_paper is not None)
    clocks.fire_past_due(aggregate)
    moved = step_issue(aggregate, verb.verb, cmd.actor)
    refuse_if(verb.guards, OnDesk(aggregate, cmd.actor, named))
    if verb.versioned and versioned:
        must_match(expected, aggregate.versions[issue_id])
    if not verb.beside:
        issue.state, issue.last_by = moved[1], cmd.actor.principal
    backfills.enter(aggregate, issue, verb.verb, on_paper, cmd)
    act = Act(aggregate, cmd, body, moved, named=named)
    return finish(aggregate, cmd, carry_out(verb, issue, act))


@transaction.atomic(durable=True)
def run_order(
    verb: OrderVerb[B], order_id: UUID, asked: B | None = None, *, expected: int | None = None, cmd: Command
) -> Answer:
    """Does a verb to an order. As `run_issue`."""
    body, on_paper = _body(verb, asked)
    aggregate = lock_issue_of(order_id, actor=cmd.actor, claim=cmd)
    order = aggregate.order(order_id)
    units = offering.must(verb, order, cmd.actor, on_paper=on_paper is not None)
    clocks.fire_past_due(aggregate)
    moved = _order_steps(verb, order, units, cmd)
    refuse_if(verb.guards, InHand(order, cmd.actor, units))
    if verb.versioned:
        must_match(expected, aggregate.versions[order_id])
    if not verb.beside:
        order.state, order.last_by = moved[1], cmd.actor.principal
    backfills.enter(aggregate, order, verb.verb, on_paper, cmd)
    return finish(aggregate, cmd, carry_out(verb, order, Act(aggregate, cmd, body, moved, units)))


@transaction.atomic(durable=True)
def run_request(verb: RequestVerb[B], request_id: UUID, asked: B, *, expected: int | None, cmd: Command) -> Answer:
    """Rules on a return request. As `run_issue`; every ruling needs a version."""
    aggregate = lock_issue_of_request(request_id, actor=cmd.actor, claim=cmd)
    request = aggregate.request(request_id)
    cmd.actor.must(verb.by)
    clocks.fire_past_due(aggregate)
    moved = _request_steps(verb, request)
    refuse_if(verb.guards, ToRule(request, cmd.actor))
    must_match(expected, aggregate.versions[request_id])
    request.state, request.ended_at, request.ruled_by = moved[1], aggregate.at, cmd.actor.principal
    return finish(aggregate, cmd, carry_out(verb, request, Act(aggregate, cmd, asked, moved)))


def carry_out(verb: AnyIssueVerb | AnyOrderVerb | AnyRequestVerb, row: Any, act: Act[Any]) -> int:
    """The verb's function on rows that are locked and checked; clocks and custody as the rows say; then the facts.

    The place of the answer among the changes.
    """
    assert verb.function is not None
    verb.function(row, act)
    follow(act.aggregate, verb.verb, act.cmd, uncounted=act.uncounted)
    changes, first = act.aggregate.changes, len(act.aggregate.changes)
    for tell in act.to_record:
        tell()
    about = (act.answers or row).pk
    return next(place for place in range(first, len(changes)) if changes[place].fact.object_id == about)


def _body(verb: IssueVerb[B] | OrderVerb[B], asked: B | None) -> tuple[B, OnPaper | None]:
    body = cast(B, asked if asked is not None else (verb.body or Body)())
    return body, body.on_paper if isinstance(body, StepIn) else None


def _order_steps(verb: OrderVerb[Any], order: Order, units: list[UUID], cmd: Command) -> tuple[str, str]:
    """The order's states before and after: by the table, or the same where the verb leaves it. Raises Conflict."""
    if verb.stays_when(order, units):
        return State(order.state), State(order.state)
    return step_order(order, verb.verb, cmd.actor)


def _request_steps(verb: RequestVerb[Any], request: ReturnRequest) -> tuple[str, str]:
    """The request's states before and after. Raises Conflict with state, verb and what is open."""
    state = request_states.State(request.state)
    try:
        return state, request_states.step(state, verb.verb)
    except request_states.NotAllowed as refused:
        raise Conflict(
            "return.not_open",
            f"退单申请为「{state.zh}」，不能{verb.verb.zh}。",
            rule=RULE_ORDER,
            extra={"state": state, "verb": verb.verb, "open": list(refused.open)},
        ) from None
