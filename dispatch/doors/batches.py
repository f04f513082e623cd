"""Many reports at once over HTTP, and the list of those without a sure place: parse, call, answer."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

import orjson
from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from command.people.authentication import BY_PERSON, BY_PERSON_OR_SYSTEM, actor_of, command_of
from dispatch.doors.batch_rows import MOST_ROWS, RowAnswer, report_rows
from dispatch.doors.reports import ReportIn, new_report_of
from dispatch.reading import unplaced
from dispatch.verbs.report import NewReport
from dispatch.verbs.requests import PROBLEMS, Body, Position, ProblemOut

router = Router(tags=["reports"])


class BatchIn(Body):
    """Rows, each as a report; every row carries its sender's number."""

    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)


class RowProblemOut(Schema):
    """Why a row was refused."""

    code: str
    detail: str
    field: str | None = None
    rule: str | None = None
    remedy: str | None = None


class RowOut(Schema):
    """What became of a row: 201 new, 200 known by its number, else why not.

    `left_out`: fields whose value is no name or number; the row was taken in without them.
    """

    index: int
    status: int
    issue: UUID | None = None
    number: str | None = None
    problem: RowProblemOut | None = None
    left_out: list[str] = Field(default_factory=list)


class BatchOut(Schema):
    """What became of all rows."""

    taken: int
    known: int
    refused: int
    rows: list[RowOut]


class CandidateOut(Schema):
    """A cell that a place may lie in."""

    id: UUID
    code: str
    name: str
    path: str
    tier: str


class UnplacedOut(Schema):
    """A report without a sure place: nowhere, or several cells are possible and a person confirms (amend).

    `given`: what came in as a position and is too far away to be one.
    """

    issue: UUID
    version: int
    number: str
    item: str
    state: str
    report: UUID
    placing: str
    position: tuple[float, float] | None
    accuracy_m: float | None
    given: str | None
    received_at: datetime
    cell: CandidateOut | None
    candidates: list[CandidateOut]


@router.post("/reports/batch", response={200: BatchOut, PROBLEMS: ProblemOut}, auth=BY_PERSON_OR_SYSTEM)
def report_batch(request: HttpRequest, asked: BatchIn) -> BatchOut:
    """Takes at most 100 reports in, each by itself: good rows come in, bad rows are told."""
    answers = report_rows(asked.rows, _parsed, cmd=command_of(request))
    return BatchOut(
        taken=sum(answer.status == 201 for answer in answers),
        known=sum(answer.status == 200 for answer in answers),
        refused=sum(answer.refused is not None for answer in answers),
        rows=[_row_out(answer) for answer in answers],
    )


@router.get("/reports/unplaced", response={200: list[UnplacedOut], PROBLEMS: ProblemOut}, auth=BY_PERSON)
def list_unplaced(
    request: HttpRequest,
    placing: Literal["unplaced", "ambiguous", "no_position"] = "unplaced",
    before: Position = None,
) -> list[unplaced.UnplacedView]:
    """Open issues whose place a person has to confirm, the newest first, 200 a page.

    `before`: `received_at` and `report` of the last one of the page before, with `~` between.
    """
    return unplaced.unplaced_reports(placing, actor=actor_of(request), before=before)


def _parsed(row: Mapping[str, Any]) -> NewReport:
    return new_report_of(ReportIn.model_validate(row))


def _row_out(row: RowAnswer) -> RowOut:
    refused = row.refused
    if refused is not None:
        problem = RowProblemOut(
            code=refused.code, detail=refused.detail, field=refused.field, rule=refused.rule, remedy=refused.remedy
        )
        return RowOut(index=row.index, status=row.status, problem=problem)
    told = orjson.loads(row.answer.body) if row.answer else {}
    return RowOut(
        index=row.index,
        status=row.status,
        issue=told["object"]["id"],
        number=told["card"]["number"],
        left_out=list(row.left_out),
    )
