"""Vector tiles of a tier's cells, encoded by PostGIS. Nothing here writes or locks."""

from typing import Final
from uuid import UUID

from django.db import connection

from gis.grid.tiers import Tier

MAX_ZOOM: Final = 22
LAYER: Final = "cells"  # the layer's name inside a tile

# The box that the GiST index searches is the tile's with the margin that is drawn around it (64 of 4096), so that an
# outline does not end at the tile's edge. A feature's id is the first 48 bits of its cell's id: MapLibre keeps states
# by whole numbers only, and so a card's cell leads to its feature without a table in between.
_TILE: Final = """
WITH asked AS (
    SELECT ST_TileEnvelope(%(z)s, %(x)s, %(y)s) AS box,
           ST_Transform(ST_TileEnvelope(%(z)s, %(x)s, %(y)s, margin => 0.015625), 4490) AS around
), drawn AS (
    SELECT ('x' || translate(left(c.id::text, 13), '-', ''))::bit(48)::bigint AS feature,
           c.id::text AS id, c.code, c.name, c.path,
           ST_AsMVTGeom(ST_Transform(c.polygon, 3857), asked.box, 4096, 64, true) AS shape
    FROM asked JOIN grid_cell c ON c.polygon && asked.around
    WHERE c.centre_id = %(centre)s AND c.tier = %(tier)s AND c.valid_until IS NULL
    ORDER BY c.path
)
SELECT ST_AsMVT(drawn, %(layer)s, 4096, 'shape', 'feature') FROM drawn
"""


def tile(centre_id: UUID, tier: Tier, z: int, x: int, y: int) -> bytes:
    """The cells of a tier, valid now, that a tile of the web's grid shows: Mapbox Vector Tile, properties id, code,
    name, path. Empty when it shows none. One statement.

    z, x, y  zoom 0 to 22, column and row from the north-west (EPSG:3857); ValueError for a tile that doesn't exist
    """
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 2**z and 0 <= y < 2**z):
        raise ValueError(f"there is no tile {z}/{x}/{y}")
    with connection.cursor() as cursor:
        cursor.execute(_TILE, {"z": z, "x": x, "y": y, "centre": centre_id, "tier": tier, "layer": LAYER})
        row = cursor.fetchone()
    return bytes(row[0])
