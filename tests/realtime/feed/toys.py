"""A fact, an actor and an action of no domain, recorded through the real feed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID, uuid4

from django.db import transaction

from realtime.feed.actions import once, record
from realtime.feed.clock import at
from realtime.feed.contract import Answer, Audience, AudienceClass, Change, Command, Json, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class ToyMoved:
    """A toy changed."""

    name: ClassVar[str] = "toy.moved"
    object_kind: ClassVar[str] = "toy"
    object_id: UUID
    version: int = 1
    card: Mapping[str, Json] = field(default_factory=lambda: {"open": True, "where": "架上"})

    def body(self) -> Mapping[str, Json]:
        """Nothing more."""
        return {}


NOWHERE = Scope(())


@dataclass(frozen=True, slots=True)
class ToyActor:
    """May do everything in one centre."""

    centre_id: UUID
    principal: str = "person:00000000-0000-0000-0000-000000000001"
    scope: Scope = NOWHERE

    def scope_for(self, right: str) -> Scope:
        """All of it."""
        return self.scope

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Always."""


DESK = Audience.of(["place:330199/001"], AudienceClass.DESK)


def toy_command(centre_id: UUID, key: str | None = None, body_hash: bytes = b"asked") -> Command:
    """A command with a new key, or with the given one."""
    return Command(ToyActor(centre_id), key or str(uuid4()), body_hash)


def moved(toy: UUID | None = None, version: int = 1, audience: Audience = DESK) -> Change:
    """One change of a toy."""
    return Change(ToyMoved(object_id=toy or uuid4(), version=version), None, audience)


@transaction.atomic(durable=True)
def move(cmd: Command, *changes: Change) -> Answer:
    """The toy action: key, time, facts."""
    once(cmd)
    return record(cmd, *(changes or (moved(),)), at=at(None))
