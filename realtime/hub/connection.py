"""One open socket: who is behind it, what it may see, how far it has been told."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from realtime.feed.contract import Scope
from realtime.hub.position import Position
from realtime.hub.writer import Writer


@dataclass(frozen=True, slots=True)
class Identity:
    """Who stands behind a connection, as its ticket says."""

    principal: str
    session_id: UUID
    session_expires_at: datetime | None
    device_id: UUID
    centre_id: UUID
    scope: Scope
    access_version: int

    @property
    def own_tokens(self) -> tuple[str, ...]:
        """What is addressed to the holder personally: units and posts, never places."""
        return tuple(pair.token for pair in self.scope.pairs if not pair.token.startswith("place:"))


class Connection:
    """A socket in the hub. `at` is kept only while it is behind: all others stand where the hub stands."""

    __slots__ = (
        "at",
        "behind",
        "closing",
        "identity",
        "probed",
        "progress_at",
        "seen_at",
        "slot",
        "ticket_due_at",
        "write",
        "writer",
    )

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.write = writer.write  # bound once: the hot loop calls nothing else
        self.identity: Identity | None = None  # until its hello was taken
        self.at: Position | None = None
        self.behind = False
        self.closing = False
        self.probed = False  # one beat was sent to a connection that went silent
        self.seen_at = 0.0  # monotonic, of its last sign of life
        self.progress_at = 0.0  # monotonic, when it fell behind or was last sent something since
        self.ticket_due_at = 0.0  # monotonic
        self.slot = 0

    def close(self, code: int, reason: str) -> None:
        """Closes once; what still arrives is ignored."""
        if not self.closing:
            self.closing = True
            self.writer.close(code, reason)
