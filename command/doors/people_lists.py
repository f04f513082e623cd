"""Lists of people over HTTP, for administrators: a template, a dry run, and taking in what is good."""

from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile

from command.access import Right
from command.doors.uploads import DryRunOut, FaultOut, LeftOutOut, command_of_upload, template, uploaded
from command.people.authentication import BY_PERSON, person_of
from command.people.imports import actions
from command.people.imports.checks import Checked, check
from command.people.imports.known import known_to
from command.people.imports.reading import LAYOUT
from command.requests import PROBLEMS, ProblemOut

router = Router(tags=["admin"], auth=BY_PERSON)


class EnrolledOut(Schema):
    """Somebody who was taken in; the first password is told here, and again to the same command while it is good."""

    row: int
    username: str
    name: str
    first_password: str | None


class TakenInOut(Schema):
    """What was taken in, and what was left out. `again`: the command came before."""

    rows: int
    enrolled: list[EnrolledOut]
    faults: list[FaultOut]
    left_out: list[LeftOutOut]
    again: bool


@router.get("/imports/template", response={200: bytes, PROBLEMS: ProblemOut})
def read_template(request: HttpRequest) -> HttpResponse:
    """An empty list as XLSX, with one example row, which is refused when it comes back."""
    person_of(request).must(Right.ADMIN_PEOPLE)
    return template(LAYOUT, "relay60-people.xlsx")


@router.post("/imports/check", response={200: DryRunOut, PROBLEMS: ProblemOut})
def check_list(request: HttpRequest, file: File[UploadedFile | None] = None) -> DryRunOut:
    """A dry run (multipart, `file`: XLSX or CSV): which rows are good, what is wrong with the others."""
    actor = person_of(request)
    actor.must(Right.ADMIN_PEOPLE)
    sheet, _ = uploaded(request, file, LAYOUT)
    checked = check(sheet, known_to(actor.centre_id))
    return DryRunOut.of(checked.rows, len(checked.good), checked.faults, checked.left_out)


@router.post("/imports/take", response={200: TakenInOut, PROBLEMS: ProblemOut})
def take_in_list(request: HttpRequest, file: File[UploadedFile | None] = None) -> TakenInOut:
    """Takes the good rows in, leaves the others out. The same command again gets the same answer."""
    actor = person_of(request)
    actor.must(Right.ADMIN_PEOPLE)
    sheet, content = uploaded(request, file, LAYOUT)

    def judge(but: Collection[UUID]) -> Checked:
        return check(sheet, known_to(actor.centre_id, but=but))

    taken = actions.take_in(sheet, judge, cmd=command_of_upload(request, content))
    return TakenInOut(
        rows=taken.checked.rows,
        enrolled=[EnrolledOut.model_validate(row, from_attributes=True) for row in taken.enrolled],
        faults=[FaultOut.of(fault) for fault in taken.checked.faults],
        left_out=[LeftOutOut.of(left) for left in taken.checked.left_out],
        again=taken.again,
    )
