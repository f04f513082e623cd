"""Reads of the base map. Nothing here writes or locks."""

from typing import Final
from uuid import UUID

from django.db import connection

_GEOJSON: Final = """
SELECT json_build_object('type', 'FeatureCollection', 'features', coalesce(json_agg(json_build_object(
    'type', 'Feature', 'id', f.id, 'properties', json_build_object('kind', f.kind, 'name', f.name),
    'geometry', ST_AsGeoJSON(f.shape, 6, 0)::json) ORDER BY f.id), '[]'::json))::text
FROM basemap_basemapfeature f WHERE f.centre_id = %s
"""


def as_geojson(centre_id: UUID) -> bytes:
    """A centre's roads and water as a GeoJSON FeatureCollection, in the order they are to be drawn (water first).

    Properties kind, name; whole-number ids; coordinates to 1e-6 degrees (a decimetre). One statement.
    """
    with connection.cursor() as cursor:
        cursor.execute(_GEOJSON, [centre_id])
        row = cursor.fetchone()
    return str(row[0]).encode()


def stamp(centre_id: UUID) -> str:
    """Changes whenever the base map is replaced. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT concat_ws(' ', count(*), max(id)) FROM basemap_basemapfeature WHERE centre_id = %s", [centre_id]
        )
        row = cursor.fetchone()
    return str(row[0])
