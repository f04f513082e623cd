"""Personal data at rest: AES-256-GCM with a key of its own per issue, itself sealed by the master key. Pure.

Destroying an issue's key erases all its personal data, also in every backup taken after that row was gone. Sealed
bytes are bound to the row that they belong to: moved to another row, they do not open.
"""

import base64
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from command.sealing import opened, sealed

KEY_BYTES: Final = 32


class MasterKey:
    """Wraps and unwraps the keys of issues. One per installation, from a file outside the database."""

    def __init__(self, secret: bytes) -> None:
        """`secret`: 32 bytes. Raises ValueError for any other length."""
        if len(secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes, not {len(secret)}")
        self._cipher = AESGCM(secret)

    @classmethod
    def of_file(cls, path: Path) -> "MasterKey":
        """Reads base64 text. Raises OSError without the file, ValueError for other content."""
        return cls(base64.b64decode(path.read_text(encoding="ascii").strip(), validate=True))

    def new_key(self, bound_to: str) -> bytes:
        """A fresh key for one issue, wrapped: only this form is stored."""
        return sealed(self._cipher, AESGCM.generate_key(bit_length=KEY_BYTES * 8), bound_to.encode())

    def unwrap(self, wrapped: bytes, bound_to: str) -> "IssueSeal":
        """The seal of the issue whose wrapped key this is. Raises CannotOpen."""
        return IssueSeal(opened(self._cipher, wrapped, bound_to.encode()))


class IssueSeal:
    """Seals and opens what one issue keeps of people."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, plain: str, bound_to: str) -> bytes:
        """Nonce and ciphertext of `plain`; `bound_to` names the row, as `report:<id>`."""
        return sealed(self._cipher, plain.encode(), bound_to.encode())

    def open(self, box: bytes, bound_to: str) -> str:
        """What was sealed for that row. Raises CannotOpen."""
        return opened(self._cipher, box, bound_to.encode()).decode()
