"""The fact of an outside way that an administrator changed, or that fails. Pure."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import TypedDict

from command.kept import Kept
from command.outside.contract import OutsideWay
from realtime.feed.cards import card_type, one_of


@card_type
class OutsideWayCard(TypedDict):
    """An outside way. Neither address nor secret. Never open."""

    failing: bool
    in_use: bool
    kind: Annotated[str, one_of(OutsideWay)]
    open: bool
    rank: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideWayChanged(Kept):
    """An outside way was set up, amended, tested; or its sendings fail, or come through again."""

    name: ClassVar[str] = "outside_way.changed"
    object_kind: ClassVar[str] = "outside_way"
    card: OutsideWayCard
