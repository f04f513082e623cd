"""Cells made from nothing tile their extent, nest, and come out the same each time. Rules: docs/rules.md, "Places"."""

from collections import Counter

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Point, Polygon, box

from gis.grid.generation import Counts, NotTiled, PlannedCell, check_tiled, generate
from gis.grid.tiers import Tier
from tests.gis.grid.conftest import COUNTS, EXTENT


def test_each_tier_has_the_number_asked_for(generated: list[PlannedCell]):
    assert Counter(cell.tier for cell in generated) == {
        Tier.DISTRICT: 1,
        Tier.TOWNSHIP: COUNTS.townships,
        Tier.COMMUNITY: COUNTS.communities,
        Tier.GRID: COUNTS.grids,
        Tier.MICRO_GRID: COUNTS.micro_grids,
    }


def test_codes_grow_by_their_tiers_digits_and_paths_by_codes(generated: list[PlannedCell]):
    digits = {Tier.DISTRICT: 6, Tier.TOWNSHIP: 9, Tier.COMMUNITY: 12, Tier.GRID: 15, Tier.MICRO_GRID: 17}
    for cell in generated:
        assert len(cell.code) == digits[cell.tier]
        assert cell.path == (f"{cell.parent_path}/{cell.code}" if cell.parent_path else "330199")
    assert len({cell.code for cell in generated}) == len(generated)


def test_children_are_exactly_their_parent(generated: list[PlannedCell]):
    for parent in generated:
        children = [cell.polygon for cell in generated if cell.parent_path == parent.path]
        if children:
            together = shapely.coverage_union_all(children)
            assert together.symmetric_difference(parent.polygon).area == pytest.approx(0, abs=1e-15)
            assert sum(child.area for child in children) == pytest.approx(parent.polygon.area, rel=1e-9)


def test_every_point_of_the_extent_lies_in_a_smallest_cell(generated: list[PlannedCell]):
    smallest = [cell.polygon for cell in generated if cell.tier is Tier.MICRO_GRID]
    west, south, east, north = EXTENT.bounds
    for across in range(40):
        for up in range(40):
            point = Point(west + (east - west) * across / 40, south + (north - south) * up / 40)
            if EXTENT.buffer(-1e-6).contains(point):
                assert sum(polygon.covers(point) for polygon in smallest) >= 1


def test_the_same_seed_gives_the_same_cells(generated: list[PlannedCell]):
    again = generate(EXTENT, code="330199", name="河湾区", counts=COUNTS, seed=7)
    assert [(cell.path, cell.name, cell.polygon.wkb) for cell in again] == [
        (cell.path, cell.name, cell.polygon.wkb) for cell in generated
    ]
    other = generate(EXTENT, code="330199", name="河湾区", counts=COUNTS, seed=8)
    assert other[5].polygon != generated[5].polygon


NOTCHED = Polygon([(0, 0), (4, 0), (4, 3), (2.2, 3), (2.2, 1), (1.8, 1), (1.8, 3), (0, 3)])
ISLANDS = MultiPolygon([box(0, 0, 1, 1), box(2, 0, 3, 2)])
HOLED = Polygon([(0, 0), (3, 0), (3, 3), (0, 3)], [[(1, 1), (2, 1), (2, 2), (1, 2)]])


@pytest.mark.parametrize("extent", [NOTCHED, ISLANDS, HOLED], ids=["notched", "islands", "holed"])
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=8, deadline=None)
def test_any_extent_is_tiled(extent: Polygon | MultiPolygon, seed: int):
    cells = generate(extent, code="x", name="x", counts=Counts(2, 4, 9, 40), seed=seed)
    check_tiled(cells, extent)  # would raise; `generate` has done it too


def test_one_cell_a_tier_is_the_extent_itself():
    cells = generate(box(0, 0, 1, 1), code="x", name="x", counts=Counts(1, 1, 1, 1), seed=1)
    assert len(cells) == 5
    assert all(cell.polygon.area == pytest.approx(1) for cell in cells)


def test_counts_that_cannot_nest_are_refused():
    with pytest.raises(ValueError, match="at least as many"):
        generate(EXTENT, code="x", name="x", counts=Counts(2, 1, 5, 10), seed=1)


def test_more_micro_grids_than_two_digits_hold_are_refused():
    with pytest.raises(ValueError, match="can't be numbered"):
        generate(EXTENT, code="x", name="x", counts=Counts(1, 1, 1, 120), seed=1)


def _cells(*polygons: Polygon) -> list[PlannedCell]:
    return [
        PlannedCell(str(number), "x", Tier.GRID, str(number), None, MultiPolygon([polygon]))
        for number, polygon in enumerate(polygons)
    ]


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (_cells(box(0, 0, 1.1, 2), box(1, 0, 2, 2)), "overlap"),
        (_cells(box(0, 0, 0.9, 2), box(1, 0, 2, 2)), "fill"),
        (_cells(box(0, 0, 1, 2), box(1, 0, 2, 1), box(1, 1, 2, 2)), "corners"),
        (_cells(box(0, 0, 1, 2), box(5, 0, 6, 2)), "together"),
    ],
    ids=["overlap", "gap", "corner missing on the other side", "outside"],
)
def test_what_is_not_tiled_is_found(cells: list[PlannedCell], fault: str):
    with pytest.raises(NotTiled, match=fault):
        check_tiled(cells, box(0, 0, 2, 2))
