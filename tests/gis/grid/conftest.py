"""Centres that have cells and nothing else: one generated, one of four squares drawn by hand."""

from uuid import UUID, uuid4

import pytest
from shapely import MultiPolygon, Polygon, box

from gis.grid import actions
from gis.grid.generation import Counts, PlannedCell, generate
from gis.grid.tiers import Tier

EXTENT = Polygon(
    [(120.31, 30.62), (120.36, 30.605), (120.41, 30.63), (120.405, 30.66), (120.37, 30.685), (120.33, 30.67)]
)
COUNTS = Counts(townships=2, communities=5, grids=12, micro_grids=60)
# Four square grids around (120.005, 30.005), drawn by hand: two communities of two grids each.
SQUARE = 0.005  # degrees: 557 m north, 482 m east


@pytest.fixture(scope="session")
def generated() -> list[PlannedCell]:
    """The cells of `EXTENT`."""
    return generate(EXTENT, code="330199", name="河湾区", counts=COUNTS, seed=7)


@pytest.fixture
def laid(db: None, generated: list[PlannedCell]) -> UUID:
    """A centre with the generated cells."""
    centre_id = uuid4()
    actions.lay(centre_id, generated)
    return centre_id


@pytest.fixture
def squares(db: None) -> UUID:
    """A centre of four square grids: community w (grids sw, nw), community e (grids se, ne)."""
    centre_id = uuid4()
    actions.lay(
        centre_id,
        [
            _square("d", Tier.DISTRICT, 0, 0, 2, 2),
            _square("d/t", Tier.TOWNSHIP, 0, 0, 2, 2),
            _square("d/t/w", Tier.COMMUNITY, 0, 0, 1, 2),
            _square("d/t/e", Tier.COMMUNITY, 1, 0, 2, 2),
            _square("d/t/w/sw", Tier.GRID, 0, 0, 1, 1),
            _square("d/t/w/nw", Tier.GRID, 0, 1, 1, 2),
            _square("d/t/e/se", Tier.GRID, 1, 0, 2, 1),
            _square("d/t/e/ne", Tier.GRID, 1, 1, 2, 2),
        ],
    )
    return centre_id


def _square(path: str, tier: Tier, west: int, south: int, east: int, north: int) -> PlannedCell:
    shape = box(120.0 + west * SQUARE, 30.0 + south * SQUARE, 120.0 + east * SQUARE, 30.0 + north * SQUARE)
    *above, code = path.split("/")
    return PlannedCell(code, code, tier, path, "/".join(above) or None, MultiPolygon([shape]))
