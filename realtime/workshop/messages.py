"""What the workshop's two ends say to each other over one socket: a length, then a pickle.

A worker reads hostile files, so what it answers is read as data only: plain values, frozen values of ours, refusals.
"""

import io
import pickle
import socket
import struct
from dataclasses import is_dataclass
from typing import Any, Final

from realtime.feed.errors import Refused

_LENGTH: Final = struct.Struct("!Q")
_MOST_BYTES: Final = 256 * 1024 * 1024
_PLAIN: Final = frozenset({("datetime", "datetime"), ("datetime", "timezone"), ("datetime", "timedelta")})
_OURS: Final = frozenset({"realtime", "gis", "command", "dispatch", "assessment", "server", "tests"})


class Unreadable(Exception):
    """The other end said what it may not say."""


class _Reader(pickle.Unpickler):
    """Makes nothing but data."""

    def find_class(self, module: str, name: str) -> Any:
        """A dataclass of ours, a refusal, or a time."""
        if (module, name) in _PLAIN:
            return super().find_class(module, name)
        if module.partition(".")[0] in _OURS:
            found = super().find_class(module, name)
            if isinstance(found, type) and (is_dataclass(found) or issubclass(found, Refused)):
                return found
        raise Unreadable(f"{module}.{name} is no data")


def packed(value: object) -> bytes:
    """A message, ready to be sent."""
    body = pickle.dumps(value, protocol=5)
    return _LENGTH.pack(len(body)) + body


def received(wire: socket.socket) -> bytes:
    """The next message's pickle. Raises EOFError where the other end is gone, TimeoutError, OSError, Unreadable."""
    (length,) = _LENGTH.unpack(_exactly(wire, _LENGTH.size))
    if length > _MOST_BYTES:
        raise Unreadable(f"a message of {length} bytes")
    return _exactly(wire, length)


def as_data(body: bytes) -> Any:
    """What a worker's message holds. Raises Unreadable."""
    try:
        return _Reader(io.BytesIO(body)).load()
    except Unreadable:
        raise
    except Exception as error:
        raise Unreadable(repr(error)) from error


def _exactly(wire: socket.socket, count: int) -> bytes:
    pieces = []
    while count:
        piece = wire.recv(min(count, 1 << 20))
        if not piece:
            raise EOFError("the other end is gone")
        pieces.append(piece)
        count -= len(piece)
    return b"".join(pieces)
