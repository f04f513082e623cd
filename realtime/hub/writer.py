"""What the hub needs of a connection's way out. Servers differ behind it."""

from collections.abc import Sequence
from typing import Protocol

from realtime.hub.framing import Frame


class Writer(Protocol):
    """One connection's way out. Never blocks, never queues more than what one write left over."""

    def write(self, frame: Frame) -> bool:
        """Hands the whole frame over, or nothing at all and answers False: earlier bytes wait, or it is closing."""

    def write_run(self, frames: Sequence[Frame]) -> int:
        """Hands over the first of several frames, as many as are taken now, each whole. Answers how many."""

    def ready(self) -> bool:
        """Whether a write would be taken now."""

    def close(self, code: int, reason: str) -> None:
        """Closes with a code and a reason; aborts where the close can't be written. More than once is harmless."""

    def abort(self) -> None:
        """Drops the connection at once, unsent bytes included."""


def taken_one_by_one(writer: Writer, frames: Sequence[Frame]) -> int:
    """`write_run` for a server that has no faster way than a message at a time."""
    for number, frame in enumerate(frames):
        if not writer.write(frame):
            return number
    return len(frames)
