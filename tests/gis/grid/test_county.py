"""The demonstration county: its numbers, its outline, and the whole of it at full scale."""

from collections import Counter

import pytest
import shapely

from gis.grid.county import COUNTY, outline
from gis.grid.generation import check_tiled, generate
from gis.grid.tiers import Tier


def test_the_county_has_the_numbers_of_the_rules() -> None:
    assert (COUNTY.townships, COUNTY.communities, COUNTY.grids, COUNTY.micro_grids) == (17, 245, 1026, 8535)


@pytest.mark.parametrize("seed", range(8))
def test_an_outline_is_one_ring_of_the_area_asked_for(seed: int) -> None:
    found = outline(120.25, 30.55, area_km2=1300, seed=seed)
    assert found.is_valid
    assert not found.interiors
    projected = shapely.transform(found, lambda corners: corners * (111_195 * 0.8612, 111_195))  # cos 30.55°
    assert projected.area / 1e6 == pytest.approx(1300, rel=0.01)
    assert found.equals_exact(outline(120.25, 30.55, area_km2=1300, seed=seed), 0)
    assert not found.equals_exact(outline(120.25, 30.55, area_km2=1300, seed=seed + 100), 1e-4)


def test_an_area_is_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        outline(120, 30, area_km2=0, seed=1)


@pytest.mark.slow
def test_the_whole_county_is_tiled_and_comes_out_the_same() -> None:
    extent = outline(120.25, 30.55, area_km2=1300, seed=60)
    cells = generate(extent, code="330199", name="河湾区", counts=COUNTY, seed=60)
    assert Counter(cell.tier for cell in cells) == {
        Tier.DISTRICT: 1,
        Tier.TOWNSHIP: 17,
        Tier.COMMUNITY: 245,
        Tier.GRID: 1026,
        Tier.MICRO_GRID: 8535,
    }
    check_tiled(cells, extent)
    assert len({cell.code for cell in cells}) == len(cells)
    named = [cell.name for cell in cells if cell.tier in (Tier.TOWNSHIP, Tier.COMMUNITY)]
    assert len(set(named)) == len(named)
    again = generate(extent, code="330199", name="河湾区", counts=COUNTY, seed=60)
    assert [(cell.path, cell.name, cell.polygon.wkb) for cell in cells] == [
        (cell.path, cell.name, cell.polygon.wkb) for cell in again
    ]
