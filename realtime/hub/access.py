"""Whose rights and sessions still hold, kept up by control facts so that a hello costs no query. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final
from uuid import UUID

import orjson

from realtime.hub.connection import Connection, Identity
from realtime.hub.entry import Entry

ACCESS_KIND: Final = "access"
SESSION_END_KIND: Final = "session_end"


class Close(IntEnum):
    """Close codes of `/live`. Source: docs/protocol.md, "Closes"."""

    RESTART = 1012
    SESSION_LOST = 4001
    SCOPE_CHANGED = 4003
    TOO_SLOW = 4008
    MALFORMED = 4400
    NO_HELLO = 4408
    TOO_LARGE = 4413


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a connection may not go on."""

    code: Close
    reason: str


class Access:
    """Access versions by subject and sessions that ended, of one centre."""

    def __init__(self, versions: Mapping[str, int], ended_sessions: Iterable[UUID]) -> None:
        """versions   by principal, `person:<uuid>` or `device:<uuid>`"""
        self._versions = {subject_of(principal): version for principal, version in versions.items()}
        self._ended = set(ended_sessions)  # grows by one per sign-out until the next start: 16 bytes each

    def is_ahead(self, identity: Identity) -> bool:
        """Whether a ticket knows newer rights than we do: its control fact has not been read yet."""
        return identity.access_version > self._versions.get(subject_of(identity.principal), 0)

    def refusal(self, identity: Identity) -> Refusal | None:
        """Why a ticket no longer holds; None when it does."""
        if identity.session_id in self._ended:
            revoked = identity.principal.startswith("device:")  # a screen's session is the screen
            return Refusal(Close.SESSION_LOST, "this screen was revoked" if revoked else "the session has ended")
        if identity.access_version < self._versions.get(subject_of(identity.principal), 0):
            return Refusal(Close.SCOPE_CHANGED, "rights have changed: ask for a new ticket")
        return None

    def apply(self, entry: Entry) -> bool:
        """Takes a control fact in; False when it is about neither rights nor sessions."""
        if entry.object_kind == ACCESS_KIND:
            version = int(orjson.loads(entry.body)["body"]["access_version"])
            subject = str(entry.object_id)
            self._versions[subject] = max(version, self._versions.get(subject, 0))
            return True
        if entry.object_kind == SESSION_END_KIND:
            self._ended.add(entry.object_id)
            return True
        return False


def subject_of(principal: str) -> str:
    """The id in a principal: an `access` fact names only that."""
    return principal.partition(":")[2]


def end_refused(connections: Iterable[Connection], access: Access) -> int:
    """Closes every connection whose ticket no longer holds. Answers how many."""
    closed = 0
    for connection in list(connections):
        refusal = access.refusal(connection.identity) if connection.identity else None
        if refusal is not None:
            connection.close(refusal.code, refusal.reason)
            closed += 1
    return closed
