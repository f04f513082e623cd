"""What a centre has already, as a list of units is held against it. Reads only."""

from collections.abc import Collection
from uuid import UUID

from command.organisations.imports.checks import KnownUnits
from command.people.imports.known import cells_of
from command.units.departments import Kind
from command.units.models import Unit
from gis.names import folded


def known_to(centre_id: UUID, *, but: Collection[UUID] = ()) -> KnownUnits:
    """Codes ever given, names and places in use, cells. `but`: units that this very list has made. Three statements."""
    units = Unit.objects.filter(centre_id=centre_id).exclude(pk__in=but)
    in_use = list(units.filter(retired_at=None).values_list("kind", "name", "cell_path"))
    return KnownUnits(
        frozenset(units.values_list("code", flat=True)),
        frozenset((folded(name), path or "") for _, name, path in in_use),
        frozenset((Kind(kind), path) for kind, _, path in in_use if path),
        cells_of(centre_id),
    )
