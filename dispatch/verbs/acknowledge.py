"""签收: a unit takes an order on."""

from collections.abc import Sequence
from uuid import UUID

from command.access import Right
from dispatch.matter.issues.facts import IssueRelayedDown
from dispatch.matter.orders import chains
from dispatch.matter.orders.facts import OrderAcknowledged, OrderForwardAcknowledged
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Role, State, Verb
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.on_paper import StepIn


def _waits_below(order: Order, units: Sequence[UUID]) -> bool:
    """Whether the order is being worked on already, and what one of the units has to take on is a forward of it."""
    return order.state != State.SENT and bool(chains.waiting(order, units))


ACKNOWLEDGE = OrderVerb(
    verb=Verb.ACKNOWLEDGE,
    by=Right.ORDERS_ACKNOWLEDGE,
    body=StepIn,
    by_taker=True,
    versioned=False,  # a rival is told who was first
    stays_when=_waits_below,
)


@ACKNOWLEDGE.does
def acknowledge(order: Order, act: Act[StepIn]) -> None:
    """Takes the order on for the caller's unit; from paper, for the unit that has it in hand.

    Its relay down ends, and the issue's if it is the lead. Who it was forwarded to takes it on for the unit too, and
    ends the relay of every forward down to it; of an order that is being worked on already the state stays.
    """
    at, by, forwards = act.aggregate.at, act.by, chains.waiting(order, act.units)
    if act.step[0] != State.SENT:
        last = forwards[-1]
        chains.take_on(forwards, at=at, by=by)
        act.record(order, OrderForwardAcknowledged, last.giver_id, last.taker_id)
        return
    order.acknowledged_at, order.acknowledged_by = at, by
    chains.take_on(forwards, at=at, by=by)
    act.record(order, OrderAcknowledged, *act.step)
    if order.role == Role.LEAD:
        act.record(act.aggregate.issue, IssueRelayedDown, order.pk)
