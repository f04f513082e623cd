"""强制派发: the duty lead refuses a return; the unit must act, and can't ask again for this order."""

from command.access import Right
from dispatch.matter.audiences import unit_token
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.returns.facts import ReturnCompelled
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import State, Verb
from dispatch.verbs.declared import Act, RequestVerb
from dispatch.verbs.requests import Body, Words


class CompelIn(Body):
    """Why the unit must act."""

    reason: Words


COMPEL = RequestVerb(verb=Verb.COMPEL, by=Right.RETURNS_COMPEL, body=CompelIn)


@COMPEL.does
def compel(request: ReturnRequest, act: Act[CompelIn]) -> None:
    """Refuses, for a reason: the unit must act."""
    order = act.aggregate.order(request.order_id)
    request.ruling = act.note(NoteKind.RULING_REASON, act.asked.reason, "reason")
    order.asked = State.COMPELLED
    order.save(update_fields=["asked"])
    act.record_for(unit_token(order), request, ReturnCompelled, *act.step, request.ruling.pk)
