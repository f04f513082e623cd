"""The way out through ASGI `send`: for every server and transport but Daphne's plain TCP."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from types import coroutine
from typing import Any

from realtime.hub.framing import Frame
from realtime.hub.writer import taken_one_by_one

Send = Callable[[dict[str, Any]], Awaitable[None]]


class AsgiWriter:
    """Calls `send` at once, in the hub's own turn; only a `send` that blocks becomes a task, and holds the next."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: asyncio.Future[None] | None = None
        self._closed = False

    def write(self, frame: Frame) -> bool:
        """Refuses while an earlier `send` has not come back."""
        if not self.ready():
            return False
        self._start({"type": "websocket.send", "text": frame.text})
        return True

    def write_run(self, frames: Sequence[Frame]) -> int:
        """One by one: each is a message of its own."""
        return taken_one_by_one(self, frames)

    def ready(self) -> bool:
        """Whether the last `send` has come back."""
        return self._waiting is None and not self._closed

    def close(self, code: int, reason: str) -> None:
        """Sends the close behind what is under way; gives up, dropping the connection's task, where that is stuck."""
        if self._closed:
            return
        self._closed = True
        message = {"type": "websocket.close", "code": code, "reason": reason[:120]}
        if self._waiting is None:
            self._start(message)
        else:
            self._waiting.cancel()
            self._waiting = None
            self._start(message)

    def abort(self) -> None:
        """ASGI knows no abort: a close is all there is."""
        self.close(1011, "aborted")

    def _start(self, message: dict[str, Any]) -> None:
        sending = self._send(message)
        if not isinstance(sending, Coroutine):
            self._wait_for(asyncio.ensure_future(sending))
            return
        try:
            blocked_on = sending.send(None)
        except StopIteration:
            return
        except Exception:  # the socket is gone: the server tells by websocket.disconnect
            self._closed = True
            return
        self._wait_for(asyncio.ensure_future(_rest_of(sending, blocked_on)))

    def _wait_for(self, future: "asyncio.Future[None]") -> None:
        self._waiting = future
        future.add_done_callback(self._came_back)

    def _came_back(self, future: "asyncio.Future[None]") -> None:
        if self._waiting is future:
            self._waiting = None
        if not future.cancelled() and future.exception() is not None:
            self._closed = True


@coroutine
def _rest_of(sending: Coroutine[Any, Any, None], blocked_on: Any) -> Generator[Any, Any, None]:
    """Carries on a coroutine that was begun outside a task and waits for `blocked_on`."""
    while True:
        try:
            value = yield blocked_on
        except BaseException as error:
            try:
                blocked_on = sending.throw(error)
            except StopIteration:
                return
        else:
            try:
                blocked_on = sending.send(value)
            except StopIteration:
                return
