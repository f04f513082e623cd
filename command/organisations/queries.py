"""Reads of centres and units. Frozen values out, never model rows; nothing here writes or locks."""

from dataclasses import dataclass
from uuid import UUID

from command.organisations.departments import Kind
from command.organisations.models import Centre, Unit


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


def centre(centre_id: UUID) -> CentreInfo:
    """One centre. Raises Centre.DoesNotExist. One statement."""
    return _centre(Centre.objects.only("id", "code", "name").get(pk=centre_id))


def centres() -> list[CentreInfo]:
    """All centres of this installation, by code. One statement."""
    return [_centre(row) for row in Centre.objects.only("id", "code", "name").order_by("code")]


def unit(unit_id: UUID, *, centre_id: UUID) -> UnitInfo:
    """One unit of that centre, retired or not. Raises Unit.DoesNotExist. One statement."""
    return _unit(Unit.objects.get(pk=unit_id, centre_id=centre_id))


def units(centre_id: UUID) -> list[UnitInfo]:
    """The units of a centre that are not retired, by code; the duty desk is among them. One statement."""
    return [_unit(row) for row in Unit.objects.filter(centre_id=centre_id, retired_at=None).order_by("code")]


def duty_desk(centre_id: UUID) -> UnitInfo:
    """The centre's own desk (值班席). Raises Unit.DoesNotExist. One statement."""
    return _unit(Unit.objects.get(centre_id=centre_id, kind=Kind.DESK))


def _centre(row: Centre) -> CentreInfo:
    return CentreInfo(row.pk, row.code, row.name, row.code)


def _unit(row: Unit) -> UnitInfo:
    return UnitInfo(row.pk, row.centre_id, row.code, row.name, row.short, row.kind, row.cell_path)
