"""What is sealed at rest: AES-256-GCM, bound to its row; and secrets made from the master key, one for each purpose."""

import hashlib
import hmac
import os
from dataclasses import dataclass
from typing import Final
from uuid import UUID

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


@dataclass(frozen=True, slots=True)
class SealedText:
    """Texts of one purpose at rest, under a key made from the master key, each bound to its row."""

    purpose: bytes

    def seal(self, text: str, row_id: UUID) -> bytes:
        """What is stored of it. Raises OSError without the master key's file."""
        return sealed(self._cipher(), text.encode(), row_id.bytes)

    def opened(self, box: bytes, row_id: UUID) -> str:
        """The text. Raises CannotOpen when the master key is another, or the bytes another row's; OSError."""
        return opened(self._cipher(), box, row_id.bytes).decode()

    def _cipher(self) -> AESGCM:
        return AESGCM(secret_for(self.purpose))


def secret_for(purpose: bytes) -> bytes:
    """32 bytes, the same as long as the master key is the same; no other purpose has them. Reads the key's file.

    Raises OSError without the master key's file.
    """
    return hmac.new(settings.MASTER_KEY_FILE.read_bytes().strip(), purpose, hashlib.sha256).digest()
