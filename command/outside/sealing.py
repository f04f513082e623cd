"""Secrets of outside ways at rest: AES-256-GCM under a key made from the master key, bound to the row."""

import hashlib
import hmac
import os
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_PURPOSE: Final = b"relay60.outside"
_NONCE_BYTES: Final = 12


class CannotOpen(Exception):
    """The master key is another than at sealing, or the bytes are another row's: the secret is to be entered again."""


def seal(secret: str, way_id: UUID) -> bytes:
    """What is stored of a secret. Raises OSError without the master key's file."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + _cipher().encrypt(nonce, secret.encode(), way_id.bytes)


def opened(sealed: bytes, way_id: UUID) -> str:
    """The secret. Raises CannotOpen, OSError."""
    try:
        return _cipher().decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], way_id.bytes).decode()
    except InvalidTag as error:
        raise CannotOpen(f"the secret of outside way {way_id} does not open") from error


def _cipher() -> AESGCM:
    return AESGCM(hmac.new(settings.MASTER_KEY_FILE.read_bytes().strip(), _PURPOSE, hashlib.sha256).digest())
