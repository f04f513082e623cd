"""What every list has over HTTP: the template, the uploaded file, a dry run's answer."""

import hashlib
import io
from collections.abc import Sequence
from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.files import UploadedFile
from openpyxl import Workbook

from command.lists.contract import MAX_BYTES, Fault, Layout, LeftOut, Sheet
from command.lists.reading import read, too_large
from command.people.authentication import person_of
from realtime.feed.contract import Command
from realtime.feed.errors import Invalid
from realtime.workshop.workshop import workshop

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FaultOut(Schema):
    """What is wrong with a row."""

    row: int
    column: str
    why: str
    remedy: str

    @classmethod
    def of(cls, fault: Fault) -> "FaultOut":
        """The fault as it is told."""
        return cls(row=fault.row, column=fault.column, why=fault.why, remedy=fault.remedy)


class LeftOutOut(Schema):
    """What of the file was not taken for rows, how many, and why."""

    what: str
    count: int
    why: str

    @classmethod
    def of(cls, left: LeftOut) -> "LeftOutOut":
        """What was left out, as it is told."""
        return cls(what=left.what, count=left.count, why=left.why)


class DryRunOut(Schema):
    """What a list would come to. Nothing was changed. `bad` rows have one fault or more."""

    rows: int
    good: int
    bad: int
    faults: list[FaultOut]
    left_out: list[LeftOutOut]

    @classmethod
    def of(cls, rows: int, good: int, faults: Sequence[Fault], left_out: Sequence[LeftOut]) -> "DryRunOut":
        """All of it: nothing is cut here."""
        return cls(
            rows=rows,
            good=good,
            bad=rows - good,
            faults=[FaultOut.of(fault) for fault in faults],
            left_out=[LeftOutOut.of(left) for left in left_out],
        )


def template(layout: Layout, file_name: str) -> HttpResponse:
    """An empty list as XLSX: the columns as text, one example row."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = layout.sheet
    sheet.append(layout.names)
    sheet.append(layout.example)
    for column in sheet.iter_cols(min_row=1, max_row=2):
        for cell in column:
            cell.number_format = "@"  # telephone numbers and codes keep their digits
    out = io.BytesIO()
    book.save(out)
    headers = {"Content-Disposition": f'attachment; filename="{file_name}"', "Cache-Control": "no-store"}
    return HttpResponse(out.getvalue(), content_type=XLSX, headers=headers)


def uploaded(request: HttpRequest, file: UploadedFile | None, layout: Layout) -> tuple[Sheet, bytes]:
    """The rows of the uploaded file, and its bytes. Raises Invalid."""
    if file is None:
        if _length(request) > MAX_BYTES:  # such a body is not read to its end (server/bodies.py), and holds no file
            raise too_large()
        raise Invalid("import.no_file", "没有文件。", field="file", remedy="请选择 XLSX 或 CSV 文件。")
    content = file.read(MAX_BYTES + 1)
    return workshop.do(read, file.name or "", content, layout), content


def _length(request: HttpRequest) -> int:
    """How long the body is, as the request says; 0 where it says nothing."""
    said = str(request.META.get("CONTENT_LENGTH") or "")
    return int(said) if said.isdecimal() else 0


def command_of_upload(request: HttpRequest, content: bytes) -> Command:
    """The command that an upload is: its digest is of the path and the file."""
    digest = hashlib.sha256(b"\0".join((request.path.encode(), content))).digest()
    return Command(person_of(request), request.headers.get("Idempotency-Key", ""), digest)
