"""Reads of cells: where a point lies, and the cells of a tier. Frozen values out; nothing here writes or locks."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from django.db import connection

from gis.grid.models import Cell
from gis.grid.tiers import Tier, lowest_common, paths_above

EDGE_WITHIN_M: Final = 0.1  # stored corners are exact to a centimetre: nearer than this to an edge is on it
MAX_ACCURACY_M: Final = 100_000.0  # a wider circle says nothing more


class Outcome(StrEnum):
    """How surely a point was placed."""

    PLACED = "placed"
    AMBIGUOUS = "ambiguous"  # its circle meets several cells, or lies on an edge: a person confirms
    UNPLACED = "unplaced"  # outside every cell


@dataclass(frozen=True, slots=True)
class CellInfo:
    """A cell as others need it."""

    id: UUID
    code: str
    name: str
    path: str
    tier: str


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a point belongs: the cell (None: nowhere), how surely; if ambiguous, the smallest cells it may lie in."""

    cell: CellInfo | None
    placing: Outcome
    candidates: tuple[CellInfo, ...]


# The smallest cells (no cell lies under them) that the circle meets, and whether one alone holds it. Distances are on
# the ellipsoid; the box in degrees lets the GiST index find the few cells worth measuring, before any is measured
# (MATERIALIZED: measuring the district's and the townships' outlines took most of a millisecond).
_MET: Final = """
WITH here AS (
    SELECT ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490) AS point, %(radius)s::float8 AS radius
), near AS MATERIALIZED (
    SELECT c.id, c.code, c.name, c.path, c.tier, c.polygon FROM here JOIN grid_cell c
    ON c.polygon && ST_Expand(point, radius / (111000 * greatest(cos(radians(%(lat)s)), 0.01)), radius / 110500)
    WHERE c.centre_id = %(centre)s AND c.valid_until IS NULL
      AND NOT EXISTS (SELECT FROM grid_cell below WHERE below.parent_id = c.id AND below.valid_until IS NULL)
)
SELECT id, code, name, path, tier,
       ST_Covers(polygon, point) AND NOT ST_DWithin(ST_Boundary(polygon)::geography, point::geography, radius) AS holds
FROM near, here WHERE ST_DWithin(polygon::geography, point::geography, radius) ORDER BY path
"""
_HOLDS: Final = """
SELECT c.id, c.code, c.name, c.path, c.tier FROM grid_cell c,
       ST_SetSRID(ST_MakePoint(%(lon)s, %(lat)s), 4490) AS point
WHERE c.centre_id = %(centre)s AND c.valid_until IS NULL AND c.path = ANY(%(paths)s)
  AND (c.parent_id IS NULL OR (
       ST_Covers(c.polygon, point)
       AND NOT ST_DWithin(ST_Boundary(c.polygon)::geography, point::geography, %(radius)s)))
ORDER BY length(c.path) DESC LIMIT 1
"""


def place(centre_id: UUID, lon: float, lat: float, accuracy_m: float | None) -> Placing:
    """Where a point (degrees, CGCS2000) lies among a centre's cells valid now.

    accuracy_m  radius of the circle that the point stands for; None or 0: the point itself
    One smallest cell holds the whole circle → placed there. It meets several, or lies on an edge → ambiguous: placed
    at the lowest ancestor that holds the circle (the district, when it also reaches outside), and the smallest cells
    are listed. None → unplaced. Never guessed. One statement when placed or unplaced, two otherwise.
    Source: docs/rules.md, "Places".
    """
    radius = float(min(max(accuracy_m or 0.0, EDGE_WITHIN_M), MAX_ACCURACY_M))
    asked: dict[str, UUID | float | list[str]] = {"centre": centre_id, "lon": lon, "lat": lat, "radius": radius}
    with connection.cursor() as cursor:
        cursor.execute(_MET, asked)
        rows = cursor.fetchall()
        met = tuple(CellInfo(*row[:5]) for row in rows)
        if not met:
            return Placing(None, Outcome.UNPLACED, ())
        if len(met) == 1 and rows[0][5]:
            return Placing(met[0], Outcome.PLACED, ())
        common = lowest_common(tuple(cell.path for cell in met))
        cursor.execute(_HOLDS, asked | {"paths": list(paths_above(common))})
        return Placing(CellInfo(*cursor.fetchone()), Outcome.AMBIGUOUS, met)


def root(centre_id: UUID) -> CellInfo:
    """The district cell of a centre. Raises Cell.DoesNotExist. One statement."""
    return _info(Cell.objects.defer("polygon").get(centre_id=centre_id, parent=None, valid_until=None))


def cell_at(centre_id: UUID, path: str) -> CellInfo:
    """The cell of that path, valid now. Raises Cell.DoesNotExist. One statement."""
    return _info(Cell.objects.defer("polygon").get(centre_id=centre_id, path=path, valid_until=None))


@dataclass(frozen=True, slots=True)
class CellShape:
    """A cell with its outline (GeoJSON, whole metres) and a point surely within it (lon, lat)."""

    path: str
    name: str
    tier: str
    outline: str
    middle: tuple[float, float]


def shapes(centre_id: UUID, under: str, tiers: Sequence[Tier]) -> list[CellShape]:
    """The cell of path `under` and the cells below it of some tiers, valid now, by path. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_SHAPES, [centre_id, under, under + "/", list(tiers)])
        rows = cursor.fetchall()
    return [CellShape(path, name, tier, outline, (lon, lat)) for path, name, tier, outline, lon, lat in rows]


_SHAPES: Final = """
SELECT c.path, c.name, c.tier, ST_AsGeoJSON(c.polygon, 5, 0), ST_X(m.at), ST_Y(m.at)
FROM grid_cell c, LATERAL (SELECT ST_PointOnSurface(c.polygon) AS at) m
WHERE c.centre_id = %s AND c.valid_until IS NULL
  AND (c.path = %s OR (starts_with(c.path, %s) AND c.tier = ANY(%s))) ORDER BY c.path
"""


def stamp(centre_id: UUID, tier: Tier | None) -> str:
    """Changes whenever a cell of this tier (None: of any) begins or ends. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws(' ', count(*), count(valid_until), max(valid_from), max(valid_until)) FROM grid_cell"
            " WHERE centre_id = %s AND tier = ANY(%s)",
            [centre_id, [tier] if tier else list(Tier)],
        )
        row = cursor.fetchone()
    return f"{centre_id} {tier} {row[0]}"


def as_geojson(centre_id: UUID, tier: Tier) -> bytes:
    """The cells of a tier, valid now, as a GeoJSON FeatureCollection by path.

    Feature ids are 1, 2, … in that order: MapLibre keeps states by whole numbers only. Coordinates to 1e-7 degrees.
    One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GEOJSON, [centre_id, tier])
        row = cursor.fetchone()
    return str(row[0]).encode()


def middles_as_geojson(centre_id: UUID) -> bytes:
    """A point inside each cell down to the grids, valid now, as GeoJSON by path: all that a map needs beside tiles.

    Properties id, name, path, tier. `bbox` is the district's, `counts` says how many cells each tier has, the
    micro-grids too. Coordinates to 1e-5 degrees (a metre). One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_MIDDLES, {"centre": centre_id, "drawn": [t for t in Tier if t is not Tier.MICRO_GRID]})
        row = cursor.fetchone()
    return str(row[0]).encode()


_MIDDLES: Final = """
WITH now AS (SELECT * FROM grid_cell WHERE centre_id = %(centre)s AND valid_until IS NULL)
SELECT json_build_object(
    'type', 'FeatureCollection',
    'bbox', (SELECT json_build_array(ST_XMin(b), ST_YMin(b), ST_XMax(b), ST_YMax(b))
             FROM (SELECT ST_Extent(polygon) AS b FROM now WHERE tier = 'district') e),
    'counts', (SELECT coalesce(json_object_agg(tier, number), '{}') FROM
               (SELECT tier, count(*) AS number FROM now GROUP BY tier) c),
    'features', (SELECT coalesce(json_agg(json_build_object(
        'type', 'Feature',
        'properties', json_build_object('id', id, 'name', name, 'path', path, 'tier', tier),
        'geometry', ST_AsGeoJSON(ST_PointOnSurface(polygon), 5, 0)::json) ORDER BY path), '[]'::json)
        FROM now WHERE tier = ANY(%(drawn)s)))::text
"""
_GEOJSON: Final = """
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
    'type', 'Feature',
    'id', f.number,
    'properties', json_build_object('id', f.id, 'code', f.code, 'name', f.name, 'path', f.path, 'tier', f.tier,
                                    'parent', f.parent_id),
    'geometry', ST_AsGeoJSON(f.polygon, 7, 0)::json) ORDER BY f.number), '[]'::json))::text
FROM (SELECT c.*, row_number() OVER (ORDER BY c.path) AS number FROM grid_cell c
      WHERE c.centre_id = %s AND c.tier = %s AND c.valid_until IS NULL) f
"""


def _info(row: Cell) -> CellInfo:
    return CellInfo(row.pk, row.code, row.name, row.path, row.tier)
