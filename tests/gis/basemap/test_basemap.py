"""Roads and water of an invented county: they run along its cells' borders, join its townships, come out the same."""

from collections import Counter
from uuid import uuid4

import pytest
import shapely
from shapely import LineString, MultiPolygon, Polygon, box

from gis.basemap import actions, queries
from gis.basemap.generation import PlannedFeature, draw
from gis.basemap.kinds import Kind
from gis.basemap.network import Net, borders, edge, length_m, lines, rounded, walked
from gis.grid.generation import Counts, PlannedCell, generate

EXTENT = Polygon([(120.3, 30.6), (120.45, 30.58), (120.5, 30.7), (120.4, 30.78), (120.28, 30.72)])


@pytest.fixture(scope="module")
def cells() -> list[PlannedCell]:
    """A small county of four townships."""
    return generate(EXTENT, code="330199", name="河湾区", counts=Counts(4, 12, 60, 1300), seed=5)


@pytest.fixture(scope="module")
def drawn(cells: list[PlannedCell]) -> list[PlannedFeature]:
    """Its base map."""
    return draw(cells, seed=5)


def test_every_kind_is_there_water_first(drawn: list[PlannedFeature]) -> None:
    kinds = [feature.kind for feature in drawn]
    assert set(kinds) == set(Kind)
    assert max(kinds.index(kind) for kind in (Kind.RIVER, Kind.LAKE)) < kinds.index(Kind.TRUNK_ROAD)
    assert Counter(kinds)[Kind.LAKE] == 1


def test_all_of_it_lies_in_the_county(drawn: list[PlannedFeature]) -> None:
    around = EXTENT.buffer(1e-6)
    assert [feature.name for feature in drawn if not around.covers(feature.shape)] == []
    assert all(feature.shape.is_valid and not feature.shape.is_empty for feature in drawn)


def test_the_river_crosses_the_county(drawn: list[PlannedFeature]) -> None:
    [river] = [feature.shape for feature in drawn if feature.kind is Kind.RIVER]
    assert isinstance(river, LineString)
    for end in (river.coords[0], river.coords[-1]):
        assert EXTENT.exterior.distance(shapely.Point(end)) < 1e-6


def test_main_and_trunk_roads_reach_every_township(cells: list[PlannedCell], drawn: list[PlannedFeature]) -> None:
    roads = shapely.union_all([one.shape for one in drawn if one.kind in (Kind.MAIN_ROAD, Kind.TRUNK_ROAD)])
    townships = [cell.polygon for cell in cells if cell.tier == "township"]
    assert [township.intersects(roads) for township in townships] == [True] * 4


def test_the_same_seed_draws_the_same_map(cells: list[PlannedCell], drawn: list[PlannedFeature]) -> None:
    assert draw(cells, seed=5) == drawn
    assert draw(cells, seed=6) != drawn


def test_a_handful_of_cells_needs_no_roads() -> None:
    few = generate(EXTENT, code="330199", name="河湾区", counts=Counts(1, 1, 1, 1), seed=5)
    assert draw(few, seed=5) == []


# The net

LEFT, RIGHT = MultiPolygon([box(0, 0, 1, 1)]), MultiPolygon([box(1, 0, 2, 1)])


def test_a_border_between_two_cells_is_found_once_with_both() -> None:
    found = borders([LEFT, RIGHT])
    assert len(found) == 7
    assert found[edge((1.0, 1.0), (1.0, 0.0))] == 2
    assert found[edge((0.0, 0.0), (0.0, 1.0))] == 1


def test_the_shortest_way_is_walked() -> None:
    net = Net(borders([LEFT, RIGHT]))
    far, before = net.ways_from((0.0, 0.0), length_m)
    assert walked(before, (2.0, 0.0)) == [((1.0, 0.0), (2.0, 0.0)), ((0.0, 0.0), (1.0, 0.0))]
    assert far[(2.0, 0.0)] == pytest.approx(2 * 111_195, rel=1e-6)
    assert net.nearest(1.9, 0.8) == (2.0, 1.0)


def test_rounding_keeps_both_ends() -> None:
    bent = rounded(LineString([(0, 0), (1, 0), (1, 1)]))
    assert (bent.coords[0], bent.coords[-1]) == ((0, 0), (1, 1))
    assert len(bent.coords) > 5
    assert lines([]) == []


# Kept and read


def test_a_map_laid_again_takes_the_place_of_the_first(db: None, drawn: list[PlannedFeature]) -> None:
    centre_id = uuid4()
    actions.lay(centre_id, drawn)
    before = queries.stamp(centre_id)
    body = queries.as_geojson(centre_id)
    assert body.count(b'"Feature"') == len(drawn)
    assert body.index("清澜江".encode()) < body.index("国道".encode())
    actions.lay(centre_id, drawn[:3])
    assert queries.stamp(centre_id) != before
    assert queries.as_geojson(centre_id).count(b'"Feature"') == 3
    assert queries.as_geojson(uuid4()) == b'{"type" : "FeatureCollection", "features" : []}'
