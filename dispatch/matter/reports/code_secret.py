"""The secret behind query codes: derived from the master key, which is kept as long as there is personal data.

Not from the key that signs sessions: that one may be changed, and every printed code must stay what it is.
"""

from functools import cache
from typing import Final

from command.sealing import secret_for

_PURPOSE: Final = b"relay60.query_code"


@cache
def code_secret() -> bytes:
    """32 bytes, read once a process. Raises OSError without the master key's file."""
    return secret_for(_PURPOSE)
