"""Facts of receipts: an addressed fact reached, and was drawn on, a device of its addressee. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID, uuid5

from pydantic import ConfigDict, with_config
from typing_extensions import TypedDict

from realtime.feed.cards import Instant
from realtime.feed.contract import Card, Json

RECEIPT_KIND: Final = "receipt"
_RECEIPTS: Final = UUID(
    "5d2f0f6e-6b1f-4f0a-9a53-0a6c7d9a2b11"
)  # names the receipt of a fact, the same in every gateway


@with_config(ConfigDict(use_attribute_docstrings=True, extra="allow"))
class ReceiptCard(TypedDict):
    """What a screen draws beside an object: when it arrived, when it was seen. Never open.

    Besides, under the kind of the object that was addressed, its id: `order`, or another.
    """

    addressee: str
    """The token: `unit:<id>`, `post:<id>`."""
    delivered_at: Instant
    displayed_at: Instant | None
    open: bool


def receipt_id(centre_id: UUID, epoch: int, seq: int) -> UUID:
    """The receipt object of the fact at (centre, epoch, seq)."""
    return uuid5(_RECEIPTS, f"{centre_id}:{epoch}:{seq}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ReceiptFact:
    """What both have in common."""

    object_kind: ClassVar[str] = RECEIPT_KIND
    object_id: UUID
    version: int
    of_kind: str  # the addressed fact's object: its kind names the key of the card that holds its id
    of_id: UUID
    of_seq: int
    addressee: str  # the token it was addressed to
    delivered_at: str
    displayed_at: str | None
    device_id: UUID

    @property
    def card(self) -> Card:
        """The receipt, and what it is of."""
        receipt: ReceiptCard = {
            "addressee": self.addressee,
            "delivered_at": self.delivered_at,
            "displayed_at": self.displayed_at,
            "open": False,
        }
        return {self.of_kind: str(self.of_id), **receipt}

    def body(self) -> Mapping[str, Json]:
        """Which fact, on which device first."""
        return {"device": str(self.device_id), "seq": self.of_seq}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDelivered(_ReceiptFact):
    """The first of the addressee's devices has received it (送达)."""

    name: ClassVar[str] = "receipt.delivered"
    zh: ClassVar[str] = "送达"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptDisplayed(_ReceiptFact):
    """The first of the addressee's devices has drawn it (显示)."""

    name: ClassVar[str] = "receipt.displayed"
    zh: ClassVar[str] = "已显示"
