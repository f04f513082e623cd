"""What the facts about what an administrator keeps share; those of API clients and lists of people. Pure.

A card says codes and flags, never a name: names are fetched. It is never open: screens keep nothing of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID

from typing_extensions import TypedDict

from realtime.feed.cards import card_type
from realtime.feed.contract import Audience, AudienceClass, Card, Change, Json


@card_type
class ApiClientCard(TypedDict):
    """Another system that has a key, or had one. Never open."""

    channels: list[str]
    open: bool
    revoked: bool


@card_type
class PeopleImportCard(TypedDict):
    """A list of people that was taken in: how many. Never open."""

    open: bool
    people: int


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
    card: Card
    said: Mapping[str, Json] = field(default_factory=dict)

    def body(self) -> Mapping[str, Json]:
        """Who, what, and the rest."""
        return {"by": self.by, "change": self.change, **self.said}


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiClientChanged(Kept):
    """Another system was given a key, or lost it."""

    name: ClassVar[str] = "api_client.changed"
    object_kind: ClassVar[str] = "api_client"
    told_to: ClassVar[AudienceClass] = AudienceClass.CONTROL
    card: ApiClientCard


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleImported(Kept):
    """A list of people was taken in; each of them has a fact of their own beside it."""

    name: ClassVar[str] = "people.imported"
    object_kind: ClassVar[str] = "people_import"
    told_to: ClassVar[AudienceClass] = AudienceClass.CONTROL
    card: PeopleImportCard


def change_of(fact: Kept, root: str) -> Change:
    """The change that carries it. `root` is the path of the centre's own cell."""
    audience = Audience.of([f"place:{root}"], fact.told_to)
    return Change(fact, audience if fact.version > 1 else None, audience)
