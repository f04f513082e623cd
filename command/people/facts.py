"""Facts about access. Class `control`: never sent to a screen; the gateway closes sockets by them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from typing_extensions import TypedDict

from realtime.feed.cards import card_type
from realtime.feed.contract import Audience, AudienceClass, Change, Json


@card_type
class EventCard(TypedDict):
    """An event: nothing to draw, never open."""

    open: bool


_CARD: EventCard = {"open": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessChanged:
    """What a person or device may see has changed: tickets with an older access version are worth nothing."""

    name: ClassVar[str] = "access.changed"
    object_kind: ClassVar[str] = "access"
    principal: str  # person:<id> or device:<id>
    object_id: UUID
    version: int  # the access version after the change; the first change is 1
    change: str = ""  # in one word: "post_given", "suspended", …
    by: str | None = None  # principal
    of: Mapping[str, Json] = field(default_factory=dict)  # ids and codes of what changed, never a name or a number

    @property
    def card(self) -> EventCard:
        """Never open: an event."""
        return _CARD

    def body(self) -> Mapping[str, Json]:
        """Whose access, its version now, and what an administrator did, by whom."""
        body: dict[str, Json] = {"access_version": self.version, "principal": self.principal}
        if self.change:
            body |= {"by": self.by, "change": self.change, **self.of}
        return body


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionEnded:
    """A person signed out, or was signed out: sockets of that session are closed."""

    name: ClassVar[str] = "session.ended"
    object_kind: ClassVar[str] = "session_end"
    principal: str
    object_id: UUID  # the session
    version: int = 1

    @property
    def card(self) -> EventCard:
        """Never open: an event."""
        return _CARD

    def body(self) -> Mapping[str, Json]:
        """Whose session."""
        return {"principal": self.principal}


def control(fact: AccessChanged | SessionEnded, root: str) -> Change:
    """The change that carries a control fact. `root` is the path of the centre's own cell."""
    return Change(fact, None, Audience.of([f"place:{root}"], AudienceClass.CONTROL))
