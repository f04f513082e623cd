"""The fact of a roster that somebody changed. Pure. Posts by their ids: no name or number is part of it."""

from dataclasses import dataclass
from typing import ClassVar

from typing_extensions import TypedDict

from command.kept import Kept
from realtime.feed.cards import card_type


@card_type
class RosterCard(TypedDict):
    """The roster of a unit. Never open."""

    open: bool
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterChanged(Kept):
    """Shifts, absences or days of their own came to a unit's roster, or went."""

    name: ClassVar[str] = "roster.changed"
    object_kind: ClassVar[str] = "roster"
    card: RosterCard
