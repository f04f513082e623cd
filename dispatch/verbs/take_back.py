"""收回: a unit undoes its forward, until the taker has acknowledged."""

from command.access import Right
from dispatch.matter.issues.forward_facts import IssueTakenBack
from dispatch.matter.orders import chains
from dispatch.matter.orders.facts import OrderTakenBack
from dispatch.matter.orders.models import Ending, Order
from dispatch.matter.orders.states import Verb
from dispatch.matter.reports.facts import ReportWithheld
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.guards import not_taken_on_below
from dispatch.verbs.requests import Body
from dispatch.verbs.steps import record_reports

TAKE_BACK = OrderVerb[Body](
    verb=Verb.TAKE_BACK, by=Right.ORDERS_TAKE_BACK, body=None, guards=(not_taken_on_below,), by_taker=True
)


@TAKE_BACK.does
def take_back(order: Order, act: Act[Body]) -> None:
    """Undoes the caller's forward, and what the taker has forwarded on, until its taker has acknowledged."""
    aggregate = act.aggregate
    taken = chains.not_taken_on(order, giver=act.units)
    giver, taker = taken[0].giver_id, taken[0].taker_id
    chains.end(order, taken, Ending.TAKEN_BACK, at=aggregate.at)
    act.record(order, OrderTakenBack, giver, taker)
    act.record(aggregate.issue, IssueTakenBack, order.pk, giver, taker)
    act.then(lambda: record_reports(aggregate, lambda shown: ReportWithheld(shown, act.by)))
