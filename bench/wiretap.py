"""Counts the statements and round trips of one process to PostgreSQL: a proxy on a unix socket of its own, in a thread.

Exact where pg_stat_database is not: it knows the process, and a statement inside a transaction counts as well.
"""

import selectors
import socket
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

TAIL: Final = "relay60 tail"  # the connection that looks at the heads five times a second, whoever is there
SIMPLE_QUERY: Final = ord("Q")
EXECUTE: Final = ord("E")
RECEIVE_BYTES: Final = 65_536
UNTYPED_CODES: Final = {80877103, 80877104}  # SSLRequest, GSSENCRequest: one more untyped message follows


class MessageCounter:
    """Counts statements in a client's byte stream (PostgreSQL's protocol 3.0). Pure."""

    def __init__(self) -> None:
        self.statements = 0
        self.round_trips = 0  # how often the client spoke after the server had: whatever protocol they speak
        self.application = ""  # the name that the connection gave itself
        self._pending = b""
        self._started = False
        self._answered = True

    def answered(self) -> None:
        """The server has said something."""
        self._answered = True

    def feed(self, got: bytes) -> None:
        """Takes the next bytes of the client, cut anywhere."""
        self.round_trips += self._answered
        self._answered = False
        stream, start = self._pending + got, 0
        while True:
            head = 0 if not self._started else 1
            if len(stream) - start < head + 4:
                break
            length = int.from_bytes(stream[start + head : start + head + 4], "big")
            if len(stream) - start < head + length:
                break
            if self._started:
                self.statements += stream[start] in (SIMPLE_QUERY, EXECUTE)
            else:
                self._started = int.from_bytes(stream[start + 4 : start + 8], "big") not in UNTYPED_CODES
                words = stream[start + 8 : start + length].split(b"\0")
                if b"application_name" in words:
                    self.application = words[words.index(b"application_name") + 1].decode(errors="replace")
            start += head + length
        self._pending = stream[start:]


class Wiretap:
    """A context: `url` leads to the same database through the tap; `statements` counts."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        host, port = query.get("host", parts.hostname or "127.0.0.1"), query.get("port", str(parts.port or 5432))
        self._server: str | tuple[str, int] = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, int(port))
        self._folder = tempfile.TemporaryDirectory(prefix="relay60-tap-")
        user = parts.netloc.rpartition("@")[0]
        netloc = f"{user}@" if user else ""
        self.url = urlunsplit(parts._replace(netloc=netloc, query=urlencode({"host": self._folder.name, "port": port})))
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(Path(self._folder.name) / f".s.PGSQL.{port}"))
        self._listener.listen(64)
        self._ended = threading.Event()
        self._counters: list[MessageCounter] = []
        self._thread = threading.Thread(target=self._serve, name="wiretap", daemon=True)

    def statements(self) -> dict[str, int]:
        """Statements since the tap was opened, by the name that their connection gave itself."""
        by_name: dict[str, int] = {}
        for counter in list(self._counters):
            by_name[counter.application] = by_name.get(counter.application, 0) + counter.statements
        return by_name

    def round_trips(self) -> int:
        """Round trips since the tap was opened, of the connections that answer requests: these have no name."""
        return sum(one.round_trips for one in list(self._counters) if not one.application)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        self._thread.join(5)
        self._listener.close()
        self._folder.cleanup()

    def _serve(self) -> None:
        pairs: dict[socket.socket, tuple[socket.socket, MessageCounter, bool]] = {}
        with selectors.DefaultSelector() as ready:
            ready.register(self._listener, selectors.EVENT_READ)
            while not self._ended.is_set():
                for key, _ in ready.select(0.2):
                    link = key.fileobj
                    if link is self._listener:
                        self._accept(ready, pairs)
                    elif isinstance(link, socket.socket) and link in pairs:
                        self._pass_on(ready, pairs, link)
            for link in pairs:
                link.close()

    def _accept(
        self, ready: selectors.BaseSelector, pairs: dict[socket.socket, tuple[socket.socket, MessageCounter, bool]]
    ) -> None:
        client, _ = self._listener.accept()
        server = socket.socket(socket.AF_UNIX if isinstance(self._server, str) else socket.AF_INET)
        server.connect(self._server)
        counter = MessageCounter()
        self._counters.append(counter)
        pairs[client], pairs[server] = (server, counter, True), (client, counter, False)
        ready.register(client, selectors.EVENT_READ)
        ready.register(server, selectors.EVENT_READ)

    @staticmethod
    def _pass_on(
        ready: selectors.BaseSelector,
        pairs: dict[socket.socket, tuple[socket.socket, MessageCounter, bool]],
        link: socket.socket,
    ) -> None:
        other, counter, asks = pairs[link]
        try:
            got = link.recv(RECEIVE_BYTES)
            if got and asks:
                counter.feed(got)
            if got and not asks:
                counter.answered()
            if got:
                other.sendall(got)
        except OSError:
            got = b""
        if not got:
            for end in (link, other):
                pairs.pop(end, None)
                ready.unregister(end)
                end.close()
