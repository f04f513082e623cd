"""转办: a unit hands its order to a place under it. The unit stays answerable, and its clocks run on."""

from uuid import UUID

from pydantic import Field

from command.access import Right
from command.organisations.holding import hold_answering
from command.organisations.queries import places_under
from dispatch.matter.aggregate.addressees import Receivers, receivers_of
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.issues.forward_facts import IssueForwarded
from dispatch.matter.orders.facts import OrderForwarded
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.orders.states import SHOWN, Verb
from dispatch.matter.reports.facts import ReportShared
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.guards import RULE_FORWARD, has_a_place_under_it, not_below, not_forwarded_on
from dispatch.verbs.requests import Body
from dispatch.verbs.steps import record_reports
from realtime.feed.errors import Invalid


class ForwardIn(Body):
    """To which place under it, and whom of it to call first."""

    taker: UUID
    receivers: Receivers = Field(default_factory=list)


FORWARD = OrderVerb(
    verb=Verb.FORWARD,
    by=Right.ORDERS_FORWARD,
    body=ForwardIn,
    guards=(not_forwarded_on, has_a_place_under_it),
    by_taker=True,
)


@FORWARD.does
def forward(order: Order, act: Act[ForwardIn]) -> None:
    """Hands the order to a place under the unit that has it in hand: a hop, with 60 minutes for the taker.

    Passing on is no receipt: the order's state and its unit stay as they are.
    """
    aggregate, giver, taker = act.aggregate, order.held_by, act.asked.taker
    receiver = _check_taker(aggregate, giver, act.asked)
    made = Forward.objects.create(
        order=order,
        step=len(order.chain) + 1,
        giver_id=giver,
        taker_id=taker,
        receiver_id=receiver,
        sent_at=aggregate.at,
        by=act.by,
    )
    order.chain, order.takers = (*order.chain, made), [*order.takers, taker]
    act.record_for(f"unit:{taker}", order, OrderForwarded, giver, taker)
    act.record(aggregate.issue, IssueForwarded, order.pk, giver, taker)
    act.then(lambda: record_reports(aggregate, lambda shown: ReportShared(shown, act.by)))


def _check_taker(aggregate: Aggregate, giver: UUID, asked: ForwardIn) -> UUID | None:
    """Whom of the taker to call first, where somebody was named.

    Raises Invalid unless the taker is a place under the giver that answers, and has no order of the issue.
    """
    centre_id, taker_id = aggregate.issue.centre_id, asked.taker
    taker = next((one for one in places_under(giver, centre_id=centre_id) if one.id == taker_id), None)
    if taker is None:
        raise not_below()
    if any(taker_id in (each.unit_id, *each.takers) for each in aggregate.orders if each.state in SHOWN):
        raise Invalid(
            "order.unit_has_one",
            f"{taker.name}已有该事项的派遣单。",
            field="taker",
            rule=RULE_FORWARD,
            remedy="请选择其他单位。",
        )
    liaisons = hold_answering(centre_id, [taker_id]).liaisons
    if not liaisons:
        raise Invalid(
            "unit.no_liaison",
            f"{taker.name}目前没有在岗联络员，不能转办。",
            field="taker",
            rule=RULE_FORWARD,
            remedy="请转办其他中心，或由本单位办理。",
        )
    return receivers_of(liaisons, asked.receivers).get(taker_id)
