"""Where a report belongs: converts what came in to CGCS2000 and finds its cell. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from command.settings.queries import settings_of
from dispatch.matter.reports.positions import RULE, Box, GivenPosition, Placing, check, far, is_placeholder
from gis.coordinates.systems import System, to_cgcs2000
from gis.grid.models import Cell
from gis.grid.queries import place
from gis.grid.tiers import Tier
from realtime.feed.errors import Invalid
from realtime.feed.statements import ask


@dataclass(frozen=True, slots=True)
class Placement:
    """A position in CGCS2000 with its cell; `candidates` are what a person chooses from when it is ambiguous.

    far  what came in is kept, but is too far away to be a position
    """

    placing: Placing
    lon: float | None = None
    lat: float | None = None
    cell_id: UUID | None = None
    candidates: tuple[UUID, ...] = ()
    far: bool = False


_SAID: Final = """
SELECT tier, path, id FROM grid_cell
WHERE centre_id = %s AND valid_until IS NULL AND tier = ANY(%s) AND strpos(%s, name) > 0
"""
EXTENT_OF: Final = """
SELECT ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent) FROM organisations_centre WHERE id = %s
"""
NOWHERE: Final = Placement(Placing.NO_POSITION)


def locate(
    given: GivenPosition | None,
    centre_id: UUID,
    extent: Box,
    *,
    by_person: bool,
    cell: str | None = None,
    address: str | None = None,
) -> Placement:
    """The placement of a report in a centre; outside every cell it is kept as unplaced, never guessed.

    given      where it lies: decides whenever it is there, and is no farther away than the centre's setting says
    extent     of the centre, as `EXTENT_OF` reads it
    by_person  somebody gives it who can give another one: a point too far away is refused. What another system or a
               page's device says is kept as it came in, and the report placed by what else it names, else unplaced
    cell       code of a cell that was named instead, of any tier: the grid of a QR page, the township of a push
    address    read only without both: the township or community that it names by its whole name, if just one
    Raises Invalid for an unknown coordinate system, swapped axes, degrees out of range, a point too far away, or an
    unknown cell. Four statements at most.
    """
    if given is None or is_placeholder(given):
        return _named(centre_id, cell, address)
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
    check(given.lon, given.lat, extent)
    lon, lat = to_cgcs2000(given.lon, given.lat, system)
    km = extent.km_to(lon, lat)
    if km and km > (most_km := settings_of(centre_id).far_point_km):
        if by_person:
            raise far(km, most_km)
        named = _named(centre_id, cell, address)
        return replace(named, placing=named.placing if named.cell_id else Placing.UNPLACED, far=True)
    found = place(centre_id, lon, lat, given.accuracy_m)
    return Placement(
        Placing(found.placing.value),
        lon,
        lat,
        found.cell.id if found.cell else None,
        tuple(cell.id for cell in found.candidates),
    )


def _named(centre_id: UUID, code: str | None, address: str | None) -> Placement:
    """The cell that was named, without a position in it."""
    valid = Cell.objects.filter(centre_id=centre_id, valid_until=None)
    if code is not None:
        found = valid.filter(code=code).values_list("pk", flat=True).first()
        if found is None:
            raise Invalid(
                "report.cell_unknown",
                f"没有编码为「{code}」的网格单元，或已失效。",
                field="cell",
                rule=RULE,
                remedy="请核对编码，或改报位置、地址。",
            )
        return Placement(Placing.NO_POSITION, cell_id=found)
    if not address:
        return NOWHERE
    names: list[Any] = ask([(_SAID, [centre_id, [Tier.TOWNSHIP.value, Tier.COMMUNITY.value], address])])[0]
    return Placement(Placing.NO_POSITION, cell_id=named_cell(names)) if names else NOWHERE


def named_cell(said: Sequence[tuple[str, str, UUID]]) -> UUID | None:
    """The one place that an address means among the (tier, path, id) of cells that it names; None when in doubt.

    The community that it names if only one lies in the named township (or no township is named), else the township.
    """
    townships = [(path, cell_id) for tier, path, cell_id in said if tier == Tier.TOWNSHIP]
    if len(townships) > 1:
        return None
    communities = [
        cell_id
        for tier, path, cell_id in said
        if tier == Tier.COMMUNITY and (not townships or path.startswith(f"{townships[0][0]}/"))
    ]
    if len(communities) == 1:
        return communities[0]
    return townships[0][1] if townships else None
