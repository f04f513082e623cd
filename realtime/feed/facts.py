"""The feed's facts about itself. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from typing_extensions import TypedDict

from realtime.feed.cards import card_type
from realtime.feed.contract import Json


@card_type
class FeedCard(TypedDict):
    """Nothing that a screen would draw: readers are reset by the epoch in every frame. Never open."""

    epoch: int
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochOpened:
    """History before this fact was lost or forked; every reader's older cursor is answered with `reset`."""

    name: ClassVar[str] = "feed.epoch_opened"
    object_kind: ClassVar[str] = "feed"
    object_id: UUID
    epoch: int
    kept_seq: int
    lost_epoch: int | None
    lost_seq: int | None
    lost_hash: str | None

    @property
    def version(self) -> int:
        """Each opening is an object of its own."""
        return 1

    @property
    def card(self) -> FeedCard:
        """The epoch that begins."""
        return {"open": False, "epoch": self.epoch}

    def body(self) -> Mapping[str, Json]:
        """Up to where history was kept, and which anchored position is no longer in it."""
        return {
            "kept_seq": self.kept_seq,
            "lost": {"epoch": self.lost_epoch, "seq": self.lost_seq, "hash": self.lost_hash} if self.lost_seq else None,
        }
