"""The way out under Daphne: straight to the kernel's socket while Twisted's buffer for it is empty.

Measured (docs/decisions): one frame to 10,000 sockets, p50 77 ms against 542 through `send`; what costs is neither
framing nor Python but Twisted's buffer-and-wake per write. It reaches into the transport, so Daphne's version is pinned
here, and only a plain TCP transport with the WebSocket open is written to: under TLS the wrapper passes `.socket`
through, and a frame written there would leave unencrypted. Pings and the closing handshake stay the server's.
"""

import socket
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Final

import daphne
from autobahn.websocket.protocol import WebSocketProtocol as Autobahn
from twisted.internet.abstract import FileDescriptor
from twisted.internet.tcp import Server as PlainTcp
from twisted.protocols.tls import BufferingTLSTransport

from realtime.hub.framing import Frame
from realtime.hub.limits import Limits
from realtime.hub.writer import Writer, taken_one_by_one

PINNED_DAPHNE: Final = "4.2.3"
SCOPE_KEY: Final = "relay60.protocol"  # where server/serve.py puts Daphne's protocol into the ASGI scope
_OPEN: Final = Autobahn.STATE_OPEN

if daphne.__version__ != PINNED_DAPHNE:
    raise ImportError(f"the socket writer was proven against Daphne {PINNED_DAPHNE}, not {daphne.__version__}")
for _name in ("dataBuffer", "offset"):
    if not hasattr(FileDescriptor, _name):
        raise ImportError(f"Twisted's transport has no {_name} any more: test the socket writer again")


def writer_for(protocol: Any, limits: Limits) -> Writer:
    """The writer that fits the protocol's transport: direct for plain TCP, through the server for anything else."""
    transport = protocol.transport
    if type(transport) is PlainTcp:
        transport.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.send_buffer_bytes)
        return DirectWriter(protocol)
    return ServerWriter(protocol, limits.tls_buffer_bytes)


class _Closing(ABC):
    """Closing and aborting, the same on every transport."""

    __slots__ = ("_protocol",)

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol

    @abstractmethod
    def ready(self) -> bool:
        """Whether a write would be taken now."""

    def close(self, code: int, reason: str) -> None:
        """Writes a close frame; without an answer Autobahn drops the connection after a second.

        A connection that still has bytes waiting could not be told: it is aborted.
        """
        protocol = self._protocol
        if protocol.state != _OPEN:
            return
        if not self.ready():
            self.abort()
            return
        protocol.sendCloseFrame(code=code, reasonUtf8=reason.encode()[:120], isReply=False)

    def abort(self) -> None:
        """Resets the connection."""
        self._protocol.transport.abortConnection()


class DirectWriter(_Closing):
    """Plain TCP: `socket.send`, and what the kernel did not take goes through Twisted."""

    __slots__ = ("_send", "_transport")

    def __init__(self, protocol: Any) -> None:
        super().__init__(protocol)
        self._transport: Any = protocol.transport
        self._send = protocol.transport.socket.send

    def write(self, frame: Frame) -> bool:
        """The hot path: two looks at the buffer, one at the state, one system call."""
        transport = self._transport
        if transport._tempDataBuffer or transport.dataBuffer or self._protocol.state != _OPEN:
            return False
        return self._hand_over(frame.wire)

    def write_run(self, frames: Sequence[Frame]) -> int:
        """All in one system call: half the CPU of bringing a screen up went into a call per frame."""
        if not frames or not self.ready():
            return 0
        return len(frames) if self._hand_over(b"".join([frame.wire for frame in frames])) else 0

    def _hand_over(self, wire: bytes) -> bool:
        try:
            sent = self._send(wire)
        except BlockingIOError:
            sent = 0
        except OSError:
            return False  # lost; Twisted learns it from its own next read
        if sent != len(wire):
            self._transport.write(wire[sent:])
        return True

    def ready(self) -> bool:
        """Twisted holds nothing, and the WebSocket is open."""
        transport = self._transport
        return not transport._tempDataBuffer and not transport.dataBuffer and self._protocol.state == _OPEN


class ServerWriter(_Closing):
    """Any other transport: through Daphne, with a bound on what may wait in the process."""

    __slots__ = ("_bound",)

    def __init__(self, protocol: Any, bound: int) -> None:
        super().__init__(protocol)
        self._bound = bound

    def write(self, frame: Frame) -> bool:
        """Refuses above the bound. One message always fits below it, however large."""
        if not self.ready():
            return False
        self._protocol.serverSend(frame.text)
        return True

    def write_run(self, frames: Sequence[Frame]) -> int:
        """One by one: each is a message of its own."""
        return taken_one_by_one(self, frames)

    def ready(self) -> bool:
        """Less than the bound waits, and the WebSocket is open."""
        return self._protocol.state == _OPEN and waiting_bytes(self._protocol.transport) < self._bound


def waiting_bytes(transport: Any) -> int:
    """How much of what was written waits in the process, through all layers of a transport."""
    waiting = 0
    if isinstance(transport, BufferingTLSTransport):
        aggregator = transport._aggregator
        waiting += sum(map(len, getattr(aggregator, "_buffer", ())))
        waiting += sum(map(len, transport._appSendBuffer))
        transport = transport.transport
    if isinstance(transport, FileDescriptor):
        waiting += len(transport.dataBuffer) - transport.offset + transport._tempDataLen
    return waiting
