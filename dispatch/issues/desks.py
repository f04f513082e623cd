"""Who of the centre's units stands where: its own desk, and where an order to a unit puts the issue (分流结果)."""

from functools import cache
from typing import Final
from uuid import UUID

from command.organisations.departments import TOWNSHIP, Kind
from command.organisations.queries import UnitInfo, duty_desk
from dispatch.issues.outcomes import Triage

COURT: Final = "court"
_BY_KIND: Final = {
    Kind.COMMUNITY_CENTRE: Triage.COMMUNITY,
    Kind.TOWNSHIP_CENTRE: Triage.TOWNSHIP,
    Kind.DEPARTMENT: Triage.DEPARTMENT,
}


@cache
def desk_id(centre_id: UUID) -> UUID:
    """The centre's own desk: made with the centre, never another. One statement, once a process."""
    return duty_desk(centre_id).id


def triage_of(unit: UnitInfo) -> Triage:
    """Where an issue is routed whose lead order goes to `unit`."""
    if unit.code == COURT:
        return Triage.COURT
    return _BY_KIND.get(Kind(unit.kind), Triage.DISTRICT)


def is_lead_department(unit: UnitInfo, lead_department: str) -> bool:
    """Whether `unit` is the one that the catalogue names; `township` stands for any township."""
    return unit.code == lead_department or (lead_department == TOWNSHIP and unit.kind == Kind.TOWNSHIP_CENTRE)
