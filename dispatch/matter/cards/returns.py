"""The card of a return request: who asks to give what back, on which ground, and how it stands. No words."""

from typing import Annotated

from typing_extensions import TypedDict

from dispatch.matter.cards.clocks import wire_or_none
from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround, State
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of


@card_type
class ReturnRequestCard(TypedDict):
    """A return request (退单申请). Open while it waits for its ruling."""

    asked_at: Instant
    ended_at: Instant | None
    from_unit: Id
    ground: Annotated[str, one_of(ReturnGround)]
    issue: Id
    item: str
    """Code of the catalogue."""
    number: str
    """Its issue's."""
    open: bool
    order: Id
    state: Annotated[str, one_of(State)]
    unit: Id | None
    """Who should have it instead, as proposed."""


def request_card(issue: Issue, order: Order, request: ReturnRequest) -> ReturnRequestCard:
    """The whole card. Open while it waits for its ruling."""
    return {
        "asked_at": wire_time(request.asked_at),
        "ended_at": wire_or_none(request.ended_at),
        "from_unit": str(order.unit_id),
        "ground": str(request.ground),
        "issue": str(issue.pk),
        "item": issue.item,
        "number": number_text(issue.number),
        "open": request.state == State.PENDING,
        "order": str(order.pk),
        "state": str(request.state),
        "unit": str(request.proposed_id) if request.proposed_id else None,
    }
