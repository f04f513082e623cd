"""Founds a whole centre: cells, units, accounts. Used by the demonstration, by the replay and by tests.

A real centre brings its own cells, units and people; what is made here is invented, and marked so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction
from shapely import MultiPolygon, Polygon

from command.organisations import actions as organisations
from command.organisations import departments
from command.organisations import queries as units
from command.organisations.departments import TOWNSHIP, Kind
from command.people import actions as people
from command.people.access import Role
from command.people.actions import NewPerson, NewPost
from gis.grid import actions as grid
from gis.grid.generation import Counts, PlannedCell, generate
from gis.grid.models import Cell
from gis.grid.tiers import Tier

PASSWORD: Final = "relay60-demo"  # noqa: S105  # of demonstration accounts only; ./relay up prints it
SMALL: Final = Counts(townships=1, communities=6, grids=30, micro_grids=240)


@dataclass(frozen=True, slots=True)
class Account:
    """A demonstration account. `unit` is a unit's code; a role of a place gets the first cell of its tier."""

    username: str
    name: str
    role: Role
    unit: str


ACCOUNTS: Final = (
    Account("duty1", "林晓舟", Role.DUTY_OFFICER, departments.DUTY_DESK),
    Account("duty2", "苏明远", Role.DUTY_OFFICER, departments.DUTY_DESK),
    Account("lead", "顾海平", Role.DUTY_LEAD, departments.DUTY_DESK),
    Account("chengguan", "魏立新", Role.LIAISON, "law_enforcement"),
    Account("power", "韩电生", Role.LIAISON, "power"),
    Account("housing", "程筑安", Role.LIAISON, "housing"),
    Account("police", "雷正", Role.LIAISON, "police"),
    Account("renshe", "曾宜人", Role.LIAISON, "human_resources"),
    Account("town", "柳青禾", Role.TOWNSHIP_DESK, TOWNSHIP),
    Account("leader", "方致远", Role.LEADER, departments.DUTY_DESK),
    Account("grid1", "田小满", Role.GRID_MEMBER, TOWNSHIP),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a centre is made from. `prefix` stands before each username: names are given once per installation."""

    code: str
    name: str
    extent: Polygon | MultiPolygon
    counts: Counts = SMALL
    seed: int = 60
    accounts: Sequence[Account] = field(default=ACCOUNTS)
    prefix: str = ""
    password: str = PASSWORD


@dataclass(frozen=True, slots=True)
class BuiltCentre:
    """A centre as just built: its id, the root of its paths, ids of units by code and of people by username."""

    id: UUID
    root: str
    units: Mapping[str, UUID]
    people: Mapping[str, UUID]


def build_centre(plan: Plan) -> BuiltCentre:
    """Founds the centre of a plan, with its feed; every account can sign in.

    Two transactions: the centre with its cells, then its people. Raises IntegrityError for a code or a username that
    is taken, ValueError for counts that can't be tiled.
    """
    cells = generate(plan.extent, code=plan.code, name=plan.name, counts=plan.counts, seed=plan.seed)
    root = next(cell for cell in cells if cell.tier is Tier.DISTRICT)
    with transaction.atomic():
        centre_id = organisations.found(plan.code, plan.name, root.polygon, _units(cells), is_demonstration=True)
        grid.lay(centre_id, cells)
    unit_ids = {unit.code: unit.id for unit in units.units(centre_id)}
    enrolled = people.enrol(
        centre_id, root.path, [_person(account, plan, unit_ids, centre_id) for account in plan.accounts]
    )
    names = [plan.prefix + account.username for account in plan.accounts]
    return BuiltCentre(centre_id, root.path, unit_ids, dict(zip(names, enrolled, strict=True)))


def _units(cells: Sequence[PlannedCell]) -> list[organisations.NewUnit]:
    """Every department; `township` once for each township, which it answers for."""
    townships = [cell for cell in cells if cell.tier is Tier.TOWNSHIP]
    found: list[organisations.NewUnit] = []
    for row in departments.load():
        if row.code != TOWNSHIP:
            found.append(organisations.NewUnit(row.code, row.name, row.short, row.kind, row.stationing))
            continue
        for township in townships:
            code = TOWNSHIP if len(townships) == 1 else f"{TOWNSHIP}_{township.code[-3:]}"
            name = f"{township.name}综治中心"
            found.append(
                organisations.NewUnit(code, name, township.name, Kind.TOWNSHIP_CENTRE, row.stationing, township.path)
            )
    return found


def _person(account: Account, plan: Plan, unit_ids: Mapping[str, UUID], centre_id: UUID) -> NewPerson:
    tier = {Role.TOWNSHIP_DESK: Tier.TOWNSHIP, Role.GRID_MEMBER: Tier.GRID}.get(account.role)
    cell_id = None
    if tier:
        cells = Cell.objects.filter(centre_id=centre_id, tier=tier, valid_until=None).order_by("path")
        cell_id = cells.values_list("pk", flat=True).first()
    post = NewPost(unit_ids[account.unit], account.role, cell_id)
    return NewPerson(plan.prefix + account.username, account.name, plan.password, (post,))
