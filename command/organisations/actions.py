"""The only writers of centres and units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.contrib.gis import geos
from django.db import transaction
from shapely import MultiPolygon

from command.catalogue.founding import found_catalogue
from command.channels.founding import found_channels
from command.units.departments import DUTY_DESK, Kind, Stationing
from command.units.models import Centre, Unit
from realtime.feed.actions import open_centre


@dataclass(frozen=True, slots=True)
class NewUnit:
    """A unit to be founded. `cell_path` is the place that it answers for; None: the whole centre."""

    code: str
    name: str
    short: str
    kind: Kind
    stationing: Stationing
    cell_path: str | None = None


@transaction.atomic
def found(
    code: str, name: str, extent: MultiPolygon, units: Sequence[NewUnit], *, is_demonstration: bool = False
) -> UUID:
    """Founds a centre with its duty desk, `units`, catalogue and channels, and opens its feed. Its id.

    extent  (lon, lat) degrees, CGCS2000
    Raises IntegrityError for a code that is taken (`centre_code_is_given_once`).
    """
    centre = Centre.objects.create(
        code=code,
        name=name,
        extent=cast(geos.MultiPolygon, geos.GEOSGeometry(memoryview(extent.wkb), srid=4490)),
        is_demonstration=is_demonstration,
    )
    desk = NewUnit(DUTY_DESK, f"{name}值班席", "值班席", Kind.DESK, Stationing.RESIDENT)
    Unit.objects.bulk_create(
        Unit(
            centre=centre,
            code=unit.code,
            name=unit.name,
            short=unit.short,
            kind=unit.kind,
            stationing=unit.stationing,
            cell_path=unit.cell_path,
        )
        for unit in (desk, *units)
    )
    found_catalogue(centre.pk)
    found_channels(centre.pk)
    open_centre(centre.pk)
    return centre.pk


def take_outline(centre_id: UUID, outline: MultiPolygon) -> None:
    """The centre's cells have another outline ((lon, lat) degrees, CGCS2000). Part of the import's transaction."""
    extent = cast(geos.MultiPolygon, geos.GEOSGeometry(memoryview(outline.wkb), srid=4490))
    Centre.objects.filter(pk=centre_id).update(extent=extent)
