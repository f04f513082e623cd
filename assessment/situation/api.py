"""Situation reports over HTTP: parse, call, answer."""

from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from assessment.situation import actions, queries
from assessment.situation.states import FileKind
from command.people.authentication import BY_PERSON, actor_of, command_of
from command.requests import ANSWERS, PROBLEMS, Body, Instant, ProblemOut, answered

router = Router(tags=["situation"], auth=BY_PERSON)
TYPES = {FileKind.HTML: "text/html; charset=utf-8", FileKind.PDF: "application/pdf"}


class PeriodIn(Body):
    """From when; until when, without: until now. `from` is a word of Python's."""

    start: Instant = Field(alias="from")
    end: Instant | None = Field(default=None, alias="to")


class SituationReportIn(Body):
    """Which period; which place, without: all that the caller may see."""

    period: PeriodIn
    place: str | None = Field(default=None, max_length=200, pattern=r"^[0-9A-Za-z_-]+(/[0-9A-Za-z_-]+)*$")


class SituationReportOut(Schema):
    """A report. `progress` is a percentage while it is in the making."""

    id: UUID
    version: int
    card: dict[str, Any]
    progress: int


class SituationReportsOut(Schema):
    """The newest reports."""

    reports: list[SituationReportOut]


class RelayOut(Schema):
    """Relays of one kind that ended today: how many, how many of them on time, minutes; null of none."""

    kind: str
    finished: int
    on_time: int
    p50: float | None
    p90: float | None


class SensitiveOut(Schema):
    """How many open sensitive issues lie in an area: a count, no more."""

    path: str
    name: str
    open: int


class SituationOut(Schema):
    """The local day so far. `entered` and `left` by how; `hours`: entered and left in each hour."""

    epoch: int
    seq: int
    at: datetime
    start: datetime
    entered: dict[str, int]
    left: dict[str, int]
    hours: list[tuple[int, int]]
    relays: list[RelayOut]
    sensitive: list[SensitiveOut]


class Where(Schema):
    """Of which place; without: of all that the caller may see."""

    place: str | None = Field(default=None, max_length=200, pattern=r"^[0-9A-Za-z_-]+(/[0-9A-Za-z_-]+)*$")


@router.get("/situation", response={200: SituationOut, PROBLEMS: ProblemOut})
def read_situation(request: HttpRequest, where: Query[Where]) -> SituationOut:
    """Today's flow, relays and counts of sensitive issues, counted from the feed's facts up to `seq`."""
    today = queries.today(actor=actor_of(request), place=where.place)
    return SituationOut(
        epoch=today.counted.epoch,
        seq=today.counted.seq,
        at=today.at,
        start=today.start,
        entered=dict(today.flow.entered),
        left=dict(today.flow.left),
        hours=list(today.hours),
        relays=[RelayOut.model_validate(row, from_attributes=True) for row in today.relays],
        sensitive=[SensitiveOut(path=path, name=name, open=count) for path, name, count in today.sensitive],
    )


@router.post("/situation-reports", response=ANSWERS)
def ask(request: HttpRequest, asked: SituationReportIn) -> HttpResponse:
    """Asks for a situation report; the worker makes it and says so by a fact."""
    wanted = actions.Asked(asked.period.start, asked.period.end, asked.place)
    return answered(actions.ask(wanted, cmd=command_of(request)), status=202)


@router.get("/situation-reports", response={200: SituationReportsOut, PROBLEMS: ProblemOut})
def list_reports(request: HttpRequest) -> SituationReportsOut:
    """The newest 50 reports of the caller's places."""
    return SituationReportsOut(reports=[_out(view) for view in queries.reports(actor=actor_of(request))])


@router.get("/situation-reports/{report_id}", response={200: SituationReportOut, PROBLEMS: ProblemOut})
def read_report(request: HttpRequest, report_id: UUID, response: HttpResponse) -> SituationReportOut:
    """One report: how far it is, and what was made."""
    view = queries.report(report_id, actor=actor_of(request))
    response["ETag"] = f'"{view.version}"'
    response["Cache-Control"] = "no-store"
    return _out(view)


@router.get("/situation-reports/{report_id}/file.{kind}", response={200: Any, PROBLEMS: ProblemOut})
def read_file(request: HttpRequest, report_id: UUID, kind: FileKind) -> HttpResponse:
    """The file to save, `html` or `pdf`. Never shown under our own address: it brings scripts of its own."""
    file = queries.report_file(report_id, kind, actor=actor_of(request))
    response = HttpResponse(file.content, content_type=TYPES[kind])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(file.name)}"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["ETag"] = f'"{file.sha256}"'
    return response


def _out(view: queries.ReportView) -> SituationReportOut:
    return SituationReportOut(id=view.id, version=view.version, card=dict(view.card), progress=view.progress)
