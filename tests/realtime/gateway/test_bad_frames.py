"""What a client must not say: it is closed with a reason, and nobody else notices. docs/protocol.md, "Closes"."""

import asyncio
from collections.abc import Callable

import pytest

from realtime.delivery.models import DeviceCursor
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import Centre, GatewayProcess, in_thread, until_true

MakeScreen = Callable[..., Screen]

BAD = {
    "not JSON": ("hello", 4400),
    "not an object": ("[]", 4400),
    "unknown frame": ({"frame": "command", "verb": "close"}, 4400),
    "server's frame": ({"frame": "drain", "reconnect_within_ms": 1}, 4400),
    "hello without a cursor": ({"frame": "hello", "ticket": "x"}, 4400),
    "extra field": ({"frame": "pong", "more": 1}, 4400),
    "seq beyond 64 bits": ({"frame": "seen", "through": 2**70, "displayed": 0}, 4400),
    "negative seq": ({"frame": "seen", "through": -1, "displayed": 0}, 4400),
    "deep nesting": ("[" * 8000, 4400),
    "binary": (b"\x00\x01", 4400),
    "oversized": ("x" * 16_385, 1009),
    "far oversized": ("x" * 2_000_000, 1009),
}


@pytest.mark.parametrize("case", BAD)
async def test_a_bad_frame_closes_its_own_socket_only(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen, case: str
) -> None:
    frame, code = BAD[case]
    cursor = await centre.cursor()
    other = await screen(centre.identity()).join(gateway.url, cursor)
    bad = await screen(centre.identity()).join(gateway.url, cursor)
    await bad.say(frame)
    assert await bad.until_closed() == code
    assert bad.closed is not None and bad.closed[1], "a close says why"
    await centre.shows()
    await other.until_through(1)
    assert other.closed is None


async def test_a_fragmented_message_is_bounded_too(gateway: GatewayProcess, centre: Centre, screen: MakeScreen) -> None:
    bad = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    assert bad._socket is not None
    with pytest.raises(Exception):  # noqa: B017  # the close may come while it still sends
        await bad._socket.send(["x" * 8_000] * 40)
        raise ConnectionError
    assert await bad.until_closed() == 1009


async def test_broken_framing_is_closed(gateway: GatewayProcess, centre: Centre) -> None:
    """An unmasked client frame (RFC 6455, 5.1) and raw rubbish behind the handshake."""
    for rubbish in (b"\x81\x02{}", b"\xff" * 64):
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        writer.write(
            b"GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
        )
        assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
        writer.write(rubbish)
        answer = await asyncio.wait_for(reader.readexactly(4), 10)
        assert answer[:1] == b"\x88", "a close frame"
        assert int.from_bytes(answer[2:4], "big") == 1002
        writer.close()


async def test_a_socket_without_hello_is_closed(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    strict = start_gateway(limits={"hello_within_s": 0.5, "hello_after_reset_s": 0.5})
    silent = await screen(centre.identity()).open(strict.url)
    assert await silent.until_closed() == 4408
    undecided = await screen(centre.identity()).open(strict.url)
    await undecided.hello(None)  # reset: it never comes back with a snapshot's cursor
    assert await undecided.until_closed() == 4408


async def test_only_live_is_a_socket(gateway: GatewayProcess, centre: Centre) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(
        b"GET /elsewhere HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert b" 403 " in await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def test_a_client_cannot_claim_more_than_it_was_sent(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    """A `seen` from the future is taken as what was sent; the device's row shows it."""

    liar = await screen(centre.identity(), answers=False).join(gateway.url, await centre.cursor())
    await centre.shows()
    await liar.until_through(1)
    await liar.say({"frame": "seen", "through": 10**12, "displayed": 10**12})

    async def kept() -> bool:
        rows = await in_thread(lambda: list(DeviceCursor.objects.filter(centre_id=centre.id)))
        return [(row.through, row.displayed) for row in rows] == [(1, 1)]

    await until_true(kept)
