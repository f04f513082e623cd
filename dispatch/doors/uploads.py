"""Stops a file that is too large while it comes in, whoever sends it: none is ever whole in memory.

First among Django's upload handlers, since whatever looks into a form (the CSRF check does) reads all of it.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from dispatch.matter.photos.errors import MAX_BYTES

_FORM_BYTES = 64 * 1024  # what a form may have around its file
_MARK = "upload_refused"


class LimitedUpload(FileUploadHandler):
    """Passes on what it is given until it is too much; then the request is marked, and nothing more is read."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # Django's name
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> "tuple[QueryDict, MultiValueDict[str, UploadedFile[bytes]]] | None":
        """A request that says itself that it is too large is not read at all."""
        self._bytes = 0
        if content_length > MAX_BYTES + _FORM_BYTES:
            setattr(self.request, _MARK, True)
            return QueryDict(), MultiValueDict()
        return None

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Counts."""
        self._bytes += len(raw_data)
        if self._bytes > MAX_BYTES:
            setattr(self.request, _MARK, True)
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""


def was_refused(request: HttpRequest) -> bool:
    """Whether a file of this request was too large. Ask after its form was read."""
    return bool(getattr(request, _MARK, False))
