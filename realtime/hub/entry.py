"""One fact of the feed as the hub holds it: position, audience, bytes, and its frames, each built at most once."""

from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import orjson

from realtime.feed.contract import Audience, AudienceClass, Scope
from realtime.hub import frames
from realtime.hub.framing import Frame
from realtime.hub.position import Position


@dataclass(slots=True, eq=False)
class Entry:
    """A fact on its way to screens."""

    position: Position
    name: str
    object_kind: str
    object_id: UUID
    version: int
    body: bytes  # as stored
    audience: bytes  # as stored
    before: Audience | None
    after: Audience
    addressed_to: str | None
    _fact: Frame | None = field(default=None, init=False)
    _left: Frame | None = field(default=None, init=False)

    @property
    def seq(self) -> int:
        """Its place in the centre's feed."""
        return self.position.seq

    @property
    def is_control(self) -> bool:
        """Whether it is meant for gateways, never for screens."""
        return self.after.audience_class is AudienceClass.CONTROL

    def fact_frame(self) -> Frame:
        """The frame for all who see it; built at the first call."""
        if self._fact is None:
            self._fact = frames.fact(self.position, self.body)
        return self._fact

    def left_frame(self) -> Frame:
        """The frame for all who saw the object before and no longer do; built at the first call."""
        if self._left is None:
            self._left = frames.left_scope(self.position, self.object_kind, self.object_id, self.version)
        return self._left

    def frame_for(self, scope: Scope) -> Frame | None:
        """What a connection with this scope gets: the fact, `left_scope`, or nothing."""
        if scope.sees(self.after):
            return self.fact_frame()
        if self.before is not None and scope.sees(self.before):
            return self.left_frame()
        return None


NOBODY: Final = Audience((), AudienceClass.PUBLIC)  # of a fact of the past: realtime/feed/past.py


def audiences_of(stored: bytes) -> tuple[Audience | None, Audience]:
    """Whom a fact is sent to: (before, after) from the bytes stored beside it; nobody, of a past.

    Raises KeyError, TypeError, ValueError on another shape.
    """
    value = orjson.loads(stored)
    if value.get("past"):
        return None, NOBODY
    before = value["before"]
    return (Audience.of_wire(before) if before is not None else None), Audience.of_wire(value["after"])
