"""Where a report belongs: converts what came in to CGCS2000 and finds its cell. Reads only."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.contrib.gis.db.models import Extent

from command.organisations.models import Centre
from dispatch.intake.positions import RULE, Box, GivenPosition, Placing, check
from gis.coordinates.systems import System, to_cgcs2000
from gis.grid.queries import place
from realtime.feed.errors import Invalid


@dataclass(frozen=True, slots=True)
class Placement:
    """A position in CGCS2000 with its cell; `candidates` are what a person chooses from when it is ambiguous."""

    placing: Placing
    lon: float | None = None
    lat: float | None = None
    cell_id: UUID | None = None
    candidates: tuple[UUID, ...] = ()


NOWHERE: Final = Placement(Placing.NO_POSITION)


def locate(given: GivenPosition | None, centre_id: UUID) -> Placement:
    """The placement of a position in a centre; outside every cell it is kept as unplaced, never guessed.

    Raises Invalid for an unknown coordinate system, swapped axes, or degrees that are none. Four statements at most.
    """
    if given is None:
        return NOWHERE
    try:
        system = System(given.system)
    except ValueError:
        raise Invalid(
            "report.system_unknown",
            f"不认识的坐标系「{given.system}」。",
            field="position.system",
            rule=RULE,
            remedy=f"请注明坐标系：{'、'.join(System)}。",
        ) from None
    check(given.lon, given.lat, _extent(centre_id))
    lon, lat = to_cgcs2000(given.lon, given.lat, system)
    found = place(centre_id, lon, lat, given.accuracy_m)
    return Placement(
        Placing(found.placing.value),
        lon,
        lat,
        found.cell.id if found.cell else None,
        tuple(cell.id for cell in found.candidates),
    )


def _extent(centre_id: UUID) -> Box:
    box = Centre.objects.filter(pk=centre_id).aggregate(box=Extent("extent"))["box"]
    return Box(*box)
