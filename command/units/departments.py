"""The bodies that work with a centre (部门), as listed in `data/departments.csv`. Pure: no Django, no database.

A district replaces the file by its own. The row `township` stands for whichever township has jurisdiction.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from gis.grid.tiers import Tier
from realtime.words import Word

PATH: Final = Path(__file__).parent / "data" / "departments.csv"
TOWNSHIP: Final = "township"  # the code that stands for any township
DUTY_DESK: Final = "duty_desk"  # the code of the centre's own desk, 值班席


class Kind(Word):
    """What sort of body a unit is."""

    DEPARTMENT = "department", "部门"
    TOWNSHIP_CENTRE = "township_centre", "镇街综治中心"
    COMMUNITY_CENTRE = "community_centre", "村社综治中心"
    MEDIATION_COMMITTEE = "mediation_committee", "人民调解委员会"  # of a township, a community or a trade
    JUDICIAL = "judicial", "司法机关"
    GROUP = "group", "群团与企业"  # a mass organisation, an association or a utility company
    DESK = "desk", "值班席"  # the centre's own duty desk


TIER_OF_KIND: Final[Mapping[Kind, Tier]] = {  # of the units that must answer for a place
    Kind.TOWNSHIP_CENTRE: Tier.TOWNSHIP,
    Kind.COMMUNITY_CENTRE: Tier.COMMUNITY,
}


class Stationing(Word):
    """How a body is present at the centre."""

    RESIDENT = "resident", "常驻"
    ROTATING = "rotating", "轮驻"
    CLOUD = "cloud", "云驻"
    ON_CALL = "on_call", "随叫随驻"
    INVITED = "invited", "邀驻"
    JOINT = "joint", "联驻"


class Rank(Word):
    """What a contact of a unit is to it. A duty lead is the centre's, never a unit's: no contact row says so."""

    LIAISON = "liaison", "联络员"
    DEPUTY = "deputy", "副职"
    HEAD = "head", "负责人"
    DUTY_LEAD = "duty_lead", "值班长"


STORED_RANKS: Final = (Rank.LIAISON, Rank.DEPUTY, Rank.HEAD)


@dataclass(frozen=True, slots=True)
class Department:
    """One row of the file."""

    code: str
    name: str
    short: str
    kind: Kind
    stationing: Stationing
    has_liaison: bool


def load(path: Path = PATH) -> tuple[Department, ...]:
    """All departments in the file's order.

    Raises ValueError that names the line for an unknown word or a repeated code.
    """
    found: dict[str, Department] = {}
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        for row in reader:
            try:
                department = Department(
                    code=row["code"],
                    name=row["name_zh"],
                    short=row["short_zh"],
                    kind=Kind(row["kind"]),
                    stationing=Stationing(row["stationing"]),
                    has_liaison={"yes": True, "no": False}[row["has_liaison"]],
                )
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from error
            if not department.code or department.code in found:
                raise ValueError(f"{path.name}, line {reader.line_num}: code {department.code!r} is empty or repeated")
            found[department.code] = department
    return tuple(found.values())
