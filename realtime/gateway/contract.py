"""What the gateway asks of the parts above it: who may see what, and which objects a snapshot holds.

`server/wiring.py` passes all of it in; the gateway imports nothing from above. Source: docs/protocol.md.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection

from realtime.feed.contract import Actor, Scope
from realtime.feed.objects import ShownObject

SubjectKind: TypeAlias = Literal["person", "device"]


class SnapshotSource(Protocol):
    """Reads all open objects of one package within a scope.

    Called inside one REPEATABLE READ, READ ONLY transaction on Django's default connection, so plain ORM reads are
    right. It may return more than the scope sees (the gateway filters once more by `audience`), never less.
    """

    def __call__(self, scope: Scope, centre_id: UUID) -> Iterable[ShownObject]: ...


@dataclass(frozen=True, slots=True)
class AccessState:
    """Who holds which rights' version now, and which sessions ended so lately that a ticket may outlive them."""

    versions: Mapping[str, int]  # principal ("person:<uuid>", "device:<uuid>") to access version
    ended_sessions: frozenset[UUID]  # ended within the last 15 minutes, the longest life of a ticket


class Authority(Protocol):
    """Knows rights. Asked once per centre when its tail starts; from then on control facts tell."""

    async def load_access(self, connection: AsyncConnection[tuple[Any, ...]], centre_id: UUID) -> AccessState:
        """The state of all persons and devices of a centre. Costs a fixed number of statements."""


class LiveActor(Actor, Protocol):
    """Who asks for a ticket or a snapshot: an actor with the session (or paired device) behind the request.

    Authentication sets it on the request as `request.actor`.
    """

    @property
    def subject_kind(self) -> SubjectKind:
        """Whether a person or a device asks; with `subject_id` it is the principal."""

    @property
    def subject_id(self) -> UUID:
        """The person's or the device's id: the object id of its `access` facts."""

    @property
    def session_id(self) -> UUID:
        """The session, as its `session_end` fact will name it; a paired device's own id."""

    @property
    def session_expires_at(self) -> datetime | None:
        """When the session ends unasked (UTC); None for a device, which never expires."""

    @property
    def access_version(self) -> int:
        """The version of the rights that `scope` was made from."""


class ActorRequest(Protocol):
    """A request that authentication has let through."""

    @property
    def actor(self) -> LiveActor: ...
