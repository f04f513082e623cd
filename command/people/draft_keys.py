"""The key to what a person has half written on a device: made from the master key, told to that person alone.

The device keeps the public half and seals with it, also without a network; what opens is told after the sign-in, and
lives in the page's memory only. Nothing of it is stored here: the same person gets the same key, as long as the master
key is the same. Source: docs/decisions/0021-half-written-work-is-sealed-to-its-writer.md.
"""

import hashlib
import hmac
from dataclasses import dataclass
from functools import cache
from typing import Final
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec

from command.base64url import base64url
from command.sealing import secret_for

_PURPOSE: Final = b"relay60.drafts"
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256: FIPS 186-4, D.1.2.3
_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class DraftKey:
    """A key on P-256 as JWK has it (RFC 7518, 6.2): base64url without padding. `d` is the secret half."""

    x: str
    y: str
    d: str


def draft_key(person_id: UUID) -> DraftKey:
    """The person's key. Raises OSError without the master key's file."""
    wide = hmac.new(
        _secret(), person_id.bytes, hashlib.sha512
    ).digest()  # twice the order's length: no bias that counts
    secret = int.from_bytes(wide) % (_ORDER - 1) + 1
    point = ec.derive_private_key(secret, ec.SECP256R1()).public_key().public_numbers()
    return DraftKey(x=_base64url(point.x), y=_base64url(point.y), d=_base64url(secret))


@cache
def _secret() -> bytes:
    return secret_for(_PURPOSE)


def _base64url(number: int) -> str:
    return base64url(number.to_bytes(_BYTES))
