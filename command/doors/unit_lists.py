"""Lists of units over HTTP, for administrators: a template, a dry run, and taking in what is good."""

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from command.access import Right
from command.doors.uploads import DryRunOut, FaultOut, LeftOutOut, command_of_upload, template, uploaded
from command.organisations.imports import actions
from command.organisations.imports.checks import CheckedUnits, check
from command.organisations.imports.known import known_to
from command.organisations.imports.layout import LAYOUT
from command.people.authentication import BY_PERSON, person_of
from command.requests import PROBLEMS, ProblemOut

router = Router(tags=["admin"], auth=BY_PERSON)


class AddedUnitOut(Schema):
    """A unit that a row became."""

    row: int
    id: UUID
    code: str
    name: str


class TakenUnitsOut(Schema):
    """What was taken in, and what was left out. `again`: the command came before."""

    rows: int
    added: list[AddedUnitOut]
    faults: list[FaultOut]
    left_out: list[LeftOutOut]
    again: bool


@router.get("/imports/units/template", response={200: bytes, PROBLEMS: ProblemOut})
def read_unit_template(request: HttpRequest) -> HttpResponse:
    """An empty list of units as XLSX, with one example row, which is refused when it comes back."""
    person_of(request).must(Right.ADMIN_UNITS)
    return template(LAYOUT, "relay60-units.xlsx")


@router.post("/imports/units/check", response={200: DryRunOut, PROBLEMS: ProblemOut})
def check_units(request: HttpRequest, file: File[UploadedFile | None] = None) -> DryRunOut:
    """A dry run (multipart, `file`: XLSX or CSV): which rows are good, what is wrong with the others."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    sheet, _ = uploaded(request, file, LAYOUT)
    checked = check(sheet, known_to(actor.centre_id))
    return DryRunOut.of(checked.rows, len(checked.good), checked.faults, checked.left_out)


@router.post("/imports/units/take", response={200: TakenUnitsOut, PROBLEMS: ProblemOut})
def take_in_units(request: HttpRequest, file: File[UploadedFile | None] = None) -> TakenUnitsOut:
    """Adds the units of the good rows, leaves the others out. The same command again gets the same answer."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    sheet, content = uploaded(request, file, LAYOUT)

    def judge(but: Collection[UUID]) -> CheckedUnits:
        return check(sheet, known_to(actor.centre_id, but=but))

    taken = actions.take_in(sheet, judge, cmd=command_of_upload(request, content))
    return TakenUnitsOut(
        rows=taken.checked.rows,
        added=[AddedUnitOut.model_validate(row, from_attributes=True) for row in taken.added],
        faults=[FaultOut.of(fault) for fault in taken.checked.faults],
        left_out=[LeftOutOut.of(left) for left in taken.checked.left_out],
        again=taken.again,
    )
