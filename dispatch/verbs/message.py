"""留言: those concerned with a matter write to one another, in its own thread or in that of one order."""

from command.access import Right
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import Verb as OfIssue
from dispatch.matter.messages.states import Kind
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Verb as OfOrder
from dispatch.verbs.declared import Act, IssueVerb, OrderVerb
from dispatch.verbs.messaging import MessageIn, write

MESSAGE = IssueVerb(verb=OfIssue.MESSAGE, by=Right.MESSAGES_WRITE, body=MessageIn, versioned=False, beside=True)
MESSAGE_ON_ORDER = OrderVerb(
    verb=OfOrder.MESSAGE, by=Right.MESSAGES_WRITE, body=MessageIn, versioned=False, beside=True, by_taker=True
)


@MESSAGE.does
def message(issue: Issue, act: Act[MessageIn]) -> None:
    """Writes to all who are concerned with the matter; who is asked to answer is called."""
    write(Kind.MESSAGE, act, None)


@MESSAGE_ON_ORDER.does
def message_on_order(order: Order, act: Act[MessageIn]) -> None:
    """Writes between the desk and those who have the order; who is asked to answer is called."""
    write(Kind.MESSAGE, act, order)
