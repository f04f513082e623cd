"""The secret behind query codes: derived from the master key, which is kept as long as there is personal data.

Not from the key that signs sessions: that one may be changed, and every printed code must stay what it is.
"""

import hashlib
import hmac
from functools import cache
from typing import Final

from django.conf import settings

_PURPOSE: Final = b"relay60.query_code"


@cache
def code_secret() -> bytes:
    """32 bytes, read once a process. Raises OSError without the master key's file."""
    return hmac.new(settings.MASTER_KEY_FILE.read_bytes().strip(), _PURPOSE, hashlib.sha256).digest()
