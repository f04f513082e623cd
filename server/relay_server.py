"""Daphne for many long-lived sockets, as server/serve.py runs it.

Differs from stock where it was measured to matter (docs/decisions): a backlog that a reconnect storm fits into (with
Twisted's 50 it loses SYNs, 4,000 sockets take 23 s), few new sockets a turn, so that a storm does not starve the tail,
no 24-hour cut, small frames only, no access log, and the protocol
in the scope so that facts go straight to the socket.
"""

import asyncio
import gc
import logging
import resource
import signal
from typing import Any, Final

from daphne.server import Server  # installs Twisted's asyncio reactor: import it before anything of Twisted

# isort: split
import autobahn.websocket.protocol
import daphne.http_protocol
from twisted.internet import tcp

from realtime.gateway.daphne_writer import SCOPE_KEY
from realtime.gateway.live import LiveApplication
from realtime.hub.limits import Limits
from server.bodies import BoundedBody
from server.problems import unreadable

logger = logging.getLogger(__name__)

BACKLOG: Final = 4096
ACCEPTS_A_TURN: Final = 10
FINISH_WITHIN_S: Final = 5.0  # for HTTP requests under way when we are told to stop


class PatientPort(tcp.Port):
    """Takes a few new connections in each turn of the loop.

    Twisted takes 100 and more when a storm comes; a turn then lasts half a second, and a look into PostgreSQL needs
    several: the tail saw "no answer within 1 s" from a database that was idle. The backlog holds those who wait.
    """

    @property
    def numberAccepts(self) -> int:
        """Always the same."""
        return ACCEPTS_A_TURN

    @numberAccepts.setter
    def numberAccepts(self, wanted: int) -> None:
        """Twisted's own scaling is not wanted."""


def unprinted(value: object) -> str:
    """In place of Autobahn's `pformat`, which it calls at each connection for a debug line that nobody reads.

    It was 13 % of the CPU of 10,000 reconnects.
    """
    return "not printed"


class BoundedRequest(BoundedBody, daphne.http_protocol.WebRequest):
    """Daphne's request, of whose body no more is kept than anybody may send; its own refusals are ours in words."""

    def basic_error(self, status: int, status_text: bytes, body: str) -> None:
        """Answers what never reaches Django."""
        kind = (b"Content-Type", b"application/problem+json")
        answer: Any = self.handle_reply
        answer({"type": "http.response.start", "status": status, "headers": [kind]})
        answer({"type": "http.response.body", "body": unreadable(status)})


class RelayServer(Server):
    """One process: HTTP and `/live`."""

    def __init__(self, application: Any, live: LiveApplication, limits: Limits, endpoints: list[str]) -> None:
        super().__init__(  # type: ignore[no-untyped-call]
            application,
            endpoints=endpoints,
            signal_handlers=False,  # SIGTERM drains first
            action_logger=None,
            websocket_timeout=-1,  # never by age: a wall runs for weeks
            websocket_max_message_size=limits.client_chars,
            websocket_max_frame_size=limits.client_chars,
            server_name="relay60",
            verbosity=1,
            ready_callable=self._ready,
        )
        self._live = live
        self._ports: list[Any] = []
        self._stopping: asyncio.Task[None] | None = None

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        """Puts the protocol where the gateway finds it."""
        if scope["type"] == "websocket":
            scope[SCOPE_KEY] = protocol
        return super().create_application(protocol, scope)  # type: ignore[no-untyped-call]

    def listen_success(self, port: Any) -> None:
        """Keeps the port, to stop listening before draining."""
        super().listen_success(port)  # type: ignore[no-untyped-call]
        port.__class__ = PatientPort
        self._ports.append(port)

    def _ready(self) -> None:
        """Called with the loop set, just before it runs."""
        # Bad frames end in a close that says why; Autobahn's default is to drop the connection without a word.
        self.ws_factory.setProtocolOptions(failByDrop=False)
        loop = asyncio.get_event_loop()
        loop.call_soon(self._live.start)
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop_soon)

    def _stop_soon(self) -> None:
        if self._stopping is None:
            self._stopping = asyncio.ensure_future(self._drain_and_stop())

    async def _drain_and_stop(self) -> None:
        """Stop listening, send the screens away, finish what is under way, end."""
        logger.info("draining %s connections", len(self.connections))
        for port in self._ports:
            port.stopListening()
        try:
            await self._live.stop()
            await self._finish_requests()
        finally:
            self.stop()  # type: ignore[no-untyped-call]

    async def _finish_requests(self) -> None:
        """HTTP answers under way are written out."""
        under_way = [
            details["application_instance"]
            for details in self.connections.values()
            if "application_instance" in details and "disconnected" not in details
        ]
        if under_way:
            _, unfinished = await asyncio.wait(under_way, timeout=FINISH_WITHIN_S)
            if unfinished:
                logger.warning("%s requests were still under way after %s s", len(unfinished), FINISH_WITHIN_S)

    def kill_all_applications(self) -> Any:
        """Daphne's own expects an application at every connection; reaped ones have none."""
        for protocol in [p for p, details in self.connections.items() if "application_instance" not in details]:
            del self.connections[protocol]
        return super().kill_all_applications()  # type: ignore[no-untyped-call]


def endpoint(bind: str, port: int, tls_cert: str | None = None, tls_key: str | None = None) -> str:
    """Twisted's description of where to listen; with a certificate the port speaks TLS."""
    place = f"port={port}:interface={_escaped(bind)}:backlog={BACKLOG}"
    if tls_cert and tls_key:
        return f"ssl:{place}:privateKey={_escaped(tls_key)}:certKey={_escaped(tls_cert)}"
    return f"tcp:{place}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(":", "\\:")


def prepare_process() -> None:
    """Room for many sockets, and no long pauses: a full collection over 10,000 of them takes a tenth of a second."""
    autobahn.websocket.protocol.pformat = unprinted  # type: ignore[attr-defined, assignment]
    daphne.http_protocol.WebRequest = BoundedRequest  # type: ignore[misc]  # its factory makes every request from this name
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
