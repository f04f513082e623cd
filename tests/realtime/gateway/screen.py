"""A screen over a real socket: keeps the protocol, checks every frame against the published schema, remembers all."""

import asyncio
import json
import ssl
from collections.abc import Callable
from typing import Any

import jsonschema
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from realtime.hub.connection import Identity
from tests.live.processes import ROOT
from tests.realtime.gateway.stage import ticket_of

WITHIN_S = 20.0
_SCHEMAS = {
    path.name.removesuffix(".schema.json"): jsonschema.Draft202012Validator(
        json.loads(path.read_text()), format_checker=jsonschema.FormatChecker()
    )
    for path in (ROOT / "docs" / "protocol").glob("*.schema.json")
}


class Screen:
    """One connection and what it has been told. `store` is what it would draw: id to (version, card)."""

    def __init__(self, identity: Identity, *, answers: bool = True) -> None:
        """answers   whether it answers beats and facts with `seen`, as a healthy screen does"""
        self.identity, self.answers = identity, answers
        self.frames: list[dict[str, Any]] = []
        self.store: dict[str, tuple[int, Any]] = {}
        self.known: dict[str, int] = {}
        self.defects = 0
        self.cursor: dict[str, Any] | None = None
        self.through_log: list[tuple[int, str]] = []  # (through, hash) as frames said them
        self.got: set[int] = set()  # seqs of facts and left_scope on this socket
        self.closed: tuple[int, str] | None = None
        self.ticket = ticket_of(identity)
        self._socket: ClientConnection | None = None
        self._reading: asyncio.Task[None] | None = None
        self._news = asyncio.Event()

    async def open(self, url: str, **options: Any) -> "Screen":
        """Connects, without a hello."""
        if url.startswith("wss"):
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            options["ssl"] = context
        self.closed = None
        self._socket = await connect(url, ping_interval=None, proxy=None, compression=None, **options)
        self._reading = asyncio.create_task(self._read())
        return self

    async def hello(self, cursor: dict[str, Any] | None) -> "Screen":
        """Says hello and begins a new log of this socket."""
        self.got, self.through_log = set(), []
        await self.say({"frame": "hello", "ticket": self.ticket, "cursor": cursor})
        return self

    async def join(self, url: str, cursor: dict[str, Any] | None) -> "Screen":
        """Connects, says hello, and waits for the welcome."""
        await self.open(url)
        await self.hello(cursor)
        await self.until(lambda: self.last("welcome"), "a welcome")
        return self

    async def say(self, frame: Any) -> None:
        """Sends one frame: a dict as JSON, text and bytes as they are."""
        assert self._socket is not None
        await self._socket.send(json.dumps(frame) if isinstance(frame, dict) else frame)

    async def leave(self) -> None:
        """Closes from this side."""
        if self._socket is not None:
            await self._socket.close()
        if self._reading is not None:
            await self._reading

    def last(self, kind: str) -> dict[str, Any] | None:
        """The newest frame of a kind."""
        return next((frame for frame in reversed(self.frames) if frame["frame"] == kind), None)

    def all(self, kind: str) -> list[dict[str, Any]]:
        """All frames of a kind, in order."""
        return [frame for frame in self.frames if frame["frame"] == kind]

    @property
    def through(self) -> int:
        """Up to where it has been told."""
        return self.through_log[-1][0] if self.through_log else -1

    async def until(self, look: Callable[[], Any], what: str, within_s: float = WITHIN_S) -> Any:
        """The first true answer of `look`, asked after each frame."""
        try:
            async with asyncio.timeout(within_s):
                while not (answer := look()):
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            told = self.frames[-5:]
            raise AssertionError(
                f"{what} did not come within {within_s} s; closed {self.closed}, last {told}"
            ) from None
        return answer

    async def until_closed(self, within_s: float = WITHIN_S) -> int:
        """The close code."""
        closed = await self.until(lambda: self.closed, "a close", within_s)
        return int(closed[0])

    async def until_through(self, seq: int, within_s: float = WITHIN_S) -> None:
        """Until everything up to `seq` was told."""
        await self.until(lambda: self.through >= seq, f"through {seq}", within_s)

    async def _read(self) -> None:
        assert self._socket is not None
        try:
            async for text in self._socket:
                frame = json.loads(text)
                _SCHEMAS[frame["frame"]].validate(frame)
                self.frames.append(frame)
                await self._take(frame)
                self._news.set()
        except ConnectionClosed:
            pass
        finally:
            self.closed = (self._socket.close_code or 1006, self._socket.close_reason or "")
            self._news.set()

    async def _take(self, frame: dict[str, Any]) -> None:
        kind = frame["frame"]
        if kind == "reset":
            self.store, self.known, self.cursor = {}, {}, None
        elif kind == "ticket":
            self.ticket = frame["ticket"]
        if "through" not in frame:
            return
        self.through_log.append((frame["through"], frame["hash"]))
        self.cursor = {
            "epoch": frame["epoch"],
            "seq": frame["through"],
            "hash": frame["hash"],
            "access_version": self.identity.access_version,
        }
        if kind == "fact":
            self.got.add(frame["through"])
            self._apply(frame["fact"])
        elif kind == "left_scope":
            self.got.add(frame["through"])
            self.store.pop(frame["object"]["id"], None)
            self.known.pop(frame["object"]["id"], None)
        if self.answers and kind in ("beat", "fact"):
            await self._answer(frame["through"])

    async def _answer(self, through: int) -> None:
        try:
            await self.say({"frame": "seen", "through": through, "displayed": through})
        except ConnectionClosed:
            return  # told by the reader

    def _apply(self, fact: dict[str, Any]) -> None:
        """The rule for every client: docs/protocol.md, "Applying facts"."""
        toy, version = fact["object"]["id"], fact["version"]
        known = self.known.get(toy)
        if known is not None and version <= known:
            return
        if known is not None and version > known + 1:
            self.defects += 1
        self.known[toy] = version
        if fact["card"]["open"]:
            self.store[toy] = (version, fact["card"])
        else:
            self.store.pop(toy, None)
