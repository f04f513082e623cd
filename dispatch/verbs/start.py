"""开始处置: a unit begins to handle an order that it took on."""

from command.access import Right
from dispatch.matter.issues.facts import IssueHandlingStarted
from dispatch.matter.orders.facts import OrderStarted
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Role, Verb
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.guards import taken_on
from dispatch.verbs.on_paper import StepIn

START = OrderVerb(verb=Verb.START, by=Right.ORDERS_START, body=StepIn, guards=(taken_on,), by_taker=True)


@START.does
def start(order: Order, act: Act[StepIn]) -> None:
    """Begins to handle it."""
    order.started_at = act.aggregate.at
    act.record(order, OrderStarted, *act.step)
    if order.role == Role.LEAD:
        act.record(act.aggregate.issue, IssueHandlingStarted, order.pk)
