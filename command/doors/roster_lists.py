"""Lists of shifts over HTTP, for administrators: template, dry run, taking in what is good; all rosters as a list."""

import io
from collections.abc import Collection
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Query, Router, Schema
from ninja.files import UploadedFile
from openpyxl import Workbook

from command.access import Right
from command.doors.rosters import AskedDays
from command.doors.uploads import XLSX, DryRunOut, FaultOut, LeftOutOut, command_of_upload, template, uploaded
from command.duty.imports import actions
from command.duty.imports.checks import CheckedShifts, check
from command.duty.imports.known import exported, known_to
from command.duty.imports.layout import LAYOUT
from command.duty.queries import zone
from command.people.authentication import BY_PERSON, person_of
from command.requests import PROBLEMS, ProblemOut
from realtime.feed import clock

router = Router(tags=["admin"], auth=BY_PERSON)


class TakenShiftsOut(Schema):
    """What was taken in, and what was left out. `again`: the command came before."""

    rows: int
    shifts: int
    faults: list[FaultOut]
    left_out: list[LeftOutOut]
    again: bool


@router.get("/imports/rosters/template", response={200: bytes, PROBLEMS: ProblemOut})
def read_roster_template(request: HttpRequest) -> HttpResponse:
    """An empty list of shifts as XLSX, with one example row, which is refused when it comes back."""
    person_of(request).must(Right.ADMIN_UNITS)
    return template(LAYOUT, "relay60-rosters.xlsx")


@router.post("/imports/rosters/check", response={200: DryRunOut, PROBLEMS: ProblemOut})
def check_rosters(request: HttpRequest, file: File[UploadedFile | None] = None) -> DryRunOut:
    """A dry run (multipart, `file`: XLSX or CSV): which rows are good, what is wrong with the others."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    sheet, _ = uploaded(request, file, LAYOUT)
    checked = check(sheet, known_to(actor.centre_id), clock.at(None), zone())
    return DryRunOut.of(checked.rows, len(checked.good), checked.faults, checked.left_out)


@router.post("/imports/rosters/take", response={200: TakenShiftsOut, PROBLEMS: ProblemOut})
def take_in_rosters(request: HttpRequest, file: File[UploadedFile | None] = None) -> TakenShiftsOut:
    """Adds the shifts of the good rows, leaves the others out. The same command again gets the same answer."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    sheet, content = uploaded(request, file, LAYOUT)

    def judge(but: Collection[UUID]) -> CheckedShifts:
        return check(sheet, known_to(actor.centre_id, but=but), clock.at(None), zone())

    taken = actions.take_in(sheet, judge, cmd=command_of_upload(request, content))
    return TakenShiftsOut(
        rows=taken.checked.rows,
        shifts=taken.shifts,
        faults=[FaultOut.of(fault) for fault in taken.checked.faults],
        left_out=[LeftOutOut.of(left) for left in taken.checked.left_out],
        again=taken.again,
    )


@router.get("/rosters/export", response={200: bytes, PROBLEMS: ProblemOut})
def export_rosters(request: HttpRequest, asked: Query[AskedDays]) -> HttpResponse:
    """Who is on duty over some days in all units, as XLSX in the columns of the list; usernames, no numbers."""
    actor = person_of(request)
    actor.must(Right.ADMIN_UNITS)
    first = asked.first or clock.at(None).astimezone(zone()).date()
    book = Workbook(write_only=True)
    sheet = book.create_sheet(LAYOUT.sheet)
    sheet.append(LAYOUT.names)
    for row in exported(actor.centre_id, first, asked.days):
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    name = f"relay60-rosters-{first:%Y%m%d}.xlsx"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)
