"""Cells for a centre that has none yet: a demonstration, or a replay of another city's data. Pure; shapely and numpy.

The tree is built from below, so that no tier has gaps or overlaps: the extent is cut once into the smallest cells
(Voronoi), these are grouped, and the groups are joined upward. Coordinates are (lon, lat) in degrees, rounded to 1e-7
(a centimetre) after cutting, each shared corner alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from gis.grid.names import Namer
from gis.grid.tiers import ORDER, Tier

DECIMALS: Final = 7
EVENING_PASSES: Final = 2  # Lloyd's: each moves a seed to its cell's centre, so that sizes differ less
AREA_WITHIN: Final = 1e-5  # how much of the extent's area rounding may move
DIGITS: Final = {Tier.TOWNSHIP: 3, Tier.COMMUNITY: 3, Tier.GRID: 3, Tier.MICRO_GRID: 2}

Area = Polygon | MultiPolygon
Indices = NDArray[np.int64]
Coordinates = NDArray[np.float64]


class NotTiled(ValueError):
    """The cells have a gap or an overlap, or do not fill their extent."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many cells each tier has in the whole centre; each at least as many as the one above."""

    townships: int
    communities: int
    grids: int
    micro_grids: int


@dataclass(frozen=True, slots=True)
class PlannedCell:
    """A cell that is not a row yet. `path` begins with the root's code and ends with the cell's own."""

    code: str
    name: str
    tier: Tier
    path: str
    parent_path: str | None
    polygon: MultiPolygon


@dataclass(frozen=True, slots=True)
class _Node:
    cell_code: str
    path: str
    name: str
    members: Indices  # which of the smallest cells it consists of


def generate(extent: Area, *, code: str, name: str, counts: Counts, seed: int) -> list[PlannedCell]:
    """The tree of cells that tiles `extent`, coarse to fine and by path; the same for the same arguments.

    code    of the district, the first step of every path
    counts  cells per tier; grouping is by nearness, numbers are shared out in proportion
    seed    of the random placing; also fixes the names
    Raises ValueError for counts that can't nest or be numbered, NotTiled when the check at the end fails.
    """
    _check_counts(counts)
    random = np.random.default_rng(seed)
    seeds = _scatter(extent, counts.micro_grids, random)
    for _ in range(EVENING_PASSES):
        seeds = np.array([shapely.get_coordinates(cell.centroid)[0] for cell in _cut(extent, seeds)])
    smallest = _cut(extent, seeds)

    namer = Namer(seed)
    nodes = [_Node(code, code, name, np.arange(len(smallest)))]
    cells = [_planned(nodes[0], Tier.DISTRICT, None, smallest)]
    totals = (counts.townships, counts.communities, counts.grids, counts.micro_grids)
    for tier, total in zip(ORDER[1:], totals, strict=True):
        below: list[_Node] = []
        shares = _share_out(total, [len(node.members) for node in nodes])
        for node, share in zip(nodes, shares, strict=True):
            for number, members in enumerate(_partition(node.members, seeds, share), start=1):
                digits = str(number).zfill(DIGITS[tier])
                if len(digits) > DIGITS[tier]:
                    raise ValueError(f"{share} cells of tier {tier} under one parent can't be numbered")
                child_code = node.cell_code + digits
                child = _Node(child_code, f"{node.path}/{child_code}", namer.name(tier, number, node.name), members)
                below.append(child)
                cells.append(_planned(child, tier, node.path, smallest))
        nodes = below
    check_tiled(cells, extent)
    return cells


def check_tiled(cells: Sequence[PlannedCell], extent: Area) -> None:
    """Raises NotTiled unless every tier covers the extent once: edges shared exactly, no gap, no overlap."""
    area = extent.area
    for tier in ORDER:
        polygons = [cell.polygon for cell in cells if cell.tier is tier]
        if not polygons:
            continue
        if not all(polygon.is_valid and not polygon.is_empty for polygon in polygons):
            raise NotTiled(f"a cell of tier {tier} is empty or crosses itself")
        if not shapely.coverage_is_valid(polygons):
            raise NotTiled(f"cells of tier {tier} overlap, or share an edge without sharing its corners")
        covered = shapely.coverage_union_all(polygons)
        if abs(sum(polygon.area for polygon in polygons) - area) > area * AREA_WITHIN:
            raise NotTiled(f"cells of tier {tier} do not fill the extent")
        if covered.symmetric_difference(extent).area > area * AREA_WITHIN:
            raise NotTiled(f"cells of tier {tier} together are not the extent")


def _check_counts(counts: Counts) -> None:
    numbers = (1, counts.townships, counts.communities, counts.grids, counts.micro_grids)
    if any(lower < upper for upper, lower in pairwise(numbers)):
        raise ValueError(f"each tier has at least as many cells as the one above, not {numbers[1:]}")


def _scatter(extent: Area, number: int, random: np.random.Generator) -> Coordinates:
    """Points inside the extent, evenly likely everywhere."""
    shapely.prepare(extent)
    west, south, east, north = extent.bounds
    found = np.empty((0, 2))
    while len(found) < number:
        points = random.uniform((west, south), (east, north), (number * 2, 2))
        found = np.concatenate([found, points[shapely.contains_xy(extent, points)]])
    return found[:number]


def _cut(extent: Area, seeds: Coordinates) -> list[MultiPolygon]:
    """One cell per seed, in the seeds' order: what lies nearer to it than to any other, within the extent.

    Lines are noded together once and faces are made from them, so that neighbours share every corner; cutting each
    cell by the extent alone would not do that.
    """
    if len(seeds) == 1:
        return [_as_multi(_rounded(extent))]
    edges = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=extent, only_edges=True)
    lines = shapely.union_all([edges, extent.boundary])  # uncut: an edge cut first may end a hair off the boundary
    faces = shapely.get_parts(shapely.polygonize([lines]))
    inside = shapely.point_on_surface(faces)
    shapely.prepare(extent)
    kept = shapely.contains(extent, inside)
    faces, inside = faces[kept], inside[kept]
    owners = shapely.STRtree([shapely.Point(seed) for seed in seeds]).nearest(inside)
    pieces: list[list[Area]] = [[] for _ in seeds]
    for owner, face in zip(owners, faces, strict=True):
        pieces[int(owner)].append(_rounded(face))
    return [_as_multi(shapely.coverage_union_all(faces_of_one)) for faces_of_one in pieces]


def _rounded(area: Area) -> Area:
    rounded = shapely.transform(area, lambda corners: np.round(corners, DECIMALS))
    assert isinstance(rounded, Polygon | MultiPolygon)
    return rounded


def _as_multi(area: shapely.Geometry) -> MultiPolygon:
    polygons = [part for part in shapely.get_parts(area) if isinstance(part, Polygon)]
    return MultiPolygon(polygons)


def _planned(node: _Node, tier: Tier, parent_path: str | None, smallest: Sequence[MultiPolygon]) -> PlannedCell:
    polygon = _as_multi(shapely.coverage_union_all([smallest[index] for index in node.members]))
    return PlannedCell(node.cell_code, node.name, tier, node.path, parent_path, polygon)


def _share_out(total: int, sizes: Sequence[int]) -> list[int]:
    """`total` in proportion to `sizes`, each part from 1 to its size; what is left goes to the largest remainders."""
    whole = sum(sizes)
    shares = [max(1, total * size // whole) for size in sizes]
    by_remainder = sorted(range(len(sizes)), key=lambda index: (-(total * sizes[index] % whole), index))
    step = 1 if sum(shares) < total else -1
    while sum(shares) != total:
        for index in by_remainder if step > 0 else reversed(by_remainder):
            if sum(shares) != total and 1 <= shares[index] + step <= sizes[index]:
                shares[index] += step
    return shares


def _partition(members: Indices, seeds: Coordinates, parts: int) -> list[Indices]:
    """`members` in `parts` groups of neighbours, about equal in number: halved along the longer side, repeatedly."""
    if parts == 1:
        return [members]
    spread = np.ptp(seeds[members], axis=0)
    ordered = members[np.argsort(seeds[members, int(spread[1] > spread[0])], kind="stable")]
    first_parts = parts // 2
    cut = round(len(ordered) * first_parts / parts)
    first, second = ordered[:cut], ordered[cut:]
    return _partition(first, seeds, first_parts) + _partition(second, seeds, parts - first_parts)
