"""准予退单: the duty lead takes an order back as its unit asked."""

from command.access import Right
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.audiences import unit_token
from dispatch.matter.cards.clocks import wire_or_none
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.issues.lead_facts import IssueAcknowledgmentStruck
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.orders import chains
from dispatch.matter.orders import states as order_states
from dispatch.matter.orders.facts import OrderReturned
from dispatch.matter.orders.models import Ending, Order
from dispatch.matter.returns.facts import ReturnGranted
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import State, Verb
from dispatch.verbs.declared import Act, RequestVerb
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.steps import lose_lead, move_order, record_taken_from_unit


class GrantIn(Body):
    """Why, if there is something to say."""

    reason: Words | None = None


GRANT = RequestVerb(verb=Verb.GRANT, by=Right.RETURNS_GRANT, body=GrantIn)


@GRANT.does
def grant(request: ReturnRequest, act: Act[GrantIn]) -> None:
    """Takes the order back as its unit asked. Of the lead: the desk is responsible, and sends another.

    The acknowledgment of a lead is struck for the issue: its relay down runs again with its first start and due time,
    and is breached now where that is past.
    """
    aggregate, reason = act.aggregate, act.asked.reason
    order = aggregate.order(request.order_id)
    _, was, becomes = move_order(order, order_states.Verb.GRANT_RETURN, act.cmd)
    why = act.note(NoteKind.RULING_REASON, reason, "reason") if reason else None
    request.ruling = why
    order.asked, order.returned_at = State.GRANTED, aggregate.at
    chains.end(order, order.chain, Ending.GONE, at=aggregate.at)
    moved = lose_lead(aggregate, order, act.cmd)
    act.record(request, ReturnGranted, *act.step, why.pk if why else None)
    act.record_for(unit_token(order), order, OrderReturned, was, becomes, request.pk)
    act.then(lambda: record_taken_from_unit(aggregate, order, moved, act.by))
    if moved is not None:
        act.then(lambda: _record_struck(aggregate, order, act.by))


def _record_struck(aggregate: Aggregate, order: Order, by: str) -> None:
    """Tells the issue that its lead's acknowledgment no longer counts, and until when its relay down runs again."""
    downs = (clock for clock in aggregate.clocks if clock.kind == ClockKind.RELAY_DOWN_ISSUE)
    runs = next((clock for clock in downs if clock.stopped_at is None), None)
    acknowledged_at, due_at = wire_or_none(order.acknowledged_at), wire_or_none(runs.due_at if runs else None)
    aggregate.record(
        aggregate.issue, lambda shown: IssueAcknowledgmentStruck(shown, by, order.pk, acknowledged_at, due_at)
    )
