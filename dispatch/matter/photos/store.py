"""Where photos lie: files under the data directory, sealed, on the disk before anybody is told that they are kept.

A file has its whole content under its name or is not there: it is written beside it, flushed, renamed, and the
directory is flushed. Names say nothing but the photo's id.
"""

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from command.sealing import opened, sealed

Size = Literal["full", "thumb"]
SIZES: Final[tuple[Size, ...]] = ("full", "thumb")
PARTIAL: Final = ".partial"


def keep(photo_id: UUID, size: Size, plain: bytes, key: bytes) -> None:
    """Seals and writes one picture; when it returns, the disk has it. Raises OSError (disk full, no right)."""
    path = _path(photo_id, size)
    if not path.parent.is_dir():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _flush(path.parent.parent)
    box = sealed(AESGCM(key), plain, _binding(photo_id, size))
    partial = path.with_name(path.name + PARTIAL)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(box)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        partial.unlink(missing_ok=True)  # half a picture is no use to anybody, and the disk may be full
        raise
    partial.rename(path)
    _flush(path.parent)


def kept(photo_id: UUID, size: Size, key: bytes) -> bytes:
    """One picture in clear. Raises OSError when the file is gone, CannotOpen when it is not what was kept."""
    return opened(AESGCM(key), _path(photo_id, size).read_bytes(), _binding(photo_id, size))


def remove(photo_id: UUID) -> None:
    """Removes the pictures of a photo; those that are gone already do no harm."""
    for size in SIZES:
        _path(photo_id, size).unlink(missing_ok=True)


def older_than(age_s: float) -> Iterator[UUID]:
    """Photos whose files are older than `age_s`; what was left half written and is that old is removed on the way."""
    before = time.time() - age_s
    for path in _root().glob("??/*"):
        try:
            if path.stat().st_mtime > before:
                continue
            if path.suffix == PARTIAL:
                path.unlink(missing_ok=True)
            elif path.suffix == ".full":
                yield UUID(path.stem)
        except (FileNotFoundError, ValueError):
            continue


def _root() -> Path:
    folder: Path = settings.DATA_DIR / "uploads" / "photos"
    return folder


def _path(photo_id: UUID, size: Size) -> Path:
    return _root() / photo_id.hex[:2] / f"{photo_id}.{size}"


def _binding(photo_id: UUID, size: Size) -> bytes:
    return f"photo:{photo_id}:{size}".encode()


def _flush(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
