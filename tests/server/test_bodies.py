"""However much somebody sends, little of it is ever kept."""

import io

from twisted.web.http_headers import Headers

from server.bodies import MOST_BYTES, BoundedBody

MB = 1024 * 1024


class Kept:
    """What Twisted's request does with a body."""

    def gotLength(self, length: int | None) -> None:
        """A file for it."""
        self.length, self.content, self.requestHeaders = length, io.BytesIO(), Headers()

    def handleContentChunk(self, data: bytes) -> None:
        """Into the file."""
        self.content.write(data)

    def process(self) -> None:
        """On to the application."""
        self.named = self.requestHeaders.getRawHeaders(b"content-length")


class Request(BoundedBody, Kept):
    """As the server puts them together."""


def kept_of(length: int | None, *, megabytes: int) -> int:
    """How many bytes are kept of a body that comes in pieces of a megabyte."""
    request = Request()
    request.gotLength(length)
    for _ in range(megabytes):
        request.handleContentChunk(bytes(MB))
    return len(request.content.getvalue())


def test_an_ordinary_body_is_kept_whole() -> None:
    assert kept_of(3 * MB, megabytes=3) == 3 * MB
    assert kept_of(MOST_BYTES, megabytes=24) == MOST_BYTES


def test_of_a_body_that_names_too_much_nothing_is_kept() -> None:
    assert kept_of(40 * MB, megabytes=40) == 0


def test_a_body_without_a_length_is_cut() -> None:
    assert kept_of(None, megabytes=40) == MOST_BYTES


def test_of_a_body_without_a_length_the_length_is_named_when_it_is_known() -> None:
    """Else Django, which judges by it, takes what was cut for a form without a photo."""
    request = Request()
    request.gotLength(None)
    for _ in range(40):
        request.handleContentChunk(bytes(MB))
    request.process()
    assert request.named == [str(40 * MB).encode()]


def test_what_a_sender_names_is_left_as_it_is() -> None:
    request = Request()
    request.gotLength(MB)
    request.handleContentChunk(bytes(MB))
    request.process()
    assert request.named is None
