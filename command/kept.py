"""Facts about what an administrator keeps: units, channels, the catalogue, API clients. Pure.

A card says codes and flags, never a name: names are fetched. It is never open: screens keep nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from realtime.feed.contract import Audience, AudienceClass, Change, Json


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What all of them say: who did what, in one word, and what the thing is now."""

    name: ClassVar[str]
    object_kind: ClassVar[str]
    told_to: ClassVar[AudienceClass] = AudienceClass.DESK
    object_id: UUID
    version: int
    change: str  # "added", "amended", "retired", …
    by: str | None
    shown: Mapping[str, Json] = field(default_factory=dict)
    said: Mapping[str, Json] = field(default_factory=dict)

    @property
    def card(self) -> Mapping[str, Json]:
        """Codes and flags."""
        return {"open": False, **self.shown}

    def body(self) -> Mapping[str, Json]:
        """Who, what, and the rest."""
        return {"by": self.by, "change": self.change, **self.said}


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitChanged(Kept):
    """A unit was added, renamed, retired, or its contacts were ordered."""

    name: ClassVar[str] = "unit.changed"
    object_kind: ClassVar[str] = "unit"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelChanged(Kept):
    """A channel was added, amended, retired or taken into use again."""

    name: ClassVar[str] = "channel.changed"
    object_kind: ClassVar[str] = "channel"


@dataclass(frozen=True, slots=True, kw_only=True)
class CatalogueItemChanged(Kept):
    """An item of the catalogue was added, amended, retired or taken into use again."""

    name: ClassVar[str] = "catalogue_item.changed"
    object_kind: ClassVar[str] = "catalogue_item"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClientChanged(Kept):
    """Another system was given a key, or lost it."""

    name: ClassVar[str] = "api_client.changed"
    object_kind: ClassVar[str] = "api_client"
    told_to: ClassVar[AudienceClass] = AudienceClass.CONTROL


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleImported(Kept):
    """A list of people was taken in; each of them has a fact of their own beside it."""

    name: ClassVar[str] = "people.imported"
    object_kind: ClassVar[str] = "people_import"
    told_to: ClassVar[AudienceClass] = AudienceClass.CONTROL


def told(fact: Kept, root: str) -> Change:
    """The change that carries it. `root` is the path of the centre's own cell."""
    audience = Audience.of([f"place:{root}"], fact.told_to)
    return Change(fact, audience if fact.version > 1 else None, audience)
