"""Reads of centres and units. Frozen values out, never model rows; nothing here writes or locks."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, Value
from django.db.models.functions import Concat, Length

from command.access import Role, within
from command.people.queries import held_now, held_posts
from command.units.departments import Kind, Rank
from command.units.models import Centre, Unit, UnitContact
from gis.grid.models import Cell
from gis.grid.tiers import Tier, paths_above
from realtime.feed.errors import NotFound


@dataclass(frozen=True, slots=True)
class CentreInfo:
    """A centre as others need it. `path` is the root of its cells' paths, and so of its `place:` tokens."""

    id: UUID
    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class UnitInfo:
    """A unit as others need it. `cell_path` is the place that it answers for; None: the whole centre."""

    id: UUID
    centre_id: UUID
    code: str
    name: str
    short: str
    kind: str
    cell_path: str | None


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to be told, by the post held. `order`: 1 is told first."""

    person_id: UUID
    post_id: UUID
    name: str
    rank: Rank
    order: int


@dataclass(frozen=True, slots=True)
class KeptUnit:
    """A unit as the administrator sees it; `posts`: how many are held in it now."""

    id: UUID
    code: str
    name: str
    short: str
    kind: str
    stationing: str
    cell_path: str | None
    retired_at: datetime | None
    version: int
    posts: int


@dataclass(frozen=True, slots=True)
class Place:
    """A cell that a post or unit may answer for. `above`: the names of what holds it, the district left out."""

    id: UUID
    code: str
    name: str
    path: str
    tier: str
    above: str


def centre(centre_id: UUID) -> CentreInfo:
    """One centre. Raises Centre.DoesNotExist. One statement."""
    return _centre(Centre.objects.only("id", "code", "name").get(pk=centre_id))


def centres() -> list[CentreInfo]:
    """All centres of this installation, by code. One statement."""
    return [_centre(row) for row in Centre.objects.only("id", "code", "name").order_by("code")]


def unit(unit_id: UUID, *, centre_id: UUID) -> UnitInfo:
    """One unit of that centre, retired or not. Raises Unit.DoesNotExist. One statement."""
    return _unit(Unit.objects.get(pk=unit_id, centre_id=centre_id))


def units(centre_id: UUID, *, among: Collection[UUID] | None = None) -> list[UnitInfo]:
    """The units of a centre that are not retired, by code; the duty desk is among them. One statement.

    among   only these: a county has some 560, and to read them all took a third of a dispatch
    """
    rows = Unit.objects.filter(centre_id=centre_id, retired_at=None).order_by("code")
    return [_unit(row) for row in (rows if among is None else rows.filter(pk__in=among))]


def duty_desk(centre_id: UUID) -> UnitInfo:
    """The centre's own desk (值班席). Raises Unit.DoesNotExist. One statement."""
    return _unit(Unit.objects.get(centre_id=centre_id, kind=Kind.DESK))


@cache
def desk_id(centre_id: UUID) -> UUID:
    """The centre's own desk: made with the centre, never another. One statement, once a process."""
    return duty_desk(centre_id).id


def contacts(unit_id: UUID) -> tuple[Contact, ...]:
    """Whom of a unit to tell, in order: as the administrator listed them; posts that ended are passed over.

    A unit without such a list: its liaisons or its desk by their time in the post, then its leaders. One statement,
    two without a list.
    """
    listed = UnitContact.objects.filter(held_now("post__"), unit_id=unit_id, post__person__is_active=True)
    rows = listed.order_by("place").values_list("post__person_id", "post_id", "post__person__name", "rank")
    if found := list(rows):
        return tuple(Contact(*row[:3], Rank(row[3]), order) for order, row in enumerate(found, start=1))
    posts = held_posts().filter(unit_id=unit_id, role__in=_RANK_OF_ROLE)
    held = posts.order_by("active_from", "person__username").values_list("person_id", "pk", "person__name", "role")
    by_rank = sorted(held, key=lambda row: _RANK_OF_ROLE[row[3]] is Rank.HEAD)
    return tuple(Contact(*row[:3], _RANK_OF_ROLE[row[3]], order) for order, row in enumerate(by_rank, start=1))


def head_of(unit_id: UUID) -> Contact | None:
    """The head of a unit; None when nobody is named as one. Two statements at most."""
    return next((contact for contact in contacts(unit_id) if contact.rank is Rank.HEAD), None)


def duty_leads(centre_id: UUID) -> tuple[Contact, ...]:
    """The duty leads of a centre, by their time in the post. One statement."""
    leads = held_posts().filter(unit__centre_id=centre_id, role=Role.DUTY_LEAD)
    posts = leads.order_by("active_from", "person__username")
    rows = posts.values_list("person_id", "pk", "person__name")
    return tuple(Contact(*row, Rank.DUTY_LEAD, order) for order, row in enumerate(rows, start=1))


def receiving_unit(centre_id: UUID, *, path: str | None, actor_unit: UUID | None) -> UUID:
    """Who holds a report at first.

    path        of the cell where it lies; None, or the root: it has no place, the duty desk holds it
    actor_unit  of the post by which a person makes it; None: it came by itself (a system, a resident)
    A place's own centre holds what its members make; anything else in a township whose centre has somebody at its desk
    is held there; the rest is the duty desk's. Two statements at most, none for what the desk enters itself.
    """
    desk = desk_id(centre_id)
    if path is None or "/" not in path or actor_unit == desk:
        return desk
    near = Q(pk=actor_unit) | Q(cell_path__in=paths_above(path))
    rows = list(Unit.objects.filter(near, centre_id=centre_id, kind__in=_OF_PLACES, retired_at=None))
    own = next((row.pk for row in rows if row.pk == actor_unit), None)
    if own is not None:
        return own
    township = next(
        (row for row in rows if row.kind == Kind.TOWNSHIP_CENTRE and row.cell_path and within(path, row.cell_path)),
        None,
    )
    if township is None:
        return desk
    manned = held_posts().filter(unit=township, role=Role.TOWNSHIP_DESK).exists()
    return township.pk if manned else desk


def kept_units(centre_id: UUID) -> list[KeptUnit]:
    """All units of a centre, the retired ones last, by code. One statement."""
    held = Count("posts", filter=Q(posts__active_until=None))
    rows = Unit.objects.filter(centre_id=centre_id).annotate(held=held)
    return [
        KeptUnit(
            row.pk,
            row.code,
            row.name,
            row.short,
            row.kind,
            row.stationing,
            row.cell_path,
            row.retired_at,
            row.version,
            row.held,
        )
        for row in rows.order_by(F("retired_at").asc(nulls_first=True), "code")
    ]


def must_be_unit_of(centre_id: UUID, unit_id: UUID) -> None:
    """Returns if the unit is that centre's. Raises NotFound. One statement."""
    if not Unit.objects.filter(pk=unit_id, centre_id=centre_id).exists():
        raise NotFound("unit.not_found", "没有这个单位。")


def places(centre_id: UUID, words: str, *, tiers: Collection[Tier] = (), limit: int = 30) -> list[Place]:
    """Cells whose name contains the words or whose code begins with them, the larger first. Two statements.

    tiers  of these only; none: of all but micro-grids
    """
    cells = Cell.objects.filter(centre_id=centre_id, valid_until=None).exclude(tier=Tier.MICRO_GRID)
    if tiers:
        cells = cells.filter(tier__in=tiers)
    if words:
        cells = cells.filter(Q(name__contains=words) | Q(code__startswith=words))
    ordered = cells.annotate(depth=Length("path")).order_by("depth", "code")
    rows = list(ordered.values_list("pk", "code", "name", "path", "tier")[:limit])
    holding = {path: paths_above(path)[1:-1] for _, _, _, path, _ in rows}
    wanted = {upper for uppers in holding.values() for upper in uppers}
    known = Cell.objects.filter(centre_id=centre_id, valid_until=None, path__in=wanted)
    names = dict(known.values_list("path", "name"))
    return [Place(*row, "/".join(names[one] for one in holding[row[3]] if one in names)) for row in rows]


def unit_above(unit_id: UUID, *, centre_id: UUID) -> UnitInfo:
    """The unit that a unit passes up to: a community's township centre, else the duty desk. Three statements at most.

    Raises Unit.DoesNotExist for a unit of another centre.
    """
    own = Unit.objects.get(pk=unit_id, centre_id=centre_id)
    if own.kind == Kind.COMMUNITY_CENTRE and own.cell_path is not None:
        standing = Unit.objects.filter(centre_id=centre_id, kind=Kind.TOWNSHIP_CENTRE, retired_at=None)
        above = standing.filter(cell_path__in=paths_above(own.cell_path)).first()
        if above is not None:
            return _unit(above)
    return duty_desk(centre_id)


def places_under(unit_id: UUID, *, centre_id: UUID) -> list[UnitInfo]:
    """The centres of townships and communities that lie below a unit's place, by code: to these it may forward.

    None for a unit that answers for no place. Two statements.
    """
    path = Unit.objects.filter(pk=unit_id, centre_id=centre_id).values_list("cell_path", flat=True).first()
    if path is None:
        return []
    below = Unit.objects.filter(centre_id=centre_id, kind__in=_OF_PLACES, retired_at=None)
    return [_unit(row) for row in below.filter(cell_path__startswith=path + "/").order_by("code")]


def with_places_under(unit_ids: Sequence[UUID]) -> frozenset[UUID]:
    """Those of some units that have such a centre below their place. One statement."""
    below = Unit.objects.filter(
        centre_id=OuterRef("centre_id"),
        kind__in=_OF_PLACES,
        retired_at=None,
        cell_path__startswith=Concat(OuterRef("cell_path"), Value("/")),
    )
    rows = Unit.objects.filter(Exists(below), pk__in=unit_ids, cell_path__isnull=False)
    return frozenset(rows.values_list("pk", flat=True))


def centres_over(centre_id: UUID, place: str) -> list[UUID]:
    """The townships' and communities' centres, in use, whose place holds a path or is it, by code. One statement."""
    rows = Unit.objects.filter(
        centre_id=centre_id, kind__in=_OF_PLACES, cell_path__in=paths_above(place), retired_at=None
    )
    return list(rows.order_by("code").values_list("pk", flat=True))


def units_of_places(centre_id: UUID, paths: Collection[str]) -> list[str]:
    """The short names of units in use that answer for these very places, by code. One statement."""
    rows = Unit.objects.filter(centre_id=centre_id, cell_path__in=paths, retired_at=None)
    return list(rows.order_by("code").values_list("short", flat=True))


_OF_PLACES = (Kind.TOWNSHIP_CENTRE, Kind.COMMUNITY_CENTRE)
_RANK_OF_ROLE: dict[str, Rank] = {
    Role.LIAISON: Rank.LIAISON,
    Role.TOWNSHIP_DESK: Rank.LIAISON,
    Role.LEADER: Rank.HEAD,
}


def _centre(row: Centre) -> CentreInfo:
    return CentreInfo(row.pk, row.code, row.name, row.code)


def _unit(row: Unit) -> UnitInfo:
    return UnitInfo(row.pk, row.centre_id, row.code, row.name, row.short, row.kind, row.cell_path)
