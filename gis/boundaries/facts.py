"""What an import tells the feed. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from realtime.feed.contract import Json


@dataclass(frozen=True, slots=True)
class CellsImported:
    """The centre's cells changed: screens that draw them fetch them again. Counts only; the rows have the rest."""

    name: ClassVar[str] = "cells.imported"
    object_kind: ClassVar[str] = "boundary_import"
    object_id: UUID
    begun: int
    changed: int
    ended: int
    valid_from: str

    @property
    def version(self) -> int:
        """An import is told once."""
        return 1

    @property
    def card(self) -> Mapping[str, Json]:
        """What it did; nothing stays on a screen."""
        return {
            "begun": self.begun,
            "changed": self.changed,
            "ended": self.ended,
            "open": False,
            "valid_from": self.valid_from,
        }

    def body(self) -> Mapping[str, Json]:
        """Who: an operator, at the machine."""
        return {"by": "system:import"}
