"""The centre that a replay fills: made over the extent of the file's positions, once; found again later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import shapely
from shapely import MultiPolygon, Polygon

from command.access import Role
from command.people.actions import make_api_client
from command.units.departments import DUTY_DESK, load
from command.units.models import Centre
from demo.replay.mapping import Map
from demo.replay.requests import CityRequest
from demo.seed.centre import Account, Plan, build_centre
from dispatch.matter.reports.models import Report

CORNER_SEGMENTS: Final = 4  # of the rounded hull


class NowhereToBe(ValueError):
    """The file has fewer than three different positions: no extent for a centre."""


@dataclass(frozen=True, slots=True)
class ReplayCentre:
    """The centre, whether it was just made, and the key that files reports there."""

    id: UUID
    made: bool
    key: str


def centre_for(by: Map, requests: Sequence[CityRequest]) -> ReplayCentre:
    """Finds or makes the map's centre, and a new key for its reports (the key of an earlier run ends).

    Raises NowhereToBe.
    """
    known = Centre.objects.filter(code=by.centre.code).values_list("pk", flat=True).first()
    centre_id = known or build_centre(_plan(by, requests)).id
    return ReplayCentre(centre_id, known is None, make_api_client(centre_id, f"replay {by.name}", [*by.all_channels()]))


def known_numbers(centre_id: UUID) -> frozenset[tuple[str, str]]:
    """(channel, number) of every report that is in. One statement."""
    rows = Report.objects.filter(centre_id=centre_id, source_number__isnull=False)
    return frozenset((channel, number or "") for channel, number in rows.values_list("channel", "source_number"))


def extent_of(requests: Sequence[CityRequest], margin_deg: float) -> Polygon:
    """The hull of all positions, grown by a margin. Raises NowhereToBe."""
    points = {request.point for request in requests if request.point}
    hull = shapely.MultiPoint(sorted(points)).convex_hull
    if not isinstance(hull, Polygon):
        raise NowhereToBe(NowhereToBe.__doc__)
    grown = hull.buffer(margin_deg, quad_segs=CORNER_SEGMENTS)
    assert isinstance(grown, Polygon)
    return grown


def accounts_of(by: Map) -> list[Account]:
    """Two duty officers, a lead, a leader, and for each unit that the map names somebody who answers."""
    short = {row.code: row.short for row in load()}
    desk = [
        Account("duty1", "重放值班员一", Role.DUTY_OFFICER, DUTY_DESK),
        Account("duty2", "重放值班员二", Role.DUTY_OFFICER, DUTY_DESK),
        Account("lead", "重放值班长", Role.DUTY_LEAD, DUTY_DESK),
        Account("leader", "重放领导", Role.LEADER, DUTY_DESK),
    ]
    units = sorted(by.answering_units())
    return desk + [Account(code, f"{short[code]}联络员", Role.LIAISON, code) for code in units]


def _plan(by: Map, requests: Sequence[CityRequest]) -> Plan:
    extent: Polygon | MultiPolygon = extent_of(requests, by.centre.margin_deg)
    return Plan(
        code=by.centre.code,
        name=by.centre.name,
        extent=extent,
        counts=by.centre.counts,
        accounts=accounts_of(by),
        prefix=by.centre.prefix,
    )
