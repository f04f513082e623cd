"""Notes for the next shift at rest, under a key made from the master key, bound to their handover."""

from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from command import sealing

_PURPOSE: Final = b"relay60.handover"


def seal(notes: str, handover_id: UUID) -> bytes:
    """What is stored of them. Raises OSError without the master key's file."""
    return sealing.sealed(_cipher(), notes.encode(), handover_id.bytes)


def opened(box: bytes, handover_id: UUID) -> str:
    """The notes. Raises CannotOpen when the master key is another, or the bytes another row's; OSError."""
    return sealing.opened(_cipher(), box, handover_id.bytes).decode()


def _cipher() -> AESGCM:
    return AESGCM(sealing.secret_for(_PURPOSE))
