"""The client's half of a socket (RFC 6455) and of docs/protocol.md, as far as a load generator needs them. Pure.

Frames are the same bytes for every screen that is not behind, so `read_chunk` is called once per distinct run of bytes
and its answer is shared: reading one fact on 10,000 sockets costs 10,000 dictionary look-ups and one parse.
"""

import json
from dataclasses import dataclass
from typing import Final, NamedTuple, TypeVar

T = TypeVar("T")

OPCODE_TEXT: Final = 0x1
OPCODE_CLOSE: Final = 0x8
OPCODE_PING: Final = 0x9
OPCODE_PONG: Final = 0xA
MAX_FRAME_BYTES: Final = 4_194_304  # nothing the gateway sends comes near; more means that the stream is misread


class Malformed(Exception):
    """The server's bytes are not frames that this client can read: says which rule they break."""


class ServerFrame(NamedTuple):
    """One whole frame of the server."""

    opcode: int
    payload: bytes


class Position(NamedTuple):
    """Where a frame says that its reader stands: what the reader's next `hello` carries."""

    epoch: int
    through: int
    hash: str


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a run of whole frames says to a screen.

    stamps    when each fact in it was made, in µs of the machine's monotonic clock (`card.stamp`)
    position  of the last frame that carries one
    reply     what the screen must send back at once (`seen` to a beat, pong to a ping); empty when nothing
    """

    stamps: tuple[int, ...] = ()
    position: Position | None = None
    reply: bytes = b""
    ticket: str | None = None
    access_version: int | None = None  # of a `welcome`
    reset: str | None = None  # the reason of a `reset`
    reconnect_within_ms: int | None = None  # of a `drain`
    closed: int | None = None  # the code of a close frame


def upgrade_request(host: str, path: str) -> bytes:
    """The HTTP request that opens a socket. The key is the same for all: only a real browser needs it to be random."""
    return (
        f"GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: cmVsYXk2MC1iZW5jaC1rZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def client_frame(payload: bytes, opcode: int = OPCODE_TEXT) -> bytes:
    """A whole client frame. Masked, as a client's must be, with the key 0: legal, and free to compute.

    Raises ValueError above 65,535 bytes.
    """
    if len(payload) > 65_535:
        raise ValueError(f"a client frame of the bench holds at most 65,535 bytes, not {len(payload)}")
    if len(payload) < 126:
        head = bytes((0x80 | opcode, 0x80 | len(payload)))
    else:
        head = bytes((0x80 | opcode, 0x80 | 126)) + len(payload).to_bytes(2, "big")
    return head + b"\0\0\0\0" + payload


def hello(ticket: str, position: Position | None, access_version: int) -> bytes:
    """The client frame that opens the conversation."""
    cursor = position and {
        "epoch": position.epoch,
        "seq": position.through,
        "hash": position.hash,
        "access_version": access_version,
    }
    return client_frame(json.dumps({"frame": "hello", "ticket": ticket, "cursor": cursor}).encode())


def seen(through: int) -> bytes:
    """The client frame that says: all up to `through` came, and was drawn."""
    return client_frame(b'{"frame":"seen","through":%d,"displayed":%d}' % (through, through))


def split_frames(buffer: bytes) -> tuple[list[ServerFrame], bytes]:
    """The whole frames at the start of `buffer`, and the bytes left over.

    Raises Malformed for a masked, fragmented, compressed or oversized frame: the gateway sends none.
    """
    frames: list[ServerFrame] = []
    start, end = 0, len(buffer)
    while end - start >= 2:
        first, length = buffer[start], buffer[start + 1]
        if not first & 0x80 or first & 0x70:
            raise Malformed(f"fragmented or extended frame (first byte {first:#04x})")
        if length & 0x80:
            raise Malformed("a server's frame is never masked")
        body = start + 2
        if length >= 126:
            wide = 2 if length == 126 else 8
            length = int.from_bytes(buffer[body : body + wide], "big")
            body += wide
        if end < body:
            break
        if length > MAX_FRAME_BYTES:
            raise Malformed(f"a frame of {length} bytes")
        if end < body + length:
            break
        frames.append(ServerFrame(first & 0x0F, buffer[body : body + length]))
        start = body + length
    return frames, buffer[start:]


def read_chunk(buffer: bytes) -> tuple[Chunk, bytes]:
    """What the whole frames in `buffer` say, and the bytes left over. Raises Malformed."""
    frames, rest = split_frames(buffer)
    chunk = Chunk()
    for frame in frames:
        chunk = _joined(chunk, _read(frame))
    return chunk, rest


def _read(frame: ServerFrame) -> Chunk:
    if frame.opcode == OPCODE_PING:
        return Chunk(reply=client_frame(frame.payload, OPCODE_PONG))
    if frame.opcode == OPCODE_PONG:
        return Chunk()
    if frame.opcode == OPCODE_CLOSE:
        return Chunk(closed=int.from_bytes(frame.payload[:2], "big") if len(frame.payload) >= 2 else 1005)
    if frame.opcode != OPCODE_TEXT:
        raise Malformed(f"opcode {frame.opcode:#x}")
    said = json.loads(frame.payload)
    position = Position(said["epoch"], said["through"], said["hash"]) if "through" in said else None
    match said["frame"]:
        case "fact":
            stamp = said["fact"]["card"].get("stamp")
            return Chunk(stamps=() if stamp is None else (stamp,), position=position)
        case "beat":
            return Chunk(position=position, reply=seen(said["through"]))
        case "welcome":
            return Chunk(position=position, access_version=said["access_version"])
        case "reset":
            return Chunk(reset=said["reason"])
        case "ticket":
            return Chunk(ticket=said["ticket"])
        case "drain":
            return Chunk(reconnect_within_ms=said["reconnect_within_ms"])
        case "left_scope":
            return Chunk(position=position)
        case other:
            raise Malformed(f"a frame named {other!r}")


def _joined(earlier: Chunk, later: Chunk) -> Chunk:
    return Chunk(
        stamps=earlier.stamps + later.stamps,
        position=_last(earlier.position, later.position),
        reply=earlier.reply + later.reply,
        ticket=_last(earlier.ticket, later.ticket),
        access_version=_last(earlier.access_version, later.access_version),
        reset=_last(earlier.reset, later.reset),
        reconnect_within_ms=_last(earlier.reconnect_within_ms, later.reconnect_within_ms),
        closed=_last(earlier.closed, later.closed),
    )


def _last(earlier: T | None, later: T | None) -> T | None:
    return earlier if later is None else later
