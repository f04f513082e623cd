"""Lists of people over HTTP, for administrators: a template, a dry run, and taking in what is good."""

import hashlib
import io
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema
from ninja.files import UploadedFile
from openpyxl import Workbook

from command.organisations.departments import Kind
from command.organisations.queries import units
from command.people.access import Right, SignedIn
from command.people.authentication import BY_PERSON, person_of
from command.people.imports import actions
from command.people.imports.checks import Checked, Known, KnownCell, KnownUnit, check
from command.people.imports.reading import COLUMNS, MAX_BYTES, SHEET, read
from command.people.models import Person
from command.people.phones import plain
from command.requests import PROBLEMS, ProblemOut
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.contract import Command
from realtime.feed.errors import Invalid

router = Router(tags=["admin"], auth=BY_PERSON)
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_EXAMPLE: Final = ("王小明", "wang.xiaoming", "13800000000", "综合执法局", "联络员", "")


class FaultOut(Schema):
    """What is wrong with a row."""

    row: int
    column: str
    why: str
    remedy: str


class DryRunOut(Schema):
    """What a list would come to. Nothing was changed."""

    rows: int
    good: int
    faults: list[FaultOut]


class EnrolledOut(Schema):
    """Somebody who was taken in; the first password is told once."""

    row: int
    username: str
    name: str
    first_password: str | None


class TakenInOut(Schema):
    """What was taken in, and what was left out."""

    enrolled: list[EnrolledOut]
    faults: list[FaultOut]


@router.get("/imports/template", response={200: bytes, PROBLEMS: ProblemOut})
def read_template(request: HttpRequest) -> HttpResponse:
    """An empty list as XLSX, with one example row."""
    person_of(request).must(Right.ADMIN_PEOPLE)
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = SHEET
    sheet.append(COLUMNS)
    sheet.append(_EXAMPLE)
    out = io.BytesIO()
    book.save(out)
    headers = {"Content-Disposition": 'attachment; filename="relay60-people.xlsx"', "Cache-Control": "no-store"}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)


@router.post("/imports/check", response={200: DryRunOut, PROBLEMS: ProblemOut})
def check_list(request: HttpRequest, file: File[UploadedFile | None] = None) -> DryRunOut:
    """A dry run (multipart, `file`: XLSX or CSV): which rows are good, what is wrong with the others."""
    checked, _ = _checked(request, file)
    return DryRunOut(rows=checked.rows, good=len(checked.good), faults=_faults(checked))


@router.post("/imports/take", response={200: TakenInOut, PROBLEMS: ProblemOut})
def take_in_list(request: HttpRequest, file: File[UploadedFile | None] = None) -> TakenInOut:
    """Takes the good rows in, leaves the others out. The first passwords are in the answer, once."""
    checked, content = _checked(request, file)
    digest = hashlib.sha256(b"\0".join((request.path.encode(), content))).digest()
    cmd = Command(person_of(request), request.headers.get("Idempotency-Key", ""), digest)
    enrolled = actions.take_in(checked.good, cmd=cmd)
    return TakenInOut(
        enrolled=[EnrolledOut.model_validate(row, from_attributes=True) for row in enrolled], faults=_faults(checked)
    )


def _checked(request: HttpRequest, file: UploadedFile | None) -> tuple[Checked, bytes]:
    actor = person_of(request)
    actor.must(Right.ADMIN_PEOPLE)
    if file is None:
        raise Invalid("import.no_file", "没有文件。", field="file", remedy="请选择 XLSX 或 CSV 文件。")
    content = file.read(MAX_BYTES + 1)
    return check(read(file.name or "", content), _known(actor)), content


def _known(actor: SignedIn) -> Known:
    named = {
        name: KnownUnit(unit.id, Kind(unit.kind), unit.cell_path)
        for unit in units(actor.centre_id)
        for name in (unit.short, unit.name, unit.code)
    }
    cells = Cell.objects.filter(centre_id=actor.centre_id, valid_until=None).values_list("code", "pk", "tier", "path")
    people = Person.objects.filter(centre_id=actor.centre_id)
    return Known(
        named,
        {code: KnownCell(cell, Tier(tier), path) for code, cell, tier, path in cells},
        frozenset(Person.objects.values_list("username", flat=True)),  # names are given once per installation
        frozenset(plain(phone) for phone in people.values_list("phone", flat=True) if phone),
    )


def _faults(checked: Checked) -> list[FaultOut]:
    return [FaultOut.model_validate(fault, from_attributes=True) for fault in checked.faults]
