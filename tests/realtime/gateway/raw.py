"""A client below the WebSocket library: reads only when told, with the smallest receive buffer."""

import json
import os
import socket
import struct
import time
from pathlib import Path
from typing import Any, Final

from tests.live.waiting import wait_for

_HANDSHAKE = (
    b"GET /live HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


_GONE: Final = (7, 8)  # tcpi_state CLOSE, CLOSE_WAIT (include/net/tcp_states.h)


class RawSocket:
    """One TCP connection, upgraded by hand."""

    def __init__(self, port: int) -> None:
        self._socket = socket.socket()
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        self._socket.connect(("127.0.0.1", port))
        self._socket.settimeout(20)
        self._socket.sendall(_HANDSHAKE)
        self._held = b""
        while b"\r\n\r\n" not in self._held:
            self._held += self._socket.recv(4_096)
        head, self._held = self._held.split(b"\r\n\r\n", 1)
        assert b" 101 " in head

    def hello(self, ticket: str, cursor: dict[str, Any]) -> None:
        """Says hello, and reads nothing."""
        self.say({"frame": "hello", "ticket": ticket, "cursor": cursor})

    def say(self, frame: dict[str, Any]) -> None:
        """Sends one masked text frame."""
        payload = json.dumps(frame).encode()
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[n % 4] for n, byte in enumerate(payload))
        size = (
            bytes([0x80 | len(payload)])
            if len(payload) < 126
            else bytes([0x80 | 126]) + struct.pack("!H", len(payload))
        )
        self._socket.sendall(b"\x81" + size + mask + masked)

    def await_reset(self, within_s: float) -> None:
        """Returns when the other end has dropped the connection; looks without reading a byte."""
        wait_for(lambda: self._state() in _GONE, "a reset connection", within_s=within_s)

    def _state(self) -> int:
        return self._socket.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0]

    def unsent_bytes(self) -> int:
        """What the kernel holds at the gateway's end for us (`tx_queue` of /proc/net/tcp)."""
        here, there = self._socket.getsockname()[1], self._socket.getpeername()[1]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            words = line.split()
            if words[1].endswith(f":{there:04X}") and words[2].endswith(f":{here:04X}"):
                return int(words[4].split(":")[0], 16)
        return 0

    def read_frame(self) -> dict[str, Any] | None:
        """The next text frame; None at a close or the end."""
        header = self._exactly(2)
        size = header[1]
        if size == 126:
            (size,) = struct.unpack("!H", self._exactly(2))
        elif size == 127:
            (size,) = struct.unpack("!Q", self._exactly(8))
        payload = self._exactly(size)
        assert header[0] in (0x81, 0x88), f"the stream is torn: {header!r}"
        if header[0] == 0x88:
            return None
        frame: dict[str, Any] = json.loads(payload)
        return frame

    def read_facts_up_to(self, seq: int, within_s: float) -> list[int]:
        """The seqs of all facts until `seq` came, answering as a screen does."""
        seqs: list[int] = []
        until = time.monotonic() + within_s
        while (not seqs or seqs[-1] < seq) and time.monotonic() < until:
            frame = self.read_frame()
            if frame is None:
                break
            if frame["frame"] == "fact":
                seqs.append(frame["through"])
            if frame["frame"] in ("fact", "beat"):
                self.say({"frame": "seen", "through": frame["through"], "displayed": frame["through"]})
        return seqs

    def close(self) -> None:
        """Ends it."""
        self._socket.close()

    def _exactly(self, size: int) -> bytes:
        while len(self._held) < size:
            more = self._socket.recv(65_536)
            if not more:
                raise ConnectionError("the connection has ended")
            self._held += more
        taken, self._held = self._held[:size], self._held[size:]
        return taken
