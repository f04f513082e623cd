"""What verbs share: plain functions over rows that are locked. Only `finish` records.

Clocks and custody are read from the rows, so the rows change before `follow`; cards show both, so facts come after it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django.conf import settings

from command.organisations.queries import desk_id
from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import backfills
from dispatch.matter.aggregate import custody as relays
from dispatch.matter.aggregate.addressees import Addressees
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.audiences import unit_token
from dispatch.matter.call_law.following import follow as follow_calls
from dispatch.matter.facts import Shown
from dispatch.matter.issues import states
from dispatch.matter.issues.facts import IssueAssistLost, IssueLeadLost
from dispatch.matter.issues.refusals import RULE_ISSUE, RULE_ORDER, remedy_of, who_did
from dispatch.matter.issues.states import State, Verb
from dispatch.matter.orders import chains
from dispatch.matter.orders import states as order_states
from dispatch.matter.orders.facts import OrderAmended, OrderRecalled, OrderSent
from dispatch.matter.orders.models import Ending, Order
from dispatch.matter.orders.states import Role
from dispatch.matter.reports.facts import ReportFact, ReportRelayedUp, ReportWithheld
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.facts import ReturnWithdrawn
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import State as RequestState
from dispatch.verbs.declared import ORDER_VERBS, Act
from dispatch.verbs.offering import given, issue_verbs, order_verbs, units_for
from realtime.feed.actions import record, wire_time
from realtime.feed.contract import Actor, Answer, Command, Json
from realtime.feed.errors import Conflict

M = TypeVar("M", Order, Report, ReturnRequest)
OrderStep = tuple[Order, order_states.State, order_states.State]


def step(aggregate: Aggregate, verb: Verb, cmd: Command) -> tuple[State, State]:
    """Moves the issue by the state table; who moved it is kept for rivals. The states before and after.

    Raises Conflict with state, verb and what is open.
    """
    before, after = step_issue(aggregate, verb, cmd.actor)
    aggregate.issue.state, aggregate.issue.last_by = after, cmd.actor.principal
    return before, after


def step_issue(aggregate: Aggregate, verb: Verb, actor: Actor) -> tuple[State, State]:
    """The issue's states before and after `verb`; it does not move yet.

    Raises Conflict with state, verb, what is open, and who did the last step.
    """
    issue = aggregate.issue
    state = State(issue.state)
    try:
        return state, states.step(state, verb, given(aggregate))
    except states.NotAllowed:
        open_now = issue_verbs(aggregate, actor)
        who, words = who_did(issue.last_by, actor)
        last = f"，上一步由{words}完成" if state is not State.REPORTED else ""
        raise Conflict(
            "issue.not_open",
            f"事项为「{state.zh}」{last}，不能{verb.zh}。",
            rule=RULE_ISSUE,
            remedy=remedy_of([other.zh for other in open_now]),
            extra={"state": state, "verb": verb, "open": list(open_now), "by": who, "at": wire_time(issue.last_at)},
        ) from None


def move_order(order: Order, verb: order_states.Verb, cmd: Command) -> OrderStep:
    """Moves an order by its state table. Raises Conflict."""
    before, after = step_order(order, verb, cmd.actor)
    order.state, order.last_by = after, cmd.actor.principal
    return order, before, after


def step_order(order: Order, verb: order_states.Verb, actor: Actor) -> tuple[order_states.State, order_states.State]:
    """The order's states before and after `verb`; it does not move yet.

    Raises Conflict; a rival acknowledgment is told who was first, and when.
    """
    before = order_states.State(order.state)
    try:
        return before, order_states.step(before, verb)
    except order_states.NotAllowed:
        raise _order_not_open(order, verb, actor) from None


def _order_not_open(order: Order, verb: order_states.Verb, actor: Actor) -> Conflict:
    state, open_now = order_states.State(order.state), order_verbs(order, actor)
    at, by = _taken_on(order, actor) if verb is order_states.Verb.ACKNOWLEDGE else (None, None)
    who, words = who_did(by or order.last_by, actor)
    detail = f"派遣单为「{state.zh}」，不能{verb.zh}。"
    extra: dict[str, Json] = {"state": state, "verb": verb, "open": list(open_now), "by": who}
    if at is not None:
        local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
        detail = f"已由{words}于 {local:%H:%M} 签收。"
        extra["at"] = wire_time(at)
    remedy = remedy_of([other.zh for other in open_now])
    return Conflict("order.not_open", detail, rule=RULE_ORDER, remedy=remedy, extra=extra)


def _taken_on(order: Order, actor: Actor) -> tuple[datetime | None, str | None]:
    """When and by whom what the actor would acknowledge was: a forward to its unit, or the order."""
    units = units_for(ORDER_VERBS[order_states.Verb.ACKNOWLEDGE], order, actor)
    own = next((one for one in reversed(order.chain) if one.taker_id in units), None)
    if own is not None:
        return own.acknowledged_at, own.acknowledged_by
    return order.acknowledged_at, order.acknowledged_by


def new_order(aggregate: Aggregate, unit_id: UUID, role: Role, by: str, *, to: Addressees) -> Order:
    """An order of the aggregate to one of the units, not yet saved: its card needs its clocks first."""
    order = Order(
        id=uuid4(),
        issue=aggregate.issue,
        unit_id=unit_id,
        receiver_id=to.receivers.get(unit_id),
        role=role,
        state=order_states.FIRST,
        sent_at=aggregate.at,
        last_by=by,
    )
    aggregate.orders.append(order)
    return order


def record_sent(aggregate: Aggregate, orders: Iterable[Order], by: str) -> None:
    """Tells each unit of its new order."""
    for order in orders:
        aggregate.record(
            order, lambda shown: OrderSent(shown, by, None, order_states.FIRST), addressed_to=unit_token(order)
        )


def record_reports(aggregate: Aggregate, make: Callable[[Shown], ReportFact], *, of: Sequence[Report] = ()) -> None:
    """Tells the same of every report, or of those named."""
    for report in of or aggregate.reports:
        aggregate.record(report, make)


def end_relay_up(act: Act[Any]) -> None:
    """The act ends the relay up of the reports whose own still runs: each of them is told."""
    aggregate = act.aggregate
    waiting = [report for report in aggregate.reports if aggregate.clock_of(report).stopped_at is None]
    if waiting:
        act.then(lambda: record_reports(aggregate, lambda shown: ReportRelayedUp(shown, act.by), of=waiting))


def record_orders_amended(aggregate: Aggregate, by: str) -> None:
    """What the orders say of their issue has changed."""
    for order in aggregate.orders:
        aggregate.record(order, lambda shown: OrderAmended(shown, by))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """Orders that were recalled, with the requests that fell away with them."""

    steps: Sequence[OrderStep]
    requests: Sequence[ReturnRequest]


def recall_orders(aggregate: Aggregate, orders: Sequence[Order], cmd: Command) -> TakenBack:
    """Recalls orders: their pending requests fall away. Changes rows; `record_recalled` tells it."""
    steps = [move_order(order, order_states.Verb.RECALL, cmd) for order in orders]
    return TakenBack(steps, [request for order in orders for request in take_from_unit(aggregate, order)])


def take_from_unit(aggregate: Aggregate, order: Order) -> list[ReturnRequest]:
    """A recalled order has no taker any more, and nothing is asked about it: the requests that fell away."""
    order.recalled_at = aggregate.at
    chains.end(order, order.chain, Ending.GONE, at=aggregate.at)
    return withdraw_requests(aggregate, order)


def not_completed(aggregate: Aggregate) -> list[Order]:
    """The orders that are with their units, or answered and not yet verified."""
    return [order for order in aggregate.orders if order.state in order_states.SHOWN]


def record_recalled(aggregate: Aggregate, taken: TakenBack, note_id: UUID, by: str) -> None:
    """Tells what `recall_orders` did, to the units too."""
    for order, was, becomes in taken.steps:
        aggregate.record(
            order,
            lambda shown, was=was, becomes=becomes: OrderRecalled(shown, by, was, becomes, note_id),  # type: ignore[misc]
            addressed_to=unit_token(order),
        )
    record_withdrawn(aggregate, taken.requests, by)


def withdraw_requests(aggregate: Aggregate, order: Order) -> list[ReturnRequest]:
    """Pending requests of an order fall away: it was answered, or recalled. `record_withdrawn` tells it."""
    fallen = [row for row in aggregate.requests if row.order_id == order.pk and row.state == RequestState.PENDING]
    for row in fallen:
        row.state, row.ended_at = RequestState.WITHDRAWN, aggregate.at
        order.asked = RequestState.WITHDRAWN
    return fallen


def record_withdrawn(aggregate: Aggregate, requests: Iterable[ReturnRequest], by: str) -> None:
    """Tells that requests fell away before anybody ruled."""
    for row in requests:
        aggregate.record(row, lambda shown: ReturnWithdrawn(shown, by, RequestState.PENDING, RequestState.WITHDRAWN))


def lose_lead(aggregate: Aggregate, order: Order, cmd: Command) -> tuple[State, State] | None:
    """The issue's derived step when `order`, just taken from its unit, was the lead; None for an assist.

    The desk is responsible until it has sent another one.
    """
    if order.role != Role.LEAD:
        return None
    moved = step(aggregate, Verb.LOSE_LEAD, cmd)
    aggregate.issue.responsible_id = desk_id(aggregate.issue.centre_id)
    return moved


def record_taken_from_unit(aggregate: Aggregate, order: Order, moved: tuple[State, State] | None, by: str) -> None:
    """Tells what follows when `order` was taken from its unit, which sees the issue and its reports no longer.

    moved   what `lose_lead` said
    """
    issue = aggregate.issue
    if moved is not None:
        aggregate.record(issue, lambda shown: IssueLeadLost(shown, by, *moved, order.pk))
    else:
        aggregate.record(issue, lambda shown: IssueAssistLost(shown, by, order.pk))
    record_reports(aggregate, lambda shown: ReportWithheld(shown, by))


def follow(aggregate: Aggregate, how: str, cmd: Command, *, uncounted: bool = False) -> None:
    """Clocks and custody as the rows say, after the last change to them and before the first fact is told.

    uncounted   what ran counts in no figure: void, close as withdrawn
    """
    clocks.follow(aggregate, uncounted=uncounted)
    relays.follow(aggregate, how=how, by=cmd.actor.principal)


def finish(aggregate: Aggregate, cmd: Command, answer: int, *others: Aggregate) -> Answer:
    """Saves every row that took a version, then clocks and custody, and records: the action's last line.

    others   further aggregates of the same action; their facts come after
    """
    aggregates = (aggregate, *others)
    for each in aggregates:
        save(each, cmd.actor)
    changes = [change for each in aggregates for change in each.changes]
    writes = [statement for each in aggregates for statement in each.writes]
    return record(cmd, *changes, at=aggregate.at, answer=answer, writes=writes)


def save(aggregate: Aggregate, actor: Actor | None = None) -> None:
    """Has the rows written that took a version, new ones too, then what clocks, custody and calls have changed.

    Most of it is sent with the facts.
    """
    aggregate.issue.last_at = aggregate.at
    versions = aggregate.versions
    new = [row for row in aggregate.rows() if row.pk not in versions]
    told = [row for row in aggregate.rows() if row.version != versions.get(row.pk, row.version)]
    for row in (aggregate.issue, *new, *(row for row in told if row is not aggregate.issue)):
        aggregate.put(row)
    backfills.save(aggregate)
    clocks.save(aggregate)
    relays.save(aggregate)
    follow_calls(aggregate, actor=actor)
