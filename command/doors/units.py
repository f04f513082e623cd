"""Units and their contacts over HTTP, for administrators: parse, call, answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field, StringConstraints

from command import forms
from command.access import Right
from command.doors.people import NO_CONTROLS
from command.organisations import administration, queries
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, Line, ProblemOut, a_name, answered, must_expect
from command.units.departments import Kind, Rank, Stationing
from gis.grid.tiers import Tier

router = Router(tags=["admin"], auth=BY_PERSON)
Code = Annotated[str, StringConstraints(strip_whitespace=True, max_length=40, pattern=forms.UNIT_CODE)]


class UnitIn(Body):
    """A unit to be added."""

    code: Code
    name: Line
    short: Line
    kind: Kind
    stationing: Stationing = Stationing.ON_CALL
    cell: UUID | None = None


class NamesIn(Body):
    """What a unit is called."""

    name: Line
    short: Line


class ContactIn(Body):
    """Whom to call, as what."""

    post: UUID
    rank: Rank


class ContactsIn(Body):
    """The order in which to call."""

    contacts: list[ContactIn] = Field(max_length=50)


class ContactOut(Schema):
    """Whom to call; `order` 1 is called first."""

    person_id: UUID
    post_id: UUID
    name: str
    rank: str
    order: int


class KeptUnitOut(Schema):
    """A unit as the administrator sees it. `contacts` are those listed, or those that stand in for a list."""

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


class Asked(Schema):
    """Which cells: words in the name, or how the code begins; of some tiers only."""

    q: str = Field("", max_length=50, pattern=NO_CONTROLS)
    tier: list[Tier] = Field([], max_length=len(Tier))


class PlaceOut(Schema):
    """A cell that a post or unit may answer for; `above`: the names of what holds it, by which namesakes differ."""

    id: UUID
    code: str
    name: str
    path: str
    tier: str
    above: str


@router.get("/units", response={200: list[KeptUnitOut], PROBLEMS: ProblemOut})
def list_units(request: HttpRequest) -> list[queries.KeptUnit]:
    """All units of the centre, the retired ones too, by code."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    return queries.kept_units(actor.centre_id)


@router.post("/units", response=ANSWERS)
def add_unit(request: HttpRequest, new: UnitIn) -> HttpResponse:
    """Adds a unit."""
    name, short = a_name(new.name, "name"), a_name(new.short, "short")
    added = administration.AddedUnit(new.code, name, short, new.kind, new.stationing, new.cell)
    return answered(administration.add(added, cmd=command_of(request)))


@router.post("/units/{unit_id}/rename", response=ANSWERS)
def rename_unit(request: HttpRequest, unit_id: UUID, names: NamesIn) -> HttpResponse:
    """Renames a unit."""
    expected, cmd = must_expect(request), command_of(request)
    name, short = a_name(names.name, "name"), a_name(names.short, "short")
    return answered(administration.rename(unit_id, name, short, expected=expected, cmd=cmd))


@router.post("/units/{unit_id}/retire", response=ANSWERS)
def retire_unit(request: HttpRequest, unit_id: UUID) -> HttpResponse:
    """Takes a unit out of use."""
    return answered(administration.retire(unit_id, expected=must_expect(request), cmd=command_of(request)))


@router.get("/units/{unit_id}/contacts", response={200: list[ContactOut], PROBLEMS: ProblemOut})
def list_contacts(request: HttpRequest, unit_id: UUID) -> list[queries.Contact]:
    """Whom of a unit to call, in order."""
    actor = person_of(request)
    queries.must_be_unit_of(actor.centre_id, unit_id)
    actor.must(Right.ADMIN_UNITS)
    return list(queries.contacts(unit_id))


@router.post("/units/{unit_id}/contacts", response=ANSWERS)
def order_contacts(request: HttpRequest, unit_id: UUID, asked: ContactsIn) -> HttpResponse:
    """Says whom of a unit to call, in which order."""
    listed = [administration.Listed(entry.post, entry.rank) for entry in asked.contacts]
    expected, cmd = must_expect(request), command_of(request)
    return answered(administration.order_contacts(unit_id, listed, expected=expected, cmd=cmd))


@router.get("/places", response={200: list[PlaceOut], PROBLEMS: ProblemOut})
def list_places(request: HttpRequest, asked: Query[Asked]) -> list[queries.Place]:
    """Cells by name or code, at most 30, the larger first: what a post or unit may answer for."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    return queries.places(actor.centre_id, asked.q.strip(), tiers=asked.tier)
