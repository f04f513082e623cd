"""What is sealed at rest: AES-256-GCM, bound to its row; and secrets made from the master key, one for each purpose."""

import hashlib
import hmac
import os
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES: Final = 12  # NIST SP 800-38D: random 96 bits, far below 2^32 seals per key


class CannotOpen(Exception):
    """The sealed bytes are not those of this row, or the key is another than at sealing."""


def sealed(cipher: AESGCM, plain: bytes, bound_to: bytes) -> bytes:
    """Nonce and ciphertext. Put beside another row than `bound_to`, they do not open."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + cipher.encrypt(nonce, plain, bound_to)


def opened(cipher: AESGCM, box: bytes, bound_to: bytes) -> bytes:
    """What was sealed for that row. Raises CannotOpen."""
    try:
        return cipher.decrypt(box[:_NONCE_BYTES], box[_NONCE_BYTES:], bound_to)
    except InvalidTag as error:
        raise CannotOpen(f"sealed bytes of {bound_to!r} do not open") from error


def secret_for(purpose: bytes) -> bytes:
    """32 bytes, the same as long as the master key is the same; no other purpose has them. Reads the key's file.

    Raises OSError without the master key's file.
    """
    return hmac.new(settings.MASTER_KEY_FILE.read_bytes().strip(), purpose, hashlib.sha256).digest()
