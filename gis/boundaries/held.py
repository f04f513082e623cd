"""A cell that the centre has now, as the import compares its rows with it. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shapely import MultiPolygon

from gis.grid.tiers import Tier


@dataclass(frozen=True, slots=True)
class HeldCell:
    """A cell valid now; its polygon is (lon, lat) degrees, CGCS2000."""

    id: UUID
    code: str
    name: str
    tier: Tier
    path: str
    parent_id: UUID | None
    polygon: MultiPolygon
    valid_from: datetime


@dataclass(frozen=True, slots=True)
class HeldGrid:
    """All cells of a centre that are valid now, coarse before fine; `stamp` changes when any begins or ends."""

    cells: tuple[HeldCell, ...]
    stamp: str

    def by_code(self) -> Mapping[str, Sequence[HeldCell]]:
        """Cells by their own code, which is unique only where codes are given in full."""
        found: dict[str, list[HeldCell]] = defaultdict(list)
        for cell in self.cells:
            found[cell.code].append(cell)
        return found

    @property
    def district(self) -> HeldCell | None:
        """The root; None while the centre has no cells."""
        return next((cell for cell in self.cells if cell.tier is Tier.DISTRICT), None)
