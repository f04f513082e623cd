"""A screen without a picture: speaks the protocol of docs/protocol.md and keeps what a correct client would show.

It is the oracle of the socket: it applies docs/protocol.md, "What a client does" and nothing else, counts what a
client should never see (defects, violations), and can be compared with a fresh snapshot at any time.
"""

import contextlib
import json
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from socket import SHUT_RDWR
from typing import Any, Final
from uuid import uuid4

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import ClientConnection, connect

from tests.live.people import Caller
from tests.live.waiting import DidNotHappen, wait_for

Key = tuple[str, str]  # kind, id
Frame = dict[str, Any]
BACK_AFTER_S: Final = 0.3
OPEN_WITHIN_S: Final = 10.0
SIGNED_OUT: Final = 401


@dataclass
class Picture:
    """What the screen shows and where it stands."""

    shown: dict[Key, tuple[int, Frame]] = field(default_factory=dict)  # version and card of each open object
    versions: dict[Key, int] = field(default_factory=dict)  # the last known of every object, also of one that is gone
    cursor: Frame | None = None
    through: int = 0
    defects: int = 0  # objects that had to be fetched, because a version was missing
    violations: list[str] = field(default_factory=list)  # what the gateway promised never to do

    def load(self, snapshot: Frame) -> None:
        """Starts anew from a snapshot."""
        self.shown = {(o["kind"], o["id"]): (o["version"], o["card"]) for o in snapshot["objects"]}
        self.versions = {key: version for key, (version, _) in self.shown.items()}
        self.through = snapshot["seq"]
        self.cursor = {key: snapshot[key] for key in ("epoch", "seq", "hash", "access_version")}

    def clear(self) -> None:
        """Forgets everything."""
        self.shown, self.versions, self.cursor, self.through = {}, {}, None, 0

    def advance(self, frame: Frame) -> None:
        """Takes a frame's `through` as the new cursor; it never goes back."""
        if frame["through"] < self.through:
            self.violations.append(f"through went back from {self.through} to {frame['through']}")
        if frame["frame"] in ("fact", "left_scope") and frame["through"] == self.through:
            self.violations.append(f"{frame['frame']} {frame['through']} came after through had reached it")
        self.through = frame["through"]
        if self.cursor:
            self.cursor |= {"epoch": frame["epoch"], "seq": frame["through"], "hash": frame["hash"]}

    def take(self, fact: Frame, fetch: Callable[[Key], Frame | None]) -> None:
        """Applies a fact by its object's version."""
        key = (fact["object"]["kind"], fact["object"]["id"])
        known, version, card = self.versions.get(key), fact["version"], fact["card"]
        if known is not None and version <= known:
            return
        if known is not None and version > known + 1:
            self.defects += 1
            if found := fetch(key):
                version, card = found["version"], found["card"]
        self.put(key, version, card)

    def put(self, key: Key, version: int, card: Frame) -> None:
        """Shows an object's card, or removes it when it is no longer open."""
        self.versions[key] = version
        if card.get("open"):
            self.shown[key] = (version, card)
        else:
            self.shown.pop(key, None)

    def leave(self, key: Key) -> None:
        """Removes an object that is out of scope; should it come back, its card is taken as it is."""
        self.shown.pop(key, None)
        self.versions.pop(key, None)


class Screen:
    """One live screen of a person or a paired wall. Reads in a thread; a test looks at it from outside."""

    def __init__(self, caller: Caller, ws_url: str) -> None:
        self._caller, self._ws_url = caller, ws_url
        self.device = str(uuid4())
        self.picture = Picture()
        self.facts: list[Frame] = []  # every fact as heard, in order, with its seq
        self.resets: list[str] = []  # their reasons
        self.beats: list[Frame] = []
        self.closes: list[int] = []
        self.welcomes = 0
        self.live = False
        self.signed_out = False  # no ticket is to be had any more
        self._ticket = ""
        self._lock = threading.RLock()
        self._away = threading.Event()
        self._ended = threading.Event()
        self._socket: ClientConnection | None = None
        self._thread = threading.Thread(target=self._stay, name="screen", daemon=True)
        self._thread.start()

    # What a test does with it.

    def until_live(self, *, within_s: float = 30.0) -> "Screen":
        """This screen, once it was welcomed."""
        wait_for(lambda: self.live, "the welcome of the screen", within_s=within_s)
        return self

    def loses_the_line(self) -> None:
        """Cut off, and stays away until `comes_back`."""
        self._away.set()
        self._hang_up()
        wait_for(lambda: not self.live, "the loss of the line")

    def comes_back(self) -> "Screen":
        """Asks for everything after the last position that it saw."""
        self._away.clear()
        return self.until_live()

    def close(self) -> None:
        """Switched off."""
        self._ended.set()
        self._hang_up()
        self._thread.join(OPEN_WITHIN_S)

    def heard(self, name: str, object_id: str | None = None) -> list[Frame]:
        """The facts of a name that came, of one object or of all."""
        with self._lock:
            return [f for f in self.facts if f["name"] == name and object_id in (None, f["object"]["id"])]

    def heard_about(self, *object_ids: str) -> list[str]:
        """The names of the facts about some objects, in the order in which they came."""
        with self._lock:
            return [f["name"] for f in self.facts if f["object"]["id"] in object_ids]

    def hears(self, name: str, object_id: str | None = None, *, within_s: float = 30.0) -> Frame:
        """The first fact of a name, waited for."""
        try:
            return wait_for(lambda: self.heard(name, object_id), f"hearing {name}", within_s=within_s)[0]
        except DidNotHappen as missing:
            heard = [f["name"] for f in self.facts]
            raise DidNotHappen(f"{missing}; heard {heard[-20:]}, closes {self.closes}") from None

    def shows(self, kind: str, object_id: str) -> Frame | None:
        """The card that is shown of an object, or None."""
        with self._lock:
            found = self.picture.shown.get((kind, object_id))
            return found[1] if found else None

    def catches_up(self, *, within_s: float = 30.0) -> None:
        """Returns when the screen has reached the head that the centre had when this was called."""
        head = self._caller.get("/snapshot").must().body["seq"]
        wait_for(partial(self._has_reached, head), f"through {head}", within_s=within_s)

    def difference(self) -> dict[Key, tuple[object, object]]:
        """Where the picture differs from a fresh snapshot of the same scope: (shown, should be). Empty when right."""
        for _ in range(200):
            fresh = self._caller.get("/snapshot").must().body
            wait_for(partial(self._has_reached, fresh["seq"]), f"through {fresh['seq']}")
            with self._lock:
                if self.picture.through == fresh["seq"]:
                    wanted = {(o["kind"], o["id"]): (o["version"], o["card"]) for o in fresh["objects"]}
                    shown = dict(self.picture.shown)
                    keys = wanted.keys() | shown.keys()
                    return {k: (shown.get(k), wanted.get(k)) for k in keys if shown.get(k) != wanted.get(k)}
        raise DidNotHappen("the feed never rested long enough for a comparison")

    def is_right(self) -> None:
        """Raises AssertionError unless the picture equals a fresh snapshot and nothing forbidden was seen."""
        assert self.difference() == {}
        assert (self.picture.defects, self.picture.violations) == (0, [])

    # What it does by itself.

    def _has_reached(self, seq: int) -> bool:
        return self.picture.through >= seq

    def _stay(self) -> None:
        while not self._ended.is_set():
            if not self._away.is_set():
                with contextlib.suppress(OSError, WebSocketException, TimeoutError, AssertionError, ValueError):
                    self._once()
            self.live = False
            self._ended.wait(BACK_AFTER_S)

    def _once(self) -> None:
        """One connection, from its ticket to its close."""
        try:
            if not self._ticket and not self._asks_for_a_ticket():
                return
            with connect(self._ws_url, open_timeout=OPEN_WITHIN_S, max_size=None, proxy=None) as socket:
                self._socket = socket
                self._hello(socket)
                for text in socket:
                    self._take(socket, json.loads(text))
        except ConnectionClosed:
            pass
        finally:
            socket_ = self._socket
            self._socket = None
            if socket_ is not None and socket_.close_code is not None:
                self._closed(socket_.close_code)

    def _closed(self, code: int) -> None:
        self.closes.append(code)
        if code in (4001, 4003):  # session lost or other rights: a new ticket tells which
            self._ticket = ""
        if code == 4003:
            self.picture.clear()

    def _asks_for_a_ticket(self) -> bool:
        reply = self._caller.post("/ticket", {"device": self.device})
        if reply.status == SIGNED_OUT:
            self.signed_out = True
            self._ended.set()
            return False
        self._ticket = reply.must().body["ticket"]
        return True

    def _hello(self, socket: ClientConnection) -> None:
        socket.send(json.dumps({"frame": "hello", "ticket": self._ticket, "cursor": self.picture.cursor}))

    def _take(self, socket: ClientConnection, frame: Frame) -> None:
        with self._lock:
            match frame["frame"]:
                case "welcome":
                    self.welcomes += 1
                    if self.picture.cursor is None or self.picture.cursor["seq"] != frame["through"]:
                        self.picture.violations.append(f"welcome at {frame['through']}, not at the cursor")
                    self.live = True
                case "reset":
                    self.resets.append(frame["reason"])
                    self.live = False
                    self.picture.clear()
                    self.picture.load(self._caller.get("/snapshot").must().body)
                    self._hello(socket)
                case "fact":
                    self.picture.advance(frame)
                    self.facts.append({**frame["fact"], "seq": frame["through"]})
                    self.picture.take(frame["fact"], self._fetch)
                case "left_scope":
                    self.picture.advance(frame)
                    self.picture.leave((frame["object"]["kind"], frame["object"]["id"]))
                case "beat":
                    self.picture.advance(frame)
                    self.beats.append(frame)
                    seen = {"frame": "seen", "through": frame["through"], "displayed": frame["through"]}
                    socket.send(json.dumps(seen))
                case "ticket":
                    self._ticket = frame["ticket"]
                case "drain":
                    pass
                case unknown:
                    self.picture.violations.append(f"an unknown frame {unknown}")

    def _fetch(self, key: Key) -> Frame | None:
        reply = self._caller.get(f"/objects/{key[0]}/{key[1]}")
        return reply.body if reply.ok else None

    def _hang_up(self) -> None:
        socket = self._socket
        if socket is not None:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(SHUT_RDWR)  # wakes the reader at once, and says no goodbye
