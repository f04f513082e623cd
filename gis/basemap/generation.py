"""Roads and water for invented cells. Pure; the same cells and seed give the same map.

Streets run between grids, main roads join the townships, two trunk roads and a river cross the county, streams run into
the river, lakes lie in single cells. Names are invented.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
import shapely
from shapely import LineString, MultiPolygon, Polygon

from gis.basemap.kinds import Kind
from gis.basemap.network import OUTER, Corner, Edge, Net, Weight, borders, edge, length_m, lines, walked
from gis.grid.generation import PlannedCell
from gis.grid.tiers import Tier

STREAMS: Final = 4
CELLS_PER_LAKE: Final = 1_200
LAKE_SHARE: Final = 0.8  # of its cell's width
SECOND_WAY: Final = 1.6  # a main road is added where the way round is longer than this times the straight line
OFF_STREET: Final = 1.5  # how much longer a way feels that leaves the streets
BENDS: Final = 2.5  # how far a river goes out of its way
BEND_M: Final = 150.0  # rivers and trunk roads take no smaller bends
RIVER_NAMES: Final = ("清澜江", "小清河", "白鹭溪", "竹坞溪", "桃花溪")
LAKE_NAMES: Final = ("镜湖", "月湖", "莲湖", "雁湖", "鹤湖", "沙湖", "柳湖", "星湖")


@dataclass(frozen=True, slots=True)
class PlannedFeature:
    """A feature that is not a row yet; its shape is in (lon, lat) degrees. `name` is "" for what has none."""

    kind: Kind
    name: str
    shape: LineString | Polygon


def draw(cells: Sequence[PlannedCell], *, seed: int) -> list[PlannedFeature]:
    """A base map for a centre's cells, water first. Cells that are too few for a river or roads get none."""
    random = np.random.default_rng(seed)
    smallest = [cell.polygon for cell in cells if cell.tier is Tier.MICRO_GRID]
    edges = borders(smallest)
    inner = [one for one, owners in edges.items() if owners != OUTER]
    rim = sorted({corner for one, owners in edges.items() if owners == OUTER for corner in one})
    net = Net(inner)
    ends = [corner for corner in rim if corner in net.beside]
    if len(ends) < 4:
        return []
    rivers = _rivers(net, ends, random)
    wet = {one for river in rivers for one in river}
    return [
        *_water(rivers, smallest, random),
        *_roads(cells, net, ends, wet),
    ]


def _rivers(net: Net, ends: Sequence[Corner], random: np.random.Generator) -> list[list[Edge]]:
    """The river from rim to rim, then streams from the rim to the water that is nearest."""
    ground = {
        corner: float(value) for corner, value in zip(net.beside, random.uniform(0, 1, len(net.beside)), strict=True)
    }

    def uphill(one: Edge) -> float:
        return length_m(one) * (0.2 + BENDS * (ground[one[0]] + ground[one[1]]))

    west, east = _opposite(ends, float(random.uniform(0, math.pi)))
    found = [_way(net, west, east, uphill)]
    for _ in range(STREAMS):
        banks = {corner for river in found for one in river for corner in one}
        source = ends[int(random.integers(len(ends)))]
        if source in banks:
            continue
        far, before = net.ways_from(source, uphill)
        mouths = [corner for corner in banks if corner in far]
        if mouths:
            found.append(walked(before, min(mouths, key=lambda corner: (far[corner], corner))))
    return [river for river in found if river]


def _opposite(ends: Sequence[Corner], angle: float) -> tuple[Corner, Corner]:
    """The two ends that lie farthest apart along a direction."""
    along = [lon * math.cos(angle) + lat * math.sin(angle) for lon, lat in ends]
    return ends[along.index(min(along))], ends[along.index(max(along))]


def _way(net: Net, start: Corner, end: Corner, weight: Weight) -> list[Edge]:
    far, before = net.ways_from(start, weight)
    return walked(before, end) if end in far else []


def _water(
    rivers: Sequence[Sequence[Edge]], smallest: Sequence[MultiPolygon], random: np.random.Generator
) -> list[PlannedFeature]:
    found: list[PlannedFeature] = []
    taken: set[Edge] = set()
    for number, river in enumerate(rivers):
        kind = Kind.RIVER if number == 0 else Kind.STREAM
        own = [one for one in river if one not in taken]
        taken.update(own)
        found += [
            PlannedFeature(kind, RIVER_NAMES[number % len(RIVER_NAMES)], line)
            for line in lines(own, straightened_m=BEND_M)
        ]
    count = min(len(LAKE_NAMES), len(smallest) // CELLS_PER_LAKE)
    for name, index in zip(LAKE_NAMES, sorted(random.choice(len(smallest), count, replace=False)), strict=False):
        found.append(PlannedFeature(Kind.LAKE, name, _lake(smallest[int(index)], random)))
    return found


def _lake(cell: MultiPolygon, random: np.random.Generator) -> Polygon:
    """A rounded shore inside one cell."""
    largest = max(cell.geoms, key=lambda part: part.area)
    middle = shapely.maximum_inscribed_circle(largest)
    (lon, lat), reach = middle.coords[0], middle.length * LAKE_SHARE
    angles = np.linspace(0, 2 * np.pi, 24, endpoint=False)
    shore = reach * (0.8 + 0.2 * np.sin(3 * angles + random.uniform(0, 2 * np.pi)))
    return Polygon(np.round(np.column_stack([lon + shore * np.cos(angles), lat + shore * np.sin(angles)]), 7))


def _roads(cells: Sequence[PlannedCell], net: Net, ends: Sequence[Corner], wet: set[Edge]) -> list[PlannedFeature]:
    """Trunk roads, main roads, streets: each edge belongs to the most important road that uses it."""
    between_grids = borders(cell.polygon for cell in cells if cell.tier is Tier.GRID)
    streets = {one for one, owners in between_grids.items() if owners != OUTER and one[0] in net.beside} - wet

    @cache  # seventeen searches ask for each edge
    def dry(one: Edge) -> float:
        return length_m(one) * (1.0 if one in streets else OFF_STREET) * (4.0 if one in wet else 1.0)

    trunk: set[Edge] = set()
    trunks: list[list[Edge]] = []
    for angle in (0.0, math.pi / 2):
        start, end = _opposite(ends, angle)
        way = [one for one in _way(net, start, end, dry) if one not in trunk]
        trunks.append(way)
        trunk.update(way)
    main = _between_townships(cells, net, dry) - trunk
    found: list[PlannedFeature] = []
    for number, way in enumerate(trunks, start=1):
        found += [
            PlannedFeature(Kind.TRUNK_ROAD, f"G9{number:02d}国道", line) for line in lines(way, straightened_m=BEND_M)
        ]
    for number, line in enumerate(lines(main, straightened_m=BEND_M / 2), start=1):
        found.append(PlannedFeature(Kind.MAIN_ROAD, f"X{number:03d}县道", line))
    found += [PlannedFeature(Kind.STREET, "", line) for line in lines(streets - trunk - main)]
    return found


def _between_townships(cells: Sequence[PlannedCell], net: Net, weight: Weight) -> set[Edge]:
    """Roads that join all townships' seats, and a second way where the way round would be long."""
    middles = [cell.polygon.representative_point() for cell in cells if cell.tier is Tier.TOWNSHIP]
    seats = [net.nearest(point.x, point.y) for point in middles]
    searches = [net.ways_from(seat, weight) for seat in seats]
    pairs = sorted(
        (searches[one][0][seats[other]], one, other)
        for one in range(len(seats))
        for other in range(one + 1, len(seats))
        if seats[other] in searches[one][0]
    )
    used: set[Edge] = set()
    roads = Net(())
    for _, one, other in pairs:
        way = walked(searches[one][1], seats[other])
        round_about = roads.ways_from(seats[one], length_m)[0].get(seats[other], math.inf)
        if round_about > SECOND_WAY * length_m(edge(seats[one], seats[other])) and way:
            used.update(way)
            roads = Net(used)
    return used
