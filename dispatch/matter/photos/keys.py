"""The key of a photo's or document's files, sealed by its issue's key, or by one of its own while it waits."""

import base64
from uuid import UUID

from dispatch.matter.issues.keys import master_key
from dispatch.matter.issues.sealing import IssueSeal
from dispatch.matter.photos.models import Photo


def file_key(row: Photo, seal: IssueSeal | None) -> bytes:
    """What opens a photo's files; `seal` is the issue's, None while there is none. Raises CannotOpen."""
    own = master_key().unwrap(bytes(row.wrapped), binding(row.pk)) if row.wrapped is not None else seal
    if own is None:
        raise ValueError(f"photo {row.pk} is sealed by its issue")
    return base64.b64decode(own.open(bytes(row.sealed_key), binding(row.pk)))


def binding(photo_id: UUID) -> str:
    """What a photo's sealed key is bound to."""
    return f"photo:{photo_id}"


def sealed_file_key(seal: IssueSeal, photo_id: UUID, key: bytes) -> bytes:
    """What is stored of the key that opens a photo's files."""
    return seal.seal(base64.b64encode(key).decode(), binding(photo_id))
