"""Reads for the import: the cells that a centre has now. Frozen values out; nothing here writes or locks."""

from uuid import UUID

import shapely
from django.db import connection
from shapely import MultiPolygon

from gis.boundaries.held import HeldCell, HeldGrid
from gis.grid import queries as grid
from gis.grid.tiers import ORDER, Tier


def held_grid(centre_id: UUID) -> HeldGrid:
    """All cells of a centre that are valid now, coarse before fine. Two statements and one per tier.

    The stamp is read first: cells that change in between make it stale, and what was planned on it is refused.
    """
    stamp = grid_stamp(centre_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, code, name, tier, path, parent_id, ST_AsBinary(polygon), valid_from FROM grid_cell"
            " WHERE centre_id = %s AND valid_until IS NULL ORDER BY path",
            [centre_id],
        )
        rows = cursor.fetchall()
    polygons = shapely.from_wkb([bytes(row[6]) for row in rows])
    cells = []
    for row, polygon in zip(rows, polygons.tolist(), strict=True):
        assert isinstance(polygon, MultiPolygon)
        cells.append(HeldCell(row[0], row[1], row[2], Tier(row[3]), row[4], row[5], polygon, row[7]))
    return HeldGrid(tuple(sorted(cells, key=lambda cell: (ORDER.index(cell.tier), cell.path))), stamp)


def grid_stamp(centre_id: UUID) -> str:
    """Changes whenever a cell of the centre begins or ends. A statement per tier."""
    return " ".join(grid.stamp(centre_id, tier) for tier in ORDER)
