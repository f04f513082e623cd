"""Query codes (查询码): what a reporter follows an issue with, without an account. Pure.

A code is twelve characters, 60 bits, of an HMAC over the report's id: it can be printed again, and the database only
holds its sha256. The alphabet leaves out I, L, O and U; what people take for one another is read as meant.
"""

import hashlib
import hmac
from typing import Final
from uuid import UUID

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
CODE_CHARS: Final = 12
_BITS: Final = 5
_MEANT: Final = str.maketrans({"O": "0", "I": "1", "L": "1", "U": "V", "-": None, " ": None})
_FULL_WIDTH: Final = str.maketrans({chr(0xFF00 + place): chr(0x20 + place) for place in range(1, 95)})


def code_of(report_id: UUID, secret: bytes) -> str:
    """The query code of a report under the installation's secret."""
    digest = hmac.new(secret, report_id.bytes, hashlib.sha256).digest()
    bits = int.from_bytes(digest[:8], "big") >> (64 - CODE_CHARS * _BITS)
    return "".join(ALPHABET[bits >> shift & 31] for shift in range((CODE_CHARS - 1) * _BITS, -1, -_BITS))


def shown(code: str) -> str:
    """A code as it is printed: three groups of four."""
    return "-".join(code[start : start + 4] for start in range(0, CODE_CHARS, 4))


def read(typed: str) -> str | None:
    """The code that somebody typed, in whatever case, groups or width; None for what can be none."""
    plain = typed.translate(_FULL_WIDTH).upper().translate(_MEANT).strip()
    if len(plain) != CODE_CHARS or any(character not in ALPHABET for character in plain):
        return None
    return plain


def hash_of(code: str) -> bytes:
    """What the database keeps of a code."""
    return hashlib.sha256(code.encode()).digest()
