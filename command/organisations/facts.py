"""The fact of a unit that an administrator changed. Pure."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import TypedDict

from command.kept import Kept
from command.units.departments import Kind
from realtime.feed.cards import card_type, one_of


@card_type
class UnitCard(TypedDict):
    """A unit. Never open."""

    code: str
    kind: Annotated[str, one_of(Kind)]
    open: bool
    retired: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged(Kept):
    """A unit was added, renamed, retired, or its contacts were ordered."""

    name: ClassVar[str] = "unit.changed"
    object_kind: ClassVar[str] = "unit"
    card: UnitCard
