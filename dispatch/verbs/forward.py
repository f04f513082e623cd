"""转办: a unit hands its order to a place under it. The unit stays answerable, and its clocks run on."""

from uuid import UUID

from command.access import Right
from command.organisations.queries import places_under
from command.people.obligations import hold_units
from command.people.queries import has_liaison
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
    """To which place under it."""

    taker: UUID


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
    _check_taker(aggregate, giver, taker)
    made = Forward.objects.create(
        order=order, step=len(order.chain) + 1, giver_id=giver, taker_id=taker, sent_at=aggregate.at, by=act.by
    )
    order.chain, order.takers = (*order.chain, made), [*order.takers, taker]
    act.record_for(f"unit:{taker}", order, OrderForwarded, giver, taker)
    act.record(aggregate.issue, IssueForwarded, order.pk, giver, taker)
    act.then(lambda: record_reports(aggregate, lambda shown: ReportShared(shown, act.by)))


def _check_taker(aggregate: Aggregate, giver: UUID, taker_id: UUID) -> None:
    """Returns if the taker is a place under the giver that answers, and has no order of the issue. Raises Invalid."""
    taker = next((one for one in places_under(giver, centre_id=aggregate.issue.centre_id) if one.id == taker_id), None)
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
    hold_units([taker_id])
    if not has_liaison(taker_id):
        raise Invalid(
            "unit.no_liaison",
            f"{taker.name}目前没有在岗联络员，不能转办。",
            field="taker",
            rule=RULE_FORWARD,
            remedy="请转办其他中心，或由本单位办理。",
        )
