"""Secrets of outside ways and of browsers at rest."""

from typing import Final

from command.sealing import SealedText

SECRETS: Final = SealedText(b"relay60.outside")
