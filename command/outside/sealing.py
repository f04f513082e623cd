"""Secrets of outside ways and of browsers at rest, under a key made from the master key, bound to the row."""

from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from command import sealing

_PURPOSE: Final = b"relay60.outside"


def seal(secret: str, row_id: UUID) -> bytes:
    """What is stored of a secret. Raises OSError without the master key's file."""
    return sealing.sealed(_cipher(), secret.encode(), row_id.bytes)


def opened(sealed: bytes, row_id: UUID) -> str:
    """The secret. Raises CannotOpen when the master key is another, or the bytes another row's; OSError."""
    return sealing.opened(_cipher(), sealed, row_id.bytes).decode()


def _cipher() -> AESGCM:
    return AESGCM(sealing.secret_for(_PURPOSE))
