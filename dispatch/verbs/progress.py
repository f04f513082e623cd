"""办理进展: a unit writes how far it has come with an order that it took on. It asks nothing and stops no clock."""

from command.access import Right
from dispatch.matter.messages.states import Kind
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Verb
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.guards import taken_on
from dispatch.verbs.messaging import ProgressIn, write

PROGRESS = OrderVerb(
    verb=Verb.PROGRESS,
    by=Right.ORDERS_FEED_BACK,
    body=ProgressIn,
    guards=(taken_on,),
    versioned=False,
    beside=True,
    by_taker=True,
)


@PROGRESS.does
def progress(order: Order, act: Act[ProgressIn]) -> None:
    """Writes how far the unit has come, into the order's thread."""
    write(Kind.PROGRESS, act, order)
