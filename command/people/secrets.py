"""Secrets that machines carry: made here, kept as digests. Pure but for randomness and the installation's key."""

import hashlib
import secrets
from typing import Final

from django.utils.crypto import salted_hmac

SECRET_BYTES: Final = 32
CODE_CHARS: Final = 6
CODE_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # no 0 O 1 I: it is read off a wall


def new_secret() -> str:
    """A secret of 32 random bytes, as text for a header."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_of(key: str) -> str:
    """The secret that belongs to a random key: who repeats the key is told the same, and it is nowhere kept."""
    return salted_hmac("command.people.secrets", key, algorithm="sha256").hexdigest()


def new_code() -> str:
    """A pairing code that is read off one screen and typed into another."""
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_CHARS))


def source_digest(source: str) -> bytes:
    """Under which is counted what comes from one source, without keeping its address."""
    return salted_hmac("command.people.sources", source, algorithm="sha256").digest()


def digest(secret: str) -> bytes:
    """What is stored of a secret. A plain sha256 is enough: 32 random bytes can't be guessed."""
    return hashlib.sha256(secret.encode()).digest()
