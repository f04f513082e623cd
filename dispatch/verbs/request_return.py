"""申请退单: a unit asks to give its order back. It stays responsible, and its clocks run, until that is granted."""

from uuid import UUID, uuid4

from command.access import Right
from command.organisations.queries import units
from dispatch.matter.issues.facts import IssueRelayedDown
from dispatch.matter.issues.models import NoteKind
from dispatch.matter.issues.refusals import RULE_ORDER
from dispatch.matter.orders.facts import OrderAcknowledged
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import Role, State, Verb
from dispatch.matter.returns import states
from dispatch.matter.returns.facts import ReturnRequested
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.verbs.declared import Act, OrderVerb
from dispatch.verbs.guards import not_asked_before
from dispatch.verbs.requests import Body, Words
from realtime.feed.errors import Invalid


class RequestReturnIn(Body):
    """A listed ground, the unit that should have it (null: the desk finds one), and why in words."""

    ground: ReturnGround
    unit: UUID | None = None
    text: Words


REQUEST_RETURN = OrderVerb(
    verb=Verb.REQUEST_RETURN, by=Right.ORDERS_REQUEST_RETURN, body=RequestReturnIn, guards=(not_asked_before,)
)


@REQUEST_RETURN.does
def request_return(order: Order, act: Act[RequestReturnIn]) -> None:
    """Asks that the order be taken back; one that was only sent is acknowledged by it. The answer is the request's."""
    aggregate, asked, (was, becomes) = act.aggregate, act.asked, act.step
    _check_proposed(order, asked.unit, aggregate.issue.centre_id)
    words = act.note(NoteKind.REQUEST_TEXT, asked.text, "text")
    request = ReturnRequest(
        id=uuid4(),
        issue=aggregate.issue,
        order=order,
        state=states.FIRST,
        ground=asked.ground,
        proposed_id=asked.unit,
        note=words,
        asked_at=aggregate.at,
        asked_by=act.by,
    )
    aggregate.requests.append(request)
    order.asked = states.State.PENDING
    act.answers = request
    act.record(request, ReturnRequested, None, states.State.PENDING, words.pk)
    if was != State.SENT:
        order.save(update_fields=["asked", "last_by"])
        return
    order.acknowledged_at, order.acknowledged_by = aggregate.at, act.by
    act.record(order, OrderAcknowledged, was, becomes)
    if order.role == Role.LEAD:
        act.record(aggregate.issue, IssueRelayedDown, order.pk)


def _check_proposed(order: Order, proposed: UUID | None, centre_id: UUID) -> None:
    """Returns if the proposed unit is another one of the centre. Raises Invalid. One statement where one is named."""
    if proposed is None:
        return
    if proposed == order.unit_id or not units(centre_id, among=[proposed]):
        raise Invalid(
            "return.proposed_unit",
            "建议单位须是本中心的其他单位。",
            field="unit",
            rule=RULE_ORDER,
            remedy="请从单位列表中选择其他单位，或不填。",
        )
