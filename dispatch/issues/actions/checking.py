"""The desk judges what the units answered: it passes, or goes back."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from command.versions import must_match
from dispatch.clocks import actions as clocks
from dispatch.issues import rights
from dispatch.issues.addressees import check_answering
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.audiences import unit_token
from dispatch.issues.facts import IssueReworked, IssueVerified
from dispatch.issues.locks import lock_issue, order_not_found
from dispatch.issues.models import NoteKind
from dispatch.issues.notes import note
from dispatch.issues.refusals import RULE_ISSUE, RULE_ORDER, orders_open
from dispatch.issues.states import Verb
from dispatch.issues.timeline import handlers_of
from dispatch.orders import states as order_states
from dispatch.orders.facts import OrderCompleted, OrderReworked
from dispatch.orders.models import Order
from dispatch.verbs.steps import finish, follow, move_order, step
from realtime.feed.actions import once
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Forbidden, Invalid


@transaction.atomic(durable=True)
def verify(issue_id: UUID, *, expected: int | None, cmd: Command) -> Answer:
    """Confirms the result: completes every order that was fed back. Refused to who handled it, and while one is open.

    Raises Replayed, KeyReused, NotFound, Forbidden, Conflict, StaleVersion, VersionRequired.
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.VERIFY, aggregate)
    if by in handlers_of(issue.centre_id, aggregate.orders):
        raise Forbidden(
            "issue.handled_by_you",
            "您处置过该事项的派遣单，不能自己核查。",
            rule=RULE_ISSUE,
            remedy="请由其他值班员核查。",
        )
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.VERIFY, cmd)
    refuse_open_orders(aggregate)
    must_match(expected, aggregate.versions[issue_id])
    issue.verified_at = aggregate.at
    answered = [order for order in aggregate.orders if order.state == order_states.State.FED_BACK]
    for order in answered:
        move_order(order, order_states.Verb.COMPLETE, cmd)
        order.completed_at = aggregate.at
    follow(aggregate, Verb.VERIFY, cmd)
    for order in answered:
        aggregate.tell(
            order,
            lambda shown: OrderCompleted(shown, by, order_states.State.FED_BACK, order_states.State.COMPLETED),
        )
    answer = aggregate.tell(issue, lambda shown: IssueVerified(shown, by, before, after))
    return finish(aggregate, cmd, answer)


@transaction.atomic(durable=True)
def rework(issue_id: UUID, order_ids: Sequence[UUID], reason: str, *, expected: int | None, cmd: Command) -> Answer:
    """Sends the named orders back to their units, for a reason; the lead is always among them. A round of its own.

    Raises Replayed, KeyReused, NotFound (also an order of another issue), Forbidden, Conflict, StaleVersion,
    VersionRequired, Invalid (no lead named, no reason, a unit that is retired or has no active liaison).
    """
    once(cmd)
    aggregate = lock_issue(issue_id, actor=cmd.actor)
    named = _named_orders(aggregate, order_ids)  # what is foreign does not exist, before anything else is said
    issue, by = aggregate.issue, cmd.actor.principal
    rights.must(cmd.actor, Verb.REWORK, aggregate)
    clocks.fire_past_due(aggregate)
    before, after = step(aggregate, Verb.REWORK, cmd)
    _refuse_orders_of_before(aggregate, named)
    steps = [move_order(order, order_states.Verb.REWORK, cmd) for order in named]
    must_match(expected, aggregate.versions[issue_id])
    lead = aggregate.lead()
    if lead is None or lead not in named:
        raise Invalid(
            "issue.rework_without_lead",
            "返工须包括主办单位的派遣单。",
            field="orders",
            rule=RULE_ISSUE,
            remedy="请选中主办单。",
        )
    check_answering(issue.centre_id, {order.unit_id: "orders" for order in named})
    why = note(aggregate, NoteKind.REWORK_REASON, reason, "reason", cmd)
    issue.round += 1
    issue.responsible_id, issue.verified_at = lead.unit_id, None
    for order in named:
        order.round += 1
        order.rework_count += 1
        order.completed_at = None
    follow(aggregate, Verb.REWORK, cmd)
    for order, was, becomes in steps:
        aggregate.tell(
            order,
            lambda shown, was=was, becomes=becomes: OrderReworked(shown, by, was, becomes, why.pk),  # type: ignore[misc]
            addressed_to=unit_token(order),
        )
    keys = tuple(order.pk for order in named)
    answer = aggregate.tell(issue, lambda shown: IssueReworked(shown, by, before, after, keys, why.pk))
    return finish(aggregate, cmd, answer)


def refuse_open_orders(aggregate: Aggregate) -> None:
    """Returns if every order was answered or taken back. Raises Conflict that names the others."""
    still_open = [str(order.pk) for order in orders_open(aggregate)]
    if still_open:
        raise Conflict(
            "issue.order_open",
            f"还有 {len(still_open)} 张派遣单未反馈。",
            rule=RULE_ORDER,
            remedy="等各单位反馈后再核查；不再需要的协办单可以撤回。",
            extra={"state": str(aggregate.issue.state), "orders": still_open},
        )


def _refuse_orders_of_before(aggregate: Aggregate, named: Sequence[Order]) -> None:
    """Returns if the named orders are of the latest dispatch, and their units hold no later one. Raises Conflict."""
    sent_at = aggregate.issue.sent_at
    held = {order.unit_id: order.pk for order in aggregate.orders if order.state in order_states.SHOWN}
    before = [
        str(order.pk)
        for order in named
        if (sent_at is not None and order.sent_at < sent_at) or held.get(order.unit_id, order.pk) != order.pk
    ]
    if before:
        raise Conflict(
            "issue.order_of_before",
            "选中的派遣单属于以前的一轮办理，不能返工。",
            rule=RULE_ORDER,
            remedy="请选择本轮的派遣单。",
            extra={"state": str(aggregate.issue.state), "orders": before},
        )


def _named_orders(aggregate: Aggregate, order_ids: Sequence[UUID]) -> list[Order]:
    known = {order.pk: order for order in aggregate.orders}
    if any(order_id not in known for order_id in order_ids):
        raise order_not_found()
    return [known[order_id] for order_id in dict.fromkeys(order_ids)]
