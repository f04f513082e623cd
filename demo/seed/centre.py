"""Founds a whole centre: cells, base map, units, accounts. Used by the demonstration, by the replay and by tests.

A real centre brings its own cells, units and people; what is made here is invented, and marked so.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from django.db import transaction
from shapely import MultiPolygon, Polygon

from command.access import Role
from command.organisations import actions as organisations
from command.organisations import queries as units
from command.people import actions as people
from command.people.actions import NewPerson, NewPost
from command.people.models import Person
from command.units import departments
from command.units.departments import TOWNSHIP, Kind, Stationing
from demo.seed import staff
from demo.seed.demonstration import must_be_a_demonstration
from demo.seed.staff import Seat
from gis.basemap import actions as basemap
from gis.basemap.generation import draw
from gis.grid import actions as grid
from gis.grid.generation import Counts, PlannedCell, generate
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION

COMMUNITY: Final = "community"  # stands for a community's unit, as `township` for a township's
TRADES: Final = (("traffic", "道路交通事故"), ("medical", "医疗"), ("property", "物业"))  # have mediators of their own
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
    Account("community", "叶知秋", Role.TOWNSHIP_DESK, COMMUNITY),
    Account("leader", "方致远", Role.LEADER, departments.DUTY_DESK),
    Account("admin", "丁思齐", Role.ADMINISTRATOR, departments.DUTY_DESK),
    Account("grid1", "田小满", Role.GRID_MEMBER, TOWNSHIP),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a centre is made from. `prefix` stands before each username: names are given once per installation.

    whole   also a base map, and somebody in every unit and grid (without a password)
    """

    code: str
    name: str
    extent: Polygon | MultiPolygon
    counts: Counts = SMALL
    seed: int = 60
    accounts: Sequence[Account] = field(default=ACCOUNTS)
    prefix: str = ""
    password: str = PASSWORD
    whole: bool = False


@dataclass(frozen=True, slots=True)
class BuiltCentre:
    """A centre as just built: its id, the root of its paths, ids of units by code and of people by username."""

    id: UUID
    root: str
    units: Mapping[str, UUID]
    people: Mapping[str, UUID]


def build_centre(plan: Plan) -> BuiltCentre:
    """Founds the centre of a plan, with its feed; every account can sign in.

    One transaction for the centre with its cells, then one for each 200 people. Raises IntegrityError for a code or a
    username that is taken, ValueError for counts that can't be tiled, RealInstallation beside a real centre.
    """
    must_be_a_demonstration()
    cells = generate(plan.extent, code=plan.code, name=plan.name, counts=plan.counts, seed=plan.seed)
    features = draw(cells, seed=plan.seed) if plan.whole else ()
    root = next(cell for cell in cells if cell.tier is Tier.DISTRICT)
    with transaction.atomic():
        centre_id = organisations.found(plan.code, plan.name, root.polygon, _units(cells), is_demonstration=True)
        grid.lay(centre_id, cells)
        if features:
            basemap.lay(centre_id, features)
    return BuiltCentre(centre_id, root.path, _unit_ids(centre_id), staff_centre(centre_id, plan))


def staff_centre(centre_id: UUID, plan: Plan) -> Mapping[str, UUID]:
    """Enters the people of a plan that are not in yet, 200 a transaction. Ids of the plan's accounts by username.

    Raises RealInstallation where a real centre is kept: the plan's password is known to everybody.
    """
    must_be_a_demonstration()
    names = [plan.prefix + account.username for account in plan.accounts]
    unit_ids = _unit_ids(centre_id)
    places = _Places.of(centre_id)
    wanted = [_person(account, plan, unit_ids, places) for account in plan.accounts]
    if plan.whole:
        wanted += _others(plan, unit_ids, places)
    known = set(Person.objects.filter(centre_id=centre_id).values_list("username", flat=True))
    missing = [person for person in wanted if person.username not in known]
    for start in range(0, len(missing), MAX_FACTS_PER_TRANSACTION):
        people.enrol(centre_id, plan.code, missing[start : start + MAX_FACTS_PER_TRANSACTION])
    found = dict(Person.objects.filter(username__in=names).values_list("username", "pk"))
    return {name: found[name] for name in names}


@dataclass(frozen=True, slots=True)
class _Places:
    """Ids of a centre's cells by path, tier by tier, each in the paths' order."""

    by_tier: Mapping[Tier, Mapping[str, UUID]]

    @classmethod
    def of(cls, centre_id: UUID) -> "_Places":
        tiers: dict[Tier, dict[str, UUID]] = {tier: {} for tier in Tier}
        rows = Cell.objects.filter(centre_id=centre_id, valid_until=None).exclude(tier=Tier.MICRO_GRID)
        for tier, path, key in rows.order_by("path").values_list("tier", "path", "pk"):
            tiers[Tier(tier)][path] = key
        return cls(tiers)

    def first(self, tier: Tier) -> str:
        """The path of a tier's first cell."""
        return next(iter(self.by_tier[tier]))

    def id_of(self, path: str) -> UUID:
        """The cell of a path."""
        return next(cells[path] for cells in self.by_tier.values() if path in cells)


def place_codes(paths: Sequence[str], kind: str, root: str) -> Mapping[str, str]:
    """The code of each place's unit by the place's path: `township` alone where there is one township only."""
    if kind == TOWNSHIP and len(paths) == 1:
        return {paths[0]: TOWNSHIP}
    return {path: staff.place_code(kind, path, root) for path in paths}


def _unit_ids(centre_id: UUID) -> dict[str, UUID]:
    return {unit.code: unit.id for unit in units.units(centre_id)}


def _units(cells: Sequence[PlannedCell]) -> list[organisations.NewUnit]:
    """Every department; a centre for each township and community, which it answers for; the mediators."""
    root = cells[0].code
    found: list[organisations.NewUnit] = []
    for row in departments.load():
        if row.code != TOWNSHIP:
            found.append(organisations.NewUnit(row.code, row.name, row.short, row.kind, row.stationing))
    for kind, tier, centre in (
        (TOWNSHIP, Tier.TOWNSHIP, Kind.TOWNSHIP_CENTRE),
        (COMMUNITY, Tier.COMMUNITY, Kind.COMMUNITY_CENTRE),
    ):
        places = {cell.path: cell for cell in cells if cell.tier is tier}
        for path, code in place_codes(list(places), kind, root).items():
            name = places[path].name
            found.append(organisations.NewUnit(code, f"{name}综治中心", name, centre, Stationing.CLOUD, path))
            found.append(_mediators(staff.place_code("mediation", path, root), name, path))
    return found + [_mediators(f"mediation_{code}", f"{name}纠纷", None) for code, name in TRADES]


def _mediators(code: str, whose: str, path: str | None) -> organisations.NewUnit:
    """A mediation committee. It has no liaison: an order goes to the body that leads, which brings it in."""
    kind = Kind.MEDIATION_COMMITTEE
    return organisations.NewUnit(code, f"{whose}人民调解委员会", f"{whose}调委会", kind, Stationing.JOINT, path)


def _person(account: Account, plan: Plan, unit_ids: Mapping[str, UUID], places: _Places) -> NewPerson:
    seat = _seat(account, places, plan.code)
    cell_id = places.id_of(seat.cell_path) if seat.cell_path else None
    post = NewPost(unit_ids[seat.unit], account.role, cell_id)
    return NewPerson(plan.prefix + account.username, account.name, plan.password, (post,))


def _seat(account: Account, places: _Places, root: str) -> Seat:
    """Where an account sits: `township` is the first one, and a role of a place has the first cell of its tier."""
    if account.unit == COMMUNITY:
        path = places.first(Tier.COMMUNITY)
        return Seat(account.username, account.role, staff.place_code(COMMUNITY, path, root), path)
    tier = {Role.TOWNSHIP_DESK: Tier.TOWNSHIP, Role.GRID_MEMBER: Tier.GRID}.get(account.role)
    unit = account.unit
    if unit == TOWNSHIP:
        unit = next(iter(place_codes(list(places.by_tier[Tier.TOWNSHIP]), TOWNSHIP, root).values()))
    return Seat(account.username, account.role, unit, places.first(tier) if tier else None)


def _others(plan: Plan, unit_ids: Mapping[str, UUID], places: _Places) -> list[NewPerson]:
    """Somebody without a password for every unit and grid that no account of the plan answers for."""
    own = [_seat(account, places, plan.code) for account in plan.accounts]
    seats = staff.seats(
        [row.code for row in departments.load() if row.code != TOWNSHIP],
        place_codes(list(places.by_tier[Tier.TOWNSHIP]), TOWNSHIP, plan.code),
        place_codes(list(places.by_tier[Tier.COMMUNITY]), COMMUNITY, plan.code),
        places.by_tier[Tier.GRID],
        root=plan.code,
        taken=own,
    )
    return [
        NewPerson(
            plan.prefix + seat.username,
            name,
            None,
            (NewPost(unit_ids[seat.unit], seat.role, places.id_of(seat.cell_path) if seat.cell_path else None),),
        )
        for seat, name in zip(seats, staff.names(seats, seed=plan.seed), strict=True)
    ]
