"""The order's card: what its unit and the desk draw of it."""

from collections.abc import Sequence
from typing import Annotated

from typing_extensions import TypedDict

from command.catalogue.contract import Level
from dispatch.matter.cards.clocks import ClockCard, clock_card, wire_or_none
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.issues.places import CellCard, cell_card, public_cell
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.orders.states import SHOWN, Role, State
from realtime.feed.actions import wire_time
from realtime.feed.cards import Id, Instant, card_type, one_of


@card_type
class ForwardCard(TypedDict):
    """One hand-over of an order."""

    acknowledged_at: Instant | None
    clock: int | None
    """The id of the clock that runs for it."""
    giver: Id
    receiver: Id | None
    """The post of the taker that is called first."""
    sent_at: Instant
    taker: Id


@card_type
class OrderCard(TypedDict):
    """An order: what its unit and the desk draw of it."""

    acknowledged_at: Instant | None
    cell: CellCard | None
    """Its issue's: a grid at the finest; null: unplaced."""
    clock: ClockCard | None
    """The first of `clocks`."""
    clocks: list[ClockCard]
    """Its relay down, its forwards', its handling or latest rework."""
    forwards: list[ForwardCard]
    """The live ones, from its unit down."""
    issue: Id
    item: str
    """Code of the catalogue."""
    level: Annotated[str, one_of(Level)]
    number: str
    """Its issue's."""
    open: bool
    """Until the desk has ruled on the answer."""
    receiver: Id | None
    """The post of its unit that is called first; null: who is on duty."""
    rework_count: int
    role: Annotated[str, one_of(Role)]
    round: int
    sent_at: Instant
    state: Annotated[str, one_of(State)]
    unit: Id
    urgent: bool


def order_card(issue: Issue, order: Order, clocks: Sequence[Clock]) -> OrderCard:
    """The whole card. `clocks` are the issue's; `issue.cell` and its parent should be loaded."""
    own = [clock_card(clock) for clock in clocks_of_order(order, clocks)]
    return {
        "acknowledged_at": wire_or_none(order.acknowledged_at),
        "cell": cell_card(public_cell(issue.cell)),
        "clock": own[0] if own else None,
        "clocks": own,
        "forwards": [_forward_card(forward, clocks) for forward in order.chain],
        "issue": str(issue.pk),
        "item": issue.item,
        "level": str(issue.level),
        "number": number_text(issue.number),
        "open": order.state in SHOWN,
        "receiver": str(order.receiver_id) if order.receiver_id else None,
        "rework_count": order.rework_count,
        "role": str(order.role),
        "round": order.round,
        "sent_at": wire_time(order.sent_at),
        "state": str(order.state),
        "unit": str(order.unit_id),
        "urgent": issue.urgent,
    }


def clocks_of_order(order: Order, clocks: Sequence[Clock]) -> list[Clock]:
    """Its relay down, its forwards', and what counts its handling: of its latest rework, else of its first answer."""
    own = [clock for clock in clocks if clock.order_id == order.pk]
    down = [clock for clock in own if clock.kind == ClockKind.RELAY_DOWN_ORDER]
    handling = [clock for clock in own if clock.kind in (ClockKind.HANDLING_ORDER, ClockKind.REWORK)]
    down += [clock for forward in order.chain for clock in own if clock.forward_id == forward.pk]
    return down + sorted(handling, key=lambda clock: clock.started_at)[-1:]


def _forward_card(forward: Forward, clocks: Sequence[Clock]) -> ForwardCard:
    """One hand-over; `clock` is the id of the one that runs for it."""
    return {
        "acknowledged_at": wire_or_none(forward.acknowledged_at),
        "clock": next((clock.card_id for clock in clocks if clock.forward_id == forward.pk), None),
        "giver": str(forward.giver_id),
        "receiver": str(forward.receiver_id) if forward.receiver_id else None,
        "sent_at": wire_time(forward.sent_at),
        "taker": str(forward.taker_id),
    }
