"""What hangs on cells and is not known here: filled by server, which knows every part."""

from collections.abc import Mapping, Sequence
from typing import Protocol
from uuid import UUID

from shapely import MultiPolygon


class Surroundings(Protocol):
    """What an import asks and tells those who use cells."""

    def open_issues_in(self, cell_ids: Sequence[UUID]) -> int:
        """How many open issues lie in these cells."""

    def posts_of(self, cell_ids: Sequence[UUID]) -> Mapping[str, int]:
        """How many posts that are held now are responsible for these cells, by the short names of their units."""

    def units_of(self, centre_id: UUID, paths: Sequence[str]) -> Sequence[str]:
        """The short names of units in use that answer for these very places."""

    def outline_changed(self, centre_id: UUID, outline: MultiPolygon) -> None:
        """The district now has this outline. Inside the import's transaction."""

    def cells_ended(self, centre_id: UUID) -> int:
        """Cells have ended: moves what is open in them by facts. After the import's commit; how many were moved."""
