"""What happens to a handover. Past tense; posts by their ids: no name, no note, no count is told. Pure."""

from dataclasses import dataclass
from typing import Annotated, ClassVar

from typing_extensions import TypedDict

from assessment.handovers.states import State
from command.kept import Kept
from realtime.feed.cards import Id, Instant, card_type, one_of


@card_type
class HandoverCard(TypedDict):
    """A handover of the desk: between which posts, since when its shift ran. Never open."""

    at: Instant
    giver: Id | None
    """Null: nobody gave."""
    open: bool
    since: Instant
    state: Annotated[str, one_of(State)]
    taker: Id | None


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverChanged(Kept):
    """Somebody gave the desk over, took it over, or withdrew what nobody had taken."""

    name: ClassVar[str] = "handover.changed"
    object_kind: ClassVar[str] = "handover"
    card: HandoverCard
