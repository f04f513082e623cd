"""What happens to an order. Past tense, no personal data, no free text. Pure."""

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from dispatch.matter.facts import Moved, ObjectFact


@dataclass(frozen=True, slots=True)
class OrderMoved(Moved):
    """A step of the order's state table."""

    object_kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True)
class OrderSent(OrderMoved):
    """The desk sent the order; its unit has 60 minutes to acknowledge."""

    name: ClassVar[str] = "order.sent"
    zh: ClassVar[str] = "下发派遣单"


@dataclass(frozen=True, slots=True)
class OrderAcknowledged(OrderMoved):
    """The addressed unit took the order on."""

    name: ClassVar[str] = "order.acknowledged"
    zh: ClassVar[str] = "签收"


@dataclass(frozen=True, slots=True)
class OrderStarted(OrderMoved):
    """The unit began to handle."""

    name: ClassVar[str] = "order.started"
    zh: ClassVar[str] = "开始处置"


@dataclass(frozen=True, slots=True)
class OrderFedBack(OrderMoved):
    """The unit answered: a result, with words in a sealed note."""

    name: ClassVar[str] = "order.fed_back"
    zh: ClassVar[str] = "反馈"
    result: str
    note: UUID


@dataclass(frozen=True, slots=True)
class OrderCompleted(OrderMoved):
    """The desk verified what the unit answered."""

    name: ClassVar[str] = "order.completed"
    zh: ClassVar[str] = "派遣单通过"


@dataclass(frozen=True, slots=True)
class OrderReworked(OrderMoved):
    """The desk sent the order back to its unit, for a reason (a note); its rework count rose by one."""

    name: ClassVar[str] = "order.reworked"
    zh: ClassVar[str] = "派遣单返工"
    note: UUID


@dataclass(frozen=True, slots=True)
class OrderReturned(OrderMoved):
    """A ruling granted the unit's request: the order is off its hands."""

    name: ClassVar[str] = "order.returned"
    zh: ClassVar[str] = "准予退单"
    request: UUID


@dataclass(frozen=True, slots=True)
class OrderRecalled(OrderMoved):
    """The desk took the order back, for a reason (a note)."""

    name: ClassVar[str] = "order.recalled"
    zh: ClassVar[str] = "撤回派遣单"
    note: UUID


@dataclass(frozen=True, slots=True)
class HandedOn(ObjectFact):
    """An order passed from a unit to a place under it, or back."""

    object_kind: ClassVar[str] = "order"
    giver: UUID
    taker: UUID


@dataclass(frozen=True, slots=True)
class OrderForwarded(HandedOn):
    """The giver handed it to a place under it, which has 60 minutes to acknowledge; its unit stays answerable."""

    name: ClassVar[str] = "order.forwarded"
    zh: ClassVar[str] = "转办"


@dataclass(frozen=True, slots=True)
class OrderForwardAcknowledged(HandedOn):
    """A taker took on what was forwarded to it; the order itself had been acknowledged before."""

    name: ClassVar[str] = "order.forward_acknowledged"
    zh: ClassVar[str] = "转办签收"


@dataclass(frozen=True, slots=True)
class OrderTakenBack(HandedOn):
    """The giver undid its forward before the taker had acknowledged."""

    name: ClassVar[str] = "order.taken_back"
    zh: ClassVar[str] = "转办收回"


@dataclass(frozen=True, slots=True)
class OrderAmended(ObjectFact):
    """What the order says of its issue has changed: item, level, urgency, place, or who may see it."""

    name: ClassVar[str] = "order.amended"
    zh: ClassVar[str] = "派遣单更正"
    object_kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True)
class OrderBreached(ObjectFact):
    """A clock of the order ran out: it was not acknowledged, or not answered, in time."""

    name: ClassVar[str] = "order.breached"
    zh: ClassVar[str] = "签收超限"
    object_kind: ClassVar[str] = "order"
    clock: str
    due_at: str


@dataclass(frozen=True, slots=True)
class OrderClocksMoved(ObjectFact):
    """A clock of the order was paused, resumed or got another due time by what happened to its issue."""

    name: ClassVar[str] = "order.clocks_moved"
    zh: ClassVar[str] = "计时调整"
    object_kind: ClassVar[str] = "order"
