"""`/live` as an ASGI application: one coroutine per socket that reads what the client may say, and nothing else.

Runs under Daphne (server/serve.py, writing straight to the socket) and under any other ASGI server (through `send`).
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import orjson
from pydantic import ValidationError

from realtime.gateway.asgi_writer import AsgiWriter
from realtime.gateway.frames import CLIENT, Hello, Seen
from realtime.gateway.gateway import Gateway
from realtime.gateway.hello import take_hello
from realtime.hub.access import Close
from realtime.hub.connection import Connection
from realtime.hub.limits import Limits
from realtime.hub.writer import Writer

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]
DirectWriter = Callable[[Scope, Limits], Writer | None]

PATH: Final = "/live"


class LiveApplication:
    """The gateway of this process. It starts with the server, or with its first socket."""

    def __init__(self, make: Callable[[], Gateway], direct_writer: DirectWriter) -> None:
        """direct_writer   a writer for a scope whose server has a faster way out than `send`, or None"""
        self._make = make
        self._direct_writer = direct_writer
        self.gateway: Gateway | None = None

    def start(self) -> Gateway:
        """The running gateway. Call it in the server's loop."""
        if self.gateway is None:
            self.gateway = self._make()
            self.gateway.start()
        return self.gateway

    async def stop(self) -> None:
        """Drains and ends it."""
        if self.gateway is not None:
            await self.gateway.drain()
            await self.gateway.stop()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One socket, from connect to disconnect."""
        gateway = self.start()
        await receive()  # websocket.connect
        if scope["path"] != PATH or gateway.draining:
            await send({"type": "websocket.close"})
            return
        await send({"type": "websocket.accept"})
        writer = self._direct_writer(scope, gateway.limits) or AsgiWriter(send)
        connection = Connection(writer)
        gateway.sockets.add(connection)
        waiting = Deadline(connection, gateway.limits.hello_within_s)
        try:
            await self._listen(gateway, connection, receive, waiting)
        finally:
            waiting.met()
            gateway.left(connection)

    async def _listen(self, gateway: Gateway, connection: Connection, receive: Receive, waiting: "Deadline") -> None:
        limit = gateway.limits.client_chars
        while True:
            message = await receive()
            if message["type"] != "websocket.receive":
                return
            if connection.closing:
                continue  # what was still under way when we closed
            text = message.get("text")
            if text is None:
                connection.close(Close.MALFORMED, "text frames only")
                continue
            if len(text) > limit:
                connection.close(Close.TOO_LARGE, f"a frame has at most {limit} characters")
                continue
            try:
                frame = CLIENT.validate_json(text)
            except ValidationError as error:
                connection.close(Close.MALFORMED, _reason(error))
                continue
            if isinstance(frame, Seen):
                gateway.seen(connection, frame)
            elif isinstance(frame, Hello):
                waiting.met()
                if not await take_hello(gateway, connection, frame):
                    waiting.again(gateway.limits.hello_after_reset_s)
            else:
                gateway.pong(connection)

    def with_health(self, http: Application) -> Application:
        """HTTP with `GET /healthz` answered from this process's memory: it needs neither thread nor database."""

        async def application(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["path"] == "/healthz":
                await self._health(send)
            else:
                await http(scope, receive, send)

        return application

    async def _health(self, send: Send) -> None:
        gateway = self.start()
        ailments = gateway.ailments()
        vitals = gateway.vitals(gateway.clock.now())
        body = orjson.dumps(
            {
                "healthy": not ailments,
                "ailments": ailments,
                "head": [
                    {"centre": centre_id, "epoch": position.epoch, "seq": position.seq}
                    for centre_id, position in sorted(gateway.tail.positions.items())
                ],
                "verified_at": vitals.verified_at,
                "wrote_at": vitals.wrote_at,
                "timer_at": vitals.timer_at,
                "worker_at": vitals.worker_at,
                "server_time": vitals.server_time,
                "sockets": len(gateway.sockets),
            },
            option=orjson.OPT_UTC_Z,
        )
        headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
        await send({"type": "http.response.start", "status": 503 if ailments else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


class Deadline:
    """Closes a socket that has not said hello in time."""

    def __init__(self, connection: Connection, within_s: float) -> None:
        self._connection = connection
        self._timer: asyncio.TimerHandle | None = None
        self.again(within_s)

    def again(self, within_s: float) -> None:
        """Counts from now."""
        self.met()
        self._timer = asyncio.get_running_loop().call_later(
            within_s, self._connection.close, Close.NO_HELLO, "no hello in time"
        )

    def met(self) -> None:
        """The hello came, or the socket went."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _reason(error: ValidationError) -> str:
    """The first fault, short enough for a close frame."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(str(step) for step in first["loc"])
    return f"malformed: {place} {first['msg']}"[:120]
