"""What is wrong with areas that should tile their parent: overlaps, gaps, what sticks out. Pure; shapely.

Areas are (lon, lat) degrees; sizes are square metres, to about half a per cent (a degree's length at the area's own
latitude), which is enough to tell rounding from a mistake.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

METRES_PER_DEGREE: Final = 111_195.0  # of latitude, on a sphere of the Earth's mean radius

Area = Polygon | MultiPolygon


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two siblings that cover the same ground."""

    first: str
    second: str
    area_m2: float
    where: BaseGeometry


@dataclass(frozen=True, slots=True)
class Piece:
    """Ground that should be covered and isn't (a gap), or is and shouldn't be (outside)."""

    area_m2: float
    where: BaseGeometry


def area_m2(area: BaseGeometry) -> float:
    """The size of an area given in degrees, in square metres; 0 for what has no area."""
    if area.is_empty or area.area == 0.0:
        return 0.0
    latitude = math.radians(area.centroid.y)
    return float(area.area) * METRES_PER_DEGREE**2 * math.cos(latitude)


def overlaps(areas: Mapping[str, Area], *, over_m2: float) -> list[Overlap]:
    """Pairs of siblings whose common ground is larger than `over_m2`, largest first.

    areas  by key, each valid by itself
    Only pairs whose boxes meet are looked at; pairs that merely share edges cost one test each.
    """
    if len(areas) < 2:
        return []
    keys, shapes = list(areas), list(areas.values())
    tree = shapely.STRtree(shapes)
    firsts, seconds = tree.query(shapes, predicate="intersects")
    found: list[Overlap] = []
    for first, second in zip(firsts.tolist(), seconds.tolist(), strict=True):
        if first >= second or shapely.touches(shapes[first], shapes[second]):
            continue
        common = _areas_of(_intersection(shapes[first], shapes[second]))
        size = area_m2(common)
        if size > over_m2:
            found.append(Overlap(keys[first], keys[second], size, common))
    return sorted(found, key=lambda overlap: (-overlap.area_m2, overlap.first, overlap.second))


def gaps(parent: Area | None, children: Sequence[Area], *, over_m2: float) -> list[Piece]:
    """Ground within the parent that no child covers, each connected piece larger than `over_m2`, largest first.

    parent  None: the parent is what its children make together; then only what they enclose on all sides is a gap
    """
    covered = shapely.union_all(list(children))
    if parent is None:
        outline = shapely.union_all([Polygon(part.exterior) for part in _polygons(covered)])
        parent = _areas_of(outline)
    return _pieces(parent.difference(covered), over_m2)


def outside(parent: Area, child: Area, *, over_m2: float) -> list[Piece]:
    """Where a child leaves its parent, each connected piece larger than `over_m2`, largest first."""
    if shapely.covers(parent, child):
        return []
    return _pieces(child.difference(parent), over_m2)


def as_areas(geometry: BaseGeometry) -> MultiPolygon:
    """The polygons of a geometry, without the points and lines that a repair or an intersection may leave."""
    return _areas_of(geometry)


def _intersection(first: Area, second: Area) -> BaseGeometry:
    return first.intersection(second)


def _pieces(ground: BaseGeometry, over_m2: float) -> list[Piece]:
    pieces = [Piece(area_m2(part), part) for part in _polygons(ground)]
    return sorted((piece for piece in pieces if piece.area_m2 > over_m2), key=lambda piece: -piece.area_m2)


def _polygons(geometry: BaseGeometry) -> list[Polygon]:
    parts = shapely.get_parts(shapely.get_parts(geometry))  # twice: a collection may hold multi-polygons
    return [part for part in parts.tolist() if isinstance(part, Polygon) and not part.is_empty]


def _areas_of(geometry: BaseGeometry) -> MultiPolygon:
    return MultiPolygon(_polygons(geometry))
