"""A wire that can be stalled and cut: a small proxy between a process and its server (PostgreSQL, the gateway)."""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine
from typing import Any, Final

from tests.live.waiting import wait_for

CHUNK_BYTES: Final = 65_536


class Wire:
    """Listens on a port of 127.0.0.1 and passes all on to `target`, unless told otherwise. Runs in a thread."""

    def __init__(self, target: tuple[str, int]) -> None:
        """target   (directory of a PostgreSQL socket, or host; port)"""
        self._target = target
        self._loop = asyncio.new_event_loop()
        self._flows = asyncio.Event()
        self._ends: set[asyncio.StreamWriter] = set()
        self.port = 0
        self._thread = threading.Thread(target=self._run, name="wire", daemon=True)
        self._thread.start()
        wait_for(lambda: self.port, "the wire's port")

    def stall(self) -> None:
        """From now on no byte passes, either way; nobody is told. New connections open and stay silent."""
        self._loop.call_soon_threadsafe(self._flows.clear)

    def flow(self) -> None:
        """Everything passes again, also what waited."""
        self._loop.call_soon_threadsafe(self._flows.set)

    def cut(self) -> None:
        """Ends every connection at once; new ones may be made."""
        self._loop.call_soon_threadsafe(self._cut)

    def close(self) -> None:
        """Ends it all."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _cut(self) -> None:
        for end in self._ends:
            end.transport.abort()

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._flows.set()
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self._loop.run_forever()
        server.close()
        self._cut()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._ends.add(writer)
        try:
            await self._flows.wait()
            far_reader, far_writer = await self._open()
        except OSError:
            self._forget(writer)
            return
        self._ends.add(far_writer)
        try:
            await _both(self._pass(reader, far_writer), self._pass(far_reader, writer))
        finally:
            self._forget(writer)
            self._forget(far_writer)

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = self._target
        if host.startswith("/"):
            return await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        return await asyncio.open_connection(host, port)

    async def _pass(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK_BYTES):
                await self._flows.wait()
                sink.write(chunk)
                await sink.drain()
        self._forget(sink)

    def _forget(self, end: asyncio.StreamWriter) -> None:
        self._ends.discard(end)
        end.close()


async def _both(one: Coroutine[Any, Any, None], other: Coroutine[Any, Any, None]) -> None:
    await asyncio.gather(one, other, return_exceptions=True)
