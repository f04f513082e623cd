"""How much of a request's body is ever kept: Twisted would put all of it on the disk before anybody could refuse it.

What is too much is read and dropped, so that the sender hears the refusal: who is cut off while writing may never read
the answer. Django judges by the length that the request names (doors/uploads.py; DATA_UPLOAD_MAX_MEMORY_SIZE): of one
that names none, as a body in chunks does, the length is named when it is known.
"""

from typing import Any, Final

MOST_BYTES: Final = 24 * 1024 * 1024  # a photo of 20 MB and the form around it


class BoundedBody:
    """Stands before Twisted's request: passes on at most `MOST_BYTES` of a body, and nothing of one that names more."""

    _left = MOST_BYTES
    _unnamed = False  # the sender does not say how much comes
    _came = 0

    def gotLength(self, length: int | None) -> None:
        """The body is about to come; `length` None: the sender does not say how long."""
        named_too_much = length is not None and length > MOST_BYTES
        self._left = 0 if named_too_much else MOST_BYTES
        self._unnamed = length is None
        parent: Any = super()
        parent.gotLength(0 if named_too_much else length)

    def handleContentChunk(self, data: bytes) -> None:
        """A piece of the body."""
        self._came += len(data)
        kept = data[: self._left]
        self._left -= len(kept)
        if kept:
            parent: Any = super()
            parent.handleContentChunk(kept)

    def process(self) -> Any:
        """All of it has come."""
        request: Any = self
        parent: Any = super()
        if self._unnamed:
            request.requestHeaders.setRawHeaders(b"content-length", [str(self._came).encode()])
        return parent.process()
