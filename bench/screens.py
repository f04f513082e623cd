"""The load generator: thousands of screens in one process, as cheap as Python allows.

Runs as `python -m bench.screens`, is told what to do by JSON lines on standard input and answers each with one line.
It shares the machine's two cores with the server that it measures, so its hot path is one `recv`, one dictionary
look-up and one append per frame; every time is read from the monotonic clock right after the `recv`.

    {"do": "open", "port", "path", "screens": FILE, "count", "within_s", "deadline_s"}   all live, or what failed
    {"do": "answer", "facts"}                          whether screens say, half a second later, that they drew a fact
    {"do": "mark"}                                     forget the samples so far
    {"do": "await", "count", "deadline_s"}             the latencies, when so many facts came or the time is up
    {"do": "survive", "deadline_s"}                    when every screen has been dropped and is live again
    {"do": "close"}                                    ends the process
"""

import errno
import gc
import heapq
import json
import os
import random
import select
import socket
import sys
import time
from array import array
from collections import deque
from pathlib import Path
from typing import Any, Final

from bench import frames
from bench.files import raise_file_limit
from bench.samples import summary

RECEIVE_BYTES: Final = 8_192
SOURCES: Final = tuple(f"127.0.0.{last}" for last in range(2, 10))  # 8 × 28,000 ports: no clash with TIME_WAIT
BACKOFF_FIRST_S, BACKOFF_MOST_S = 0.5, 5.0  # as frontend/src/shared/socket.ts waits
MAX_CACHED_CHUNKS: Final = 20_000

ANSWER_AFTER_S: Final = 0.5  # as frontend/src/shared/socket.ts: once per half second, after drawing
LEAVING: Final = frames.client_frame((1000).to_bytes(2, "big"), frames.OPCODE_CLOSE)

STATES: Final = ("connecting", "upgrading", "greeting", "live", "down")
CONNECTING, UPGRADING, GREETING, LIVE, DOWN = range(len(STATES))


class Screen:
    """One socket: its ticket, where it stands, and how far its opening is."""

    __slots__ = (
        "access_version",
        "answers_soon",
        "failures",
        "number",
        "pending",
        "position",
        "socket",
        "state",
        "ticket",
    )

    def __init__(self, number: int, ticket: str, position: frames.Position | None, access_version: int) -> None:
        self.number, self.ticket, self.position, self.access_version = number, ticket, position, access_version
        self.socket: socket.socket | None = None
        self.state = DOWN
        self.pending = b""
        self.failures = 0  # since it was last live
        self.answers_soon = False


class Screens:
    """All screens of one run, and the one loop that serves them."""

    def __init__(self) -> None:
        self.poll = select.epoll()
        self.by_fd: dict[int, Screen] = {}
        self.screens: list[Screen] = []
        self.due: list[tuple[float, int]] = []  # (monotonic, number): when a screen connects (again)
        self.chunks: dict[bytes, frames.Chunk] = {}
        self.latencies_us = array("q")
        self.failures: dict[str, int] = {}
        self.resets: dict[str, int] = {}
        self.address, self.request, self.greets = ("127.0.0.1", 0), b"", True
        self.answers = False
        self.unsent = 0  # answers that the kernel did not take: the server has stopped reading
        self.live = self.drops = 0
        self.first_drop_at = self.last_live_at = 0.0
        self.unanswered: deque[tuple[float, Screen]] = deque()  # (monotonic, screen): when it says what it drew
        self.waiting: dict[str, Any] | None = None
        self.closing = False
        self.inbox = b""

    # -- what the driver asks for ------------------------------------------------------------------

    def obey(self, order: dict[str, Any]) -> None:
        """Begins one order; its answer comes from `answer_if_done`."""
        order["began_at"] = time.monotonic()
        self.waiting = order
        if order["do"] == "open":
            self._open(order)
        elif order["do"] == "mark":
            self.latencies_us = array("q")
        elif order["do"] == "answer":
            self.answers = order["facts"]
        elif order["do"] == "survive":
            self.drops, self.first_drop_at = 0, 0.0
        elif order["do"] == "close":
            self.closing = True

    def _open(self, order: dict[str, Any]) -> None:
        self.address = ("127.0.0.1", order["port"])
        self.request = frames.upgrade_request(f"127.0.0.1:{order['port']}", order["path"])
        lines = Path(order["screens"]).read_text().splitlines() if order["screens"] else []
        self.greets = bool(lines)
        now = time.monotonic()
        for number in range(order["count"]):
            said = json.loads(lines[number]) if lines else {}
            position = frames.Position(*said["position"]) if said.get("position") else None
            self.screens.append(Screen(number, said.get("ticket", ""), position, said.get("access_version", 0)))
            heapq.heappush(self.due, (now + order["within_s"] * number / order["count"], number))

    def answer_if_done(self, now: float) -> None:
        """Writes the answer of the waiting order once it is done or out of time."""
        order = self.waiting
        if order is None:
            return
        late = now - order["began_at"] > order.get("deadline_s", 0.0)
        match order["do"]:
            case "await" if late or len(self.latencies_us) >= order["count"]:
                self._answer(summary(self.latencies_us))
            case "open" if late or self.live == len(self.screens):
                self._answer({"seconds": self.last_live_at - order["began_at"]})
            case "survive" if late or (self.drops >= len(self.screens) and self.live == len(self.screens)):
                self._answer({"first_drop_at": self.first_drop_at, "last_live_at": self.last_live_at})
            case "mark" | "answer" | "close":
                self._answer({})

    def _answer(self, said: dict[str, Any]) -> None:
        self.waiting = None
        said |= {
            "live": self.live,
            "drops": self.drops,
            "resets": self.resets,
            "failures": self.failures,
            "unsent": self.unsent,
        }
        print(json.dumps(said), flush=True)

    # -- the loop ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Serves until `close`, or until the driver is gone."""
        orders = sys.stdin.fileno()
        self.poll.register(orders, select.EPOLLIN)
        while not self.closing:
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                self._connect(self.screens[heapq.heappop(self.due)[1]])
            while self.unanswered and self.unanswered[0][0] <= now:
                self._answer_facts(self.unanswered.popleft()[1])
            wait = 0.05 if self.waiting or self.due or self.unanswered else 0.5
            if self.due:
                wait = max(0.0, min(wait, self.due[0][0] - now))
            for fd, event in self.poll.poll(wait, 2_048):
                screen = self.by_fd.get(fd)
                if screen is None:
                    if fd == orders:
                        self._read_orders(os.read(orders, 65_536))
                elif screen.state == LIVE:
                    self._receive(screen)
                else:
                    self._advance(screen, event)
            self.answer_if_done(time.monotonic())

    def _read_orders(self, said: bytes) -> None:
        if not said:
            self.closing = True
            return
        *lines, self.inbox = (self.inbox + said).split(b"\n")
        for line in lines:
            self.obey(json.loads(line))

    # -- opening -----------------------------------------------------------------------------------

    def _connect(self, screen: Screen) -> None:
        link = socket.socket(socket.AF_INET, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        link.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT: the port is picked when connecting
        link.bind((SOURCES[screen.number % len(SOURCES)], 0))
        screen.socket, screen.state, screen.pending = link, CONNECTING, b""
        failed = link.connect_ex(self.address)
        if failed not in (0, errno.EINPROGRESS):
            self._drop(screen, errno.errorcode[failed])
            return
        self.by_fd[link.fileno()] = screen
        self.poll.register(link.fileno(), select.EPOLLOUT)

    def _advance(self, screen: Screen, event: int) -> None:
        link = screen.socket
        if link is None:
            return
        if screen.state == CONNECTING:
            failed = link.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if failed:
                self._drop(screen, errno.errorcode[failed])
                return
            screen.state = UPGRADING
            self.poll.modify(link.fileno(), select.EPOLLIN)
            self._send(screen, self.request)
        elif screen.state == UPGRADING:
            self._upgrade(screen, link)
        else:
            self._receive(screen)

    def _upgrade(self, screen: Screen, link: socket.socket) -> None:
        try:
            got = link.recv(RECEIVE_BYTES)
        except OSError as error:
            self._drop(screen, errno.errorcode.get(error.errno or 0, "error"))
            return
        screen.pending += got
        head, found, rest = screen.pending.partition(b"\r\n\r\n")
        if not got or (found and not head.startswith(b"HTTP/1.1 101")):
            self._drop(screen, head[9:12].decode() or "closed")
        elif found:
            screen.pending = rest
            if self.greets:
                screen.state = GREETING
                self._send(screen, frames.hello(screen.ticket, screen.position, screen.access_version))
                if rest:
                    self._take(screen, b"")
            else:
                self._is_live(screen)

    def _is_live(self, screen: Screen) -> None:
        screen.state, screen.failures = LIVE, 0
        self.live += 1
        self.last_live_at = time.monotonic()

    def _drop(self, screen: Screen, reason: str, within_s: float | None = None) -> None:
        """The socket is gone: comes back as a real screen does, after a drain within its time, else after a backoff."""
        now = time.monotonic()
        if screen.state == DOWN or screen.socket is None:
            return
        self.by_fd.pop(screen.socket.fileno(), None)
        screen.socket.close()
        screen.socket = None
        if screen.state == LIVE:
            self.live -= 1
            self.drops += 1
            self.first_drop_at = self.first_drop_at or now
        else:
            told = f"{reason} while {STATES[screen.state]}"
            self.failures[told] = self.failures.get(told, 0) + 1
        if within_s is not None:
            after = within_s * random.random()
        else:
            ceiling = min(BACKOFF_MOST_S, BACKOFF_FIRST_S * 2**screen.failures)
            after = ceiling * (0.5 + random.random() / 2)
            screen.failures += 1
        screen.state = DOWN
        heapq.heappush(self.due, (now + after, screen.number))

    # -- receiving ---------------------------------------------------------------------------------

    def _receive(self, screen: Screen) -> None:
        link = screen.socket
        if link is None:
            return
        try:
            got = link.recv(RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError as error:
            self._drop(screen, errno.errorcode.get(error.errno or 0, "error"))
            return
        if not got:
            self._drop(screen, "closed")
        else:
            self._take(screen, got)

    def _answer_facts(self, screen: Screen) -> None:
        screen.answers_soon = False
        if screen.state == LIVE and screen.position is not None:
            self._send(screen, frames.seen(screen.position.through))

    def _send(self, screen: Screen, data: bytes) -> None:
        if screen.socket is None:
            return
        try:
            screen.socket.send(data)
        except BlockingIOError:
            self.unsent += 1
        except OSError as error:
            self._drop(screen, errno.errorcode.get(error.errno or 0, "error"))

    def _take(self, screen: Screen, got: bytes) -> None:
        at_us = time.monotonic_ns() // 1_000
        if screen.pending:
            got, screen.pending = screen.pending + got, b""
        chunk = self.chunks.get(got)
        if chunk is None:
            chunk, screen.pending = frames.read_chunk(got)
            if not screen.pending:
                if len(self.chunks) >= MAX_CACHED_CHUNKS:
                    self.chunks.clear()
                self.chunks[got] = chunk
        for stamp in chunk.stamps:
            self.latencies_us.append(at_us - stamp)
        if chunk.position is not None:
            screen.position = chunk.position
            if self.answers and chunk.stamps and not screen.answers_soon:
                screen.answers_soon = True
                self.unanswered.append((at_us / 1e6 + ANSWER_AFTER_S, screen))
        if chunk.reply:
            self._send(screen, chunk.reply)
        if chunk.access_version is not None and screen.state == GREETING:
            screen.access_version = chunk.access_version
            self._is_live(screen)
        if chunk.ticket is not None:
            screen.ticket = chunk.ticket
        if chunk.reset is not None:
            self.resets[chunk.reset] = self.resets.get(chunk.reset, 0) + 1
        if chunk.reconnect_within_ms is not None:
            self._send(screen, LEAVING)
            self._drop(screen, "drain", chunk.reconnect_within_ms / 1_000)
        elif chunk.closed is not None:
            self._drop(screen, str(chunk.closed))


if __name__ == "__main__":
    raise_file_limit()
    gc.disable()  # nothing here makes cycles, and a collection over 10,000 screens costs milliseconds
    Screens().run()
