"""The load generator's reading of server frames, cut anywhere, and its own frames."""

import json

import pytest

from bench.frames import (
    OPCODE_CLOSE,
    OPCODE_PING,
    Chunk,
    Malformed,
    Position,
    client_frame,
    hello,
    read_chunk,
    seen,
    split_frames,
)


def server_frame(payload: bytes, opcode: int = 0x1) -> bytes:
    size = len(payload)
    if size < 126:
        return bytes((0x80 | opcode, size)) + payload
    if size < 65_536:
        return bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big") + payload
    return bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big") + payload


def text(**said: object) -> bytes:
    return server_frame(json.dumps(said).encode())


FACT = {"frame": "fact", "epoch": 1, "through": 7, "hash": "aa", "fact": {"card": {"stamp": 12, "open": True}}}
BEAT = {"frame": "beat", "epoch": 1, "through": 9, "hash": "bb", "head": 9}


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_frames_of_every_length_are_read_whole(size: int) -> None:
    frames, rest = split_frames(server_frame(b"x" * size) + b"\x81")
    assert [len(frame.payload) for frame in frames] == [size]
    assert rest == b"\x81"


def test_a_stream_cut_at_every_byte_says_the_same() -> None:
    stream = text(**FACT) + text(**BEAT) + server_frame(b"?", OPCODE_PING)
    for cut in range(len(stream) + 1):
        first, rest = read_chunk(stream[:cut])
        second, left = read_chunk(rest + stream[cut:])
        assert first.stamps + second.stamps == (12,)
        assert second.position in (Position(1, 9, "bb"), None)
        assert (first.reply + second.reply).endswith(client_frame(b"?", 0xA))
        assert left == b""


def test_facts_beats_and_tickets_are_understood() -> None:
    chunk, _ = read_chunk(text(**FACT) + text(frame="ticket", ticket="t", expires_at="x") + text(**BEAT))
    assert chunk.stamps == (12,)
    assert chunk.position == Position(1, 9, "bb")
    assert chunk.ticket == "t"
    assert chunk.reply == seen(9)


def test_the_ends_of_a_conversation_are_understood() -> None:
    chunk, _ = read_chunk(text(frame="drain", reconnect_within_ms=3000))
    assert chunk.reconnect_within_ms == 3000
    chunk, _ = read_chunk(server_frame((4003).to_bytes(2, "big") + b"rights", OPCODE_CLOSE))
    assert chunk.closed == 4003
    assert read_chunk(text(frame="reset", reason="hash"))[0].reset == "hash"
    assert read_chunk(b"") == (Chunk(), b"")


@pytest.mark.parametrize(
    "stream",
    [
        bytes((0x01, 0x01)) + b"x",  # not the last fragment
        bytes((0xC1, 0x01)) + b"x",  # compressed
        bytes((0x81, 0x81)) + b"\0\0\0\0x",  # masked
        text(frame="surprise"),
    ],
)
def test_what_the_gateway_never_sends_is_an_error(stream: bytes) -> None:
    with pytest.raises(Malformed):
        read_chunk(stream)


def test_client_frames_are_masked_and_bounded() -> None:
    assert client_frame(b"hi") == bytes((0x81, 0x82, 0, 0, 0, 0)) + b"hi"
    assert client_frame(b"x" * 300)[:4] == bytes((0x81, 0xFE)) + (300).to_bytes(2, "big")
    with pytest.raises(ValueError, match="65,535"):
        client_frame(b"x" * 65_536)
    assert b'"cursor": {"epoch": 2, "seq": 5, "hash": "cc", "access_version": 3}' in hello("t", Position(2, 5, "cc"), 3)
