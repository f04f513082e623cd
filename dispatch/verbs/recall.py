"""撤回: the desk takes an order back from its unit."""

from command.access import Right
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import State, Verb
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.requests import Body, Words
from dispatch.verbs.steps import TakenBack, lose_lead, record_recalled, record_taken_from_unit, take_from_unit


class RecallIn(Body):
    """Why the order is taken back."""

    reason: Words


RECALL = OrderVerb(verb=Verb.RECALL, by=Right.ORDERS_RECALL, body=RecallIn, danger=True)


@RECALL.does
def recall(order: Order, act: Act[RecallIn]) -> None:
    """Takes the order back from its unit. Pending requests fall away; of the lead, the desk sends another."""
    aggregate = act.aggregate
    before, after = (State(state) for state in act.step)
    taken = TakenBack([(order, before, after)], take_from_unit(aggregate, order))
    why = act.note(NoteKind.RECALL_REASON, act.asked.reason, "reason")
    moved = lose_lead(aggregate, order, act.cmd)
    act.then(lambda: record_recalled(aggregate, taken, why.pk, act.by))
    act.then(lambda: record_taken_from_unit(aggregate, order, moved, act.by))
