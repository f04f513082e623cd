"""A WebSocket text frame, built once and handed to every connection that gets it."""

from typing import Final

_FIN_TEXT: Final = 0x81  # RFC 6455, 5.2: FIN set, opcode text; a server never masks


class Frame:
    """The same message in the two forms in which it leaves: raw on the socket, or as text through ASGI `send`."""

    __slots__ = ("_header", "_text", "wire")

    def __init__(self, payload: bytes) -> None:
        """payload   UTF-8 JSON, without the WebSocket header"""
        header = header_of(len(payload))
        self.wire = header + payload
        self._header = len(header)
        self._text: str | None = None

    @property
    def payload(self) -> bytes:
        """The JSON bytes."""
        return self.wire[self._header :]

    @property
    def text(self) -> str:
        """The JSON text, decoded once however many connections need it."""
        if self._text is None:
            self._text = self.payload.decode()
        return self._text


def header_of(size: int) -> bytes:
    """The header of an unmasked, unfragmented text frame with `size` bytes of payload (RFC 6455, 5.2)."""
    if size < 126:
        return bytes((_FIN_TEXT, size))
    if size < 65_536:
        return bytes((_FIN_TEXT, 126)) + size.to_bytes(2, "big")
    return bytes((_FIN_TEXT, 127)) + size.to_bytes(8, "big")
