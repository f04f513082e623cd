"""The card of a return request: who asks to give what back, on which ground, and how it stands. No words."""

from dispatch.matter.cards.clocks import wire_or_none
from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import State
from realtime.feed.actions import wire_time
from realtime.feed.contract import Json


def request_card(issue: Issue, order: Order, request: ReturnRequest) -> dict[str, Json]:
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
