"""Situation reports over HTTP: parse, call, answer."""

from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field

from assessment.situation import actions, queries
from assessment.situation.cards import SituationReportCard
from assessment.situation.states import FileKind
from command.people.authentication import BY_PERSON, actor_of, command_of
from command.requests import ANSWERS, PROBLEMS, Body, Instant, Position, ProblemOut, answered
from realtime.feed.cards import AS_TOLD

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
    card: Annotated[SituationReportCard, AS_TOLD]
    progress: int


class SituationReportsOut(Schema):
    """The newest reports."""

    reports: list[SituationReportOut]


@router.post("/situation-reports", response=ANSWERS)
def ask(request: HttpRequest, asked: SituationReportIn) -> HttpResponse:
    """Asks for a situation report; the worker makes it and says so by a fact."""
    wanted = actions.Asked(asked.period.start, asked.period.end, asked.place)
    return answered(actions.ask(wanted, cmd=command_of(request)), status=202)


@router.get("/situation-reports", response={200: SituationReportsOut, PROBLEMS: ProblemOut})
def list_reports(request: HttpRequest, before: Position = None) -> SituationReportsOut:
    """The reports of the caller's places, the newest first, 50 a page.

    `before`: `asked_at` and `id` of the last one of the page before, with `~` between.
    """
    found = queries.reports(actor=actor_of(request), before=before)
    return SituationReportsOut(reports=[_out(view) for view in found])


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
    return SituationReportOut(id=view.id, version=view.version, card=view.card, progress=view.progress)
