"""The same application under another ASGI server, through `send`; and the guards of the direct path."""

import asyncio
import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import daphne
import httpx
import pytest

from realtime.feed.contract import Audience
from realtime.gateway import daphne_writer
from realtime.gateway.asgi_writer import AsgiWriter
from realtime.hub.framing import Frame
from tests.live.processes import Process
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import PUBLIC, ROOT_PLACE, Centre, GatewayProcess


async def test_under_uvicorn_the_protocol_is_the_same(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: Callable[..., Screen], tmp_path: Path
) -> None:
    template = start_gateway()  # for its environment and a free port
    template.process.kill()
    words = ["-m", "uvicorn", "tests.realtime.gateway.toy_gateway:application", "--port", str(template.port)]
    other = Process("uvicorn", [sys.executable, *words], template.process.env, tmp_path / "log", template._listens)
    other.start()
    try:
        cursor = await centre.cursor()
        duty = await screen(centre.identity()).join(template.url, cursor)
        for _ in range(3):
            await centre.record(*(centre.change(uuid4(), Audience.of([ROOT_PLACE], PUBLIC)) for _ in range(100)))
        await duty.until_through(300)
        assert duty.got == set(range(1, 301))
        await duty.until(lambda: duty.last("beat"), "a beat")
        bad = await screen(centre.identity()).open(template.url)
        await bad.say("x" * 20_000)
        assert await bad.until_closed() == 4413
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"http://127.0.0.1:{template.port}/healthz")).status_code == 200
    finally:
        other.kill()


class Door:
    """An ASGI `send` that can be held shut."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.sent: list[dict[str, Any]] = []

    async def send(self, message: dict[str, Any]) -> None:
        """Waits while it is shut."""
        await self.open.wait()
        self.sent.append(message)


async def test_a_send_that_blocks_holds_the_next_and_nobody_else() -> None:
    door = Door()
    door.open.set()
    writer = AsgiWriter(door.send)
    assert writer.write(Frame(b"1")) and [message["text"] for message in door.sent] == ["1"], "at once, no task"
    door.open.clear()
    assert writer.write(Frame(b"2")) and not writer.ready()
    assert not writer.write(Frame(b"3")), "nothing is queued behind a blocked send"
    door.open.set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert writer.ready() and writer.write(Frame(b"4"))
    assert [message["text"] for message in door.sent] == ["1", "2", "4"]
    writer.close(4008, "too slow")
    writer.close(4008, "too slow")
    assert door.sent[-1] == {"type": "websocket.close", "code": 4008, "reason": "too slow"}
    assert len(door.sent) == 4 and not writer.write(Frame(b"5"))


async def test_a_lost_socket_is_no_error_of_the_hub() -> None:
    async def broken(message: dict[str, Any]) -> None:
        raise RuntimeError("the socket is gone")

    writer = AsgiWriter(broken)
    writer.write(Frame(b"1"))
    assert not writer.ready()


def test_another_daphne_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The direct path was proven against one version: another must be proven first."""

    monkeypatch.setattr(daphne, "__version__", "4.3.0")
    with pytest.raises(ImportError, match=r"4\.2\.3, not 4\.3\.0"):
        importlib.reload(daphne_writer)
