"""Facts of rosters, and of shifts that were begun or ended. Pure. Posts by their ids: no name or number is told."""

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


@card_type
class AttendanceCard(TypedDict):
    """Whether the holder of a post of the desk has begun a shift. Never open."""

    open: bool
    post: str
    there: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AttendanceChanged(Kept):
    """Somebody of the desk began a shift, having heard the device sound, or ended it."""

    name: ClassVar[str] = "attendance.changed"
    object_kind: ClassVar[str] = "attendance"
    card: AttendanceCard
