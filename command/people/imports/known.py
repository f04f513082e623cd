"""What a centre has already, as lists look it up: units, cells and people. Reads only."""

from collections.abc import Collection
from uuid import UUID

from command.lists.naming import Named, Names
from command.people.imports.checks import Known, KnownCell, KnownUnit
from command.people.models import Person
from command.phones import plain
from command.units.departments import Kind
from command.units.models import Unit
from gis.grid.models import Cell
from gis.grid.tiers import Tier, paths_above


def cells_of(centre_id: UUID) -> Names[KnownCell]:
    """The centre's valid cells by code, path, name, and name below a place. One statement."""
    rows = list(
        Cell.objects.filter(centre_id=centre_id, valid_until=None).values_list("pk", "code", "name", "tier", "path")
    )
    called = {path: (name, code) for _, code, name, _, path in rows}
    return Names(
        Named(KnownCell(cell, Tier(tier), path), code, (name, path), _above(path, called))
        for cell, code, name, tier, path in rows
    )


def units_of(centre_id: UUID) -> Names[KnownUnit]:
    """The centre's units in use by code, name, short name, and name below a place. Two statements."""
    rows = Unit.objects.filter(centre_id=centre_id, retired_at=None)
    units = list(rows.values_list("pk", "code", "name", "short", "kind", "cell_path"))
    steps = {step for *_, path in units if path for step in paths_above(path)}
    cells = Cell.objects.filter(centre_id=centre_id, valid_until=None, path__in=steps)
    called = {path: (name, code) for path, name, code in cells.values_list("path", "name", "code")}
    return Names(
        Named(KnownUnit(unit, Kind(kind), path), code, (short, name), _above(path, called))
        for unit, code, name, short, kind, path in units
    )


def known_to(centre_id: UUID, *, but: Collection[UUID] = ()) -> Known:
    """What a list is held against. `but`: people that this very list has made. Six statements."""
    people = Person.objects.exclude(pk__in=but)
    phones = people.filter(centre_id=centre_id).values_list("phone", flat=True)
    return Known(
        units_of(centre_id),
        cells_of(centre_id),
        frozenset(people.values_list("username", flat=True)),  # names are given once per installation
        frozenset(plain(phone) for phone in phones if phone),
    )


def _above(path: str | None, called: dict[str, tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    return tuple(called[step] for step in paths_above(path)[:-1] if step in called) if path else ()
