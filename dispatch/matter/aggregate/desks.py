"""Where an issue stands among the centre's units: what its desk no longer sees, where an order puts it (分流结果)."""

from typing import Final

from command.access import within
from command.organisations.queries import UnitInfo, desk_id, unit
from command.units.departments import TOWNSHIP, Kind
from dispatch.matter.custody.holders import WITH_A_UNIT
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Triage

COURT: Final = "court"
_BY_KIND: Final = {
    Kind.COMMUNITY_CENTRE: Triage.COMMUNITY,
    Kind.TOWNSHIP_CENTRE: Triage.TOWNSHIP,
    Kind.DEPARTMENT: Triage.DEPARTMENT,
}


def keep_in_sight(issue: Issue) -> None:
    """The duty desk has what its desk can't see any more: it became sensitive, or lies in another place now.

    Changes the issue; what is with a unit stays there. One statement at most.
    """
    if issue.state not in WITH_A_UNIT and _is_out_of_sight(issue):
        issue.responsible_id = desk_id(issue.centre_id)


def triage_of(unit: UnitInfo) -> Triage:
    """Where an issue is routed whose lead order goes to `unit`."""
    if unit.code == COURT:
        return Triage.COURT
    return _BY_KIND.get(Kind(unit.kind), Triage.DISTRICT)


def is_lead_department(unit: UnitInfo, lead_department: str) -> bool:
    """Whether `unit` is the one that the catalogue names; `township` stands for any township."""
    return unit.code == lead_department or (lead_department == TOWNSHIP and unit.kind == Kind.TOWNSHIP_CENTRE)


def _is_out_of_sight(issue: Issue) -> bool:
    if issue.responsible_id == desk_id(issue.centre_id):
        return False
    holder = unit(issue.responsible_id, centre_id=issue.centre_id)
    return issue.sensitive or (holder.cell_path is not None and not within(issue.place, holder.cell_path))
