"""The order's card: what its unit and the desk draw of it."""

from dispatch.clocks.cards import clock_card, wire_or_none
from dispatch.clocks.models import Clock
from dispatch.issues.models import Issue, number_text
from dispatch.issues.places import cell_card, public_cell
from dispatch.orders.models import Order
from dispatch.orders.states import SHOWN
from realtime.feed.actions import wire_time
from realtime.feed.contract import Json


def order_card(issue: Issue, order: Order, clock: Clock) -> dict[str, Json]:
    """The whole card. `clock` is the order's relay down; `issue.cell` and its parent should be loaded."""
    return {
        "acknowledged_at": wire_or_none(order.acknowledged_at),
        "cell": cell_card(public_cell(issue.cell)),
        "clock": clock_card(clock),
        "issue": str(issue.pk),
        "item": issue.item,
        "level": str(issue.level),
        "number": number_text(issue.number),
        "open": order.state in SHOWN,
        "rework_count": order.rework_count,
        "role": str(order.role),
        "round": order.round,
        "sent_at": wire_time(order.sent_at),
        "state": str(order.state),
        "unit": str(order.unit_id),
        "urgent": issue.urgent,
    }
