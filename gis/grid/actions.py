"""The only writers of cells."""

from collections.abc import Sequence
from typing import cast
from uuid import UUID

from django.contrib.gis import geos
from django.db import transaction

from gis.grid.generation import PlannedCell
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.errors import Conflict


@transaction.atomic
def lay(centre_id: UUID, cells: Sequence[PlannedCell]) -> None:
    """Lays the first cells of a centre, as an operator does when it is founded; they hold from now on.

    cells  coarse before fine, as `generation.generate` gives them
    Raises Conflict when the centre has cells. Costs a statement per thousand cells and two more.
    """
    if Cell.objects.filter(centre_id=centre_id).exists():
        raise Conflict("cells.laid", "这个中心已有网格。")
    at = clock.at(None)
    by_path: dict[str, Cell] = {}
    for planned in cells:
        by_path[planned.path] = Cell(
            centre_id=centre_id,
            code=planned.code,
            name=planned.name,
            tier=planned.tier,
            parent=by_path[planned.parent_path] if planned.parent_path else None,
            path=planned.path,
            polygon=cast(geos.MultiPolygon, geos.GEOSGeometry(memoryview(planned.polygon.wkb), srid=4490)),
            valid_from=at,
        )
    Cell.objects.bulk_create(by_path.values(), batch_size=1000)
