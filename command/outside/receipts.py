"""By what a browser shows that it opened a push: a proof that came sealed in it. No session is asked for."""

import hashlib
import hmac
from collections.abc import Sequence
from functools import cache
from typing import Final
from uuid import UUID

from command.sealing import secret_for

_PURPOSE: Final = b"relay60.push.receipts"


def proof(device: UUID, attempts: Sequence[UUID]) -> str:
    """What goes with a push for these attempts to this device. Raises OSError without the master key's file."""
    told = device.bytes + b"".join(one.bytes for one in attempts)
    return hmac.new(_secret(), told, hashlib.sha256).hexdigest()


def proves(shown: str, device: UUID, attempts: Sequence[UUID]) -> bool:
    """Whether it is the one that went with that push."""
    return hmac.compare_digest(proof(device, attempts).encode(), shown.encode())


@cache
def _secret() -> bytes:
    return secret_for(_PURPOSE)
