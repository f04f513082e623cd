"""返工: orders go back to their units."""

from collections.abc import Sequence
from uuid import UUID

from pydantic import Field

from command.access import Right
from dispatch.matter.aggregate.addressees import check_answering
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import order_not_found
from dispatch.matter.audiences import unit_token
from dispatch.matter.issues.facts import IssueReworked
from dispatch.matter.issues.models import Issue, NoteKind
from dispatch.matter.issues.states import Verb
from dispatch.matter.orders import states as order_states
from dispatch.matter.orders.facts import OrderReworked
from dispatch.matter.orders.models import Order
from dispatch.verbs.declared import Act, IssueVerb
from dispatch.verbs.issue_guards import lead_goes_back, of_this_round
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.steps import move_order


class ReworkIn(Body):
    """Which orders go back, the lead among them, and why."""

    orders: list[UUID] = Field(min_length=1, max_length=50)
    reason: Words


def _orders_named(aggregate: Aggregate, asked: ReworkIn) -> Sequence[Order]:
    """Each order once. Raises NotFound for one of another issue."""
    known = {order.pk: order for order in aggregate.orders}
    if any(order_id not in known for order_id in asked.orders):
        raise order_not_found()
    return [known[order_id] for order_id in dict.fromkeys(asked.orders)]


REWORK = IssueVerb(
    verb=Verb.REWORK,
    by=Right.ISSUES_REWORK,
    body=ReworkIn,
    names=_orders_named,
    guards=(of_this_round, lead_goes_back),
    danger=True,
)


@REWORK.does
def rework(issue: Issue, act: Act[ReworkIn]) -> None:
    """Sends the named orders back to their units, for a reason; the lead is always among them. A round of its own."""
    named: Sequence[Order] = act.named
    lead = act.aggregate.lead()
    assert lead is not None  # a guard's
    steps = [move_order(order, order_states.Verb.REWORK, act.cmd) for order in named]
    check_answering(issue.centre_id, {order.unit_id: "orders" for order in named})
    why = act.note(NoteKind.REWORK_REASON, act.asked.reason, "reason")
    issue.round += 1
    issue.responsible_id, issue.verified_at = lead.unit_id, None
    for order, was, becomes in steps:
        order.round += 1
        order.rework_count += 1
        order.completed_at = None
        act.record_for(unit_token(order), order, OrderReworked, was, becomes, why.pk)
    act.record(issue, IssueReworked, *act.step, tuple(order.pk for order in named), why.pk)
