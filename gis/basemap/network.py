"""The net of cell borders as a graph, and ways along it. Pure; shapely and numpy.

Real grids are drawn along roads and rivers; an invented county is made the other way round: its roads and rivers run
along the borders of its cells.
"""

import heapq
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

import shapely
from shapely import LineString, MultiPolygon

Corner = tuple[float, float]
Edge = tuple[Corner, Corner]  # the smaller corner first
Weight = Callable[[Edge], float]

ROUNDINGS: Final = 2  # of Chaikin's corner cutting
OUTER: Final = 1  # an edge of one cell only lies on the extent's border


def edge(one: Corner, other: Corner) -> Edge:
    """The edge between two corners, whichever way it is walked."""
    return (one, other) if one < other else (other, one)


def borders(cells: Iterable[MultiPolygon]) -> dict[Edge, int]:
    """Every edge of the cells' outlines, and of how many cells it is one: 2 between neighbours, 1 at the rim."""
    found: dict[Edge, int] = defaultdict(int)
    for cell in cells:
        for part in cell.geoms:
            for ring in (part.exterior, *part.interiors):
                for one, other in pairwise(ring.coords):
                    found[edge((one[0], one[1]), (other[0], other[1]))] += 1
    return dict(found)


def length_m(way: Edge) -> float:
    """An edge's length in metres, as near as drawing needs."""
    (west, south), (east, north) = way
    return 111_195.0 * math.hypot((east - west) * math.cos(math.radians(south)), north - south)


class Net:
    """Borders as ways between corners."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self.beside: dict[Corner, list[Corner]] = defaultdict(list)
        for one, other in sorted(edges):
            self.beside[one].append(other)
            self.beside[other].append(one)

    def ways_from(self, start: Corner, weight: Weight) -> tuple[Mapping[Corner, float], Mapping[Corner, Corner]]:
        """Dijkstra: how far each corner that can be reached is, and from where it is reached."""
        far: dict[Corner, float] = {start: 0.0}
        before: dict[Corner, Corner] = {}
        waiting = [(0.0, start)]
        while waiting:
            so_far, here = heapq.heappop(waiting)
            if so_far > far[here]:
                continue
            for there in self.beside[here]:
                total = so_far + weight(edge(here, there))
                if total < far.get(there, math.inf):
                    far[there], before[there] = total, here
                    heapq.heappush(waiting, (total, there))
        return far, before

    def nearest(self, lon: float, lat: float) -> Corner:
        """The corner nearest to a point. Raises ValueError for an empty net."""
        return min(self.beside, key=lambda corner: (length_m((corner, (lon, lat))), corner))


def walked(before: Mapping[Corner, Corner], end: Corner) -> list[Edge]:
    """The edges from the start of a search to `end`, which it has reached."""
    corners = [end]
    while corners[-1] in before:
        corners.append(before[corners[-1]])
    return [edge(one, other) for one, other in pairwise(corners)]


def lines(edges: Iterable[Edge], *, straightened_m: float = 0.0) -> list[LineString]:
    """Edges joined to lines as long as they go, rounded where they bend; ends and junctions stay where they are.

    straightened_m  bends smaller than this are left out first: a river or a great road follows no garden fence
    """
    ordered = sorted(edges)
    if not ordered:
        return []
    merged = shapely.line_merge(shapely.MultiLineString(ordered))
    parts = [part for part in shapely.get_parts(merged).tolist() if isinstance(part, LineString)]
    return [rounded(shapely.simplify(part, straightened_m / 111_195.0)) for part in parts]


def rounded(line: LineString) -> LineString:
    """A line without its sharp bends; its two ends stay."""
    corners: Sequence[Corner] = [(x, y) for x, y in line.coords]
    for _ in range(ROUNDINGS):
        cut: list[Corner] = [corners[0]]
        for (x1, y1), (x2, y2) in pairwise(corners):
            cut.append((0.75 * x1 + 0.25 * x2, 0.75 * y1 + 0.25 * y2))
            cut.append((0.25 * x1 + 0.75 * x2, 0.25 * y1 + 0.75 * y2))
        corners = [*cut, corners[-1]]
    return LineString([(round(x, 7), round(y, 7)) for x, y in corners])
