"""The fact of a channel that an administrator changed. Pure."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import TypedDict

from command.channels.contract import SourceFamily
from command.kept import Kept
from realtime.feed.cards import card_type, one_of


@card_type
class ChannelCard(TypedDict):
    """A channel. Never open."""

    code: str
    open: bool
    retired: bool
    source_family: Annotated[str, one_of(SourceFamily)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(Kept):
    """A channel was added, amended, retired or taken into use again."""

    name: ClassVar[str] = "channel.changed"
    object_kind: ClassVar[str] = "channel"
    card: ChannelCard
