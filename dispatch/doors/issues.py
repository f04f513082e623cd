"""Issues over HTTP, reading: lists, one in detail, and its personal data for a reason. Verbs: issue_verbs.py."""

from dataclasses import replace
from typing import Annotated, TypeAlias
from uuid import UUID, uuid4

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from command.people.authentication import BY_PERSON, actor_of, command_of
from dispatch.doors.shapes import (
    AdditionOut,
    AttachmentOut,
    ByOut,
    ClearOut,
    EntryOut,
    EscalationOut,
    IssueDetailOut,
    MergedOut,
    MessageOut,
    PageOut,
    PhotoOut,
    RatingOut,
    ReceiptOut,
    ReplyOut,
    RequestOut,
    ThreadOut,
    hop_out,
    order_out,
    report_out,
)
from dispatch.matter.issues.states import State
from dispatch.reading import issues as queries
from dispatch.reading.detail import issue_detail
from dispatch.verbs import reveal as revealing
from dispatch.verbs.on_paper import BackfillOut
from dispatch.verbs.requests import PROBLEMS, Body, Instant, ProblemOut, Words
from realtime.feed.errors import Replayed

Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9_]+$")]
CellPath: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z/_-]+$")]
router = Router(tags=["issues"], auth=BY_PERSON)


class RevealIn(Body):
    """Why the personal data is needed in clear."""

    reason: Words


class Filter(Schema):
    """What a board asks for."""

    state: list[State] = Field(default_factory=list)
    q: str = Field(default="", max_length=50, pattern=r"^[^\x00]*$")
    cell: CellPath | None = None
    item: Word | None = None
    category: Word | None = None
    unit: UUID | None = None
    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")
    channel: Word | None = None
    family: Word | None = None
    cursor: str | None = Field(default=None, max_length=20)
    limit: int = Field(default=50, ge=1, le=queries.MAX_PAGE)


@router.get("/issues", response={200: PageOut, PROBLEMS: ProblemOut})
def list_issues(request: HttpRequest, asked: Query[Filter]) -> queries.Page:
    """Issues of the caller's scope, closed ones too. `q`: number, item or place; `from`, `to`: when reported."""
    wanted = queries.Asked(
        states=tuple(asked.state),
        words=asked.q.strip(),
        cell=asked.cell,
        item=asked.item,
        category=asked.category,
        unit=asked.unit,
        since=asked.since,
        until=asked.until,
        channel=asked.channel,
        family=asked.family,
        cursor=asked.cursor,
        limit=asked.limit,
    )
    return queries.issues_page(wanted, actor=actor_of(request))


@router.get("/issues/{issue_id}", response={200: IssueDetailOut, PROBLEMS: ProblemOut})
def read_issue(request: HttpRequest, issue_id: UUID, response: HttpResponse) -> IssueDetailOut:
    """One issue in detail; `ETag` is its version. Personal data is masked."""
    detail = issue_detail(issue_id, actor=actor_of(request))
    response["ETag"] = f'"{detail.version}"'
    response["Cache-Control"] = "no-store"
    return IssueDetailOut(
        id=detail.id,
        version=detail.version,
        card=detail.card,
        reports=[report_out(view) for view in detail.reports],
        orders=[order_out(view) for view in detail.orders],
        receipts=[ReceiptOut.model_validate(view, from_attributes=True) for view in detail.receipts],
        timeline=[
            EntryOut(
                seq=entry.seq,
                at=entry.at,
                name=entry.name,
                object_kind=entry.object_kind,
                object_id=entry.object_id,
                by=ByOut(name=entry.by_name, unit=entry.by_unit),
                body=dict(entry.body),
                text=entry.text,
            )
            for entry in detail.timeline
        ],
        clocks=list(detail.clocks),
        custody=[hop_out(hop) for hop in detail.custody],
        backfills=[BackfillOut.model_validate(view, from_attributes=True) for view in detail.backfills],
        escalations=[EscalationOut(id=view.id, card=view.card) for view in detail.escalations],
        open_verbs=list(detail.open_verbs),
        replies=[ReplyOut.model_validate(view, from_attributes=True) for view in detail.passed.replies],
        additions=[AdditionOut.model_validate(view, from_attributes=True) for view in detail.passed.additions],
        ratings=[RatingOut.model_validate(view, from_attributes=True) for view in detail.passed.ratings],
        photos=[PhotoOut.model_validate(view, from_attributes=True) for view in detail.photos if view.document is None],
        files=[
            AttachmentOut(
                id=view.id, order=view.order, message=view.message, kind=view.document, bytes=view.bytes, at=view.at
            )
            for view in detail.photos
            if view.document is not None
        ],
        photos_withheld=detail.photos_withheld,
        reveals=detail.reveals,
        answers=detail.answers,
        requests=[RequestOut.model_validate(asked, from_attributes=True) for asked in detail.requests],
        messages=[MessageOut.model_validate(one, from_attributes=True) for one in detail.messages],
        threads=[ThreadOut.model_validate(one, from_attributes=True) for one in detail.threads],
        message_chars=detail.message_chars,
        merged=[
            MergedOut(
                id=each.id,
                version=each.version,
                card=each.card,
                reports=[report_out(view) for view in each.reports],
            )
            for each in detail.merged
        ],
    )


@router.post("/issues/{issue_id}/reveal", response={200: ClearOut, PROBLEMS: ProblemOut})
def reveal(request: HttpRequest, issue_id: UUID, asked: RevealIn, response: HttpResponse) -> ClearOut:
    """Shows personal data in clear and records who asked and why: each time, the same key again or not."""
    cmd = command_of(request)
    try:
        answer = revealing.reveal(issue_id, asked.reason, cmd=cmd)
    except Replayed:  # what was asked for is a look: to look again is another
        answer = revealing.reveal(issue_id, asked.reason, cmd=replace(cmd, key=str(uuid4())))
    reveal_id = UUID(orjson.loads(answer.body)["object"]["id"])
    views = queries.clear_reports(issue_id, actor=cmd.actor)
    response["Cache-Control"] = "no-store"
    return ClearOut(id=reveal_id, reports=[report_out(view) for view in views])
