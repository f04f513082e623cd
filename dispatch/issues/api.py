"""Issues over HTTP, reading: lists, one in detail, and its personal data for a reason. Verbs: verbs_api.py."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from command.people.authentication import BY_PERSON, actor_of, command_of
from dispatch.backfills.requests import BackfillOut
from dispatch.intake.queries import ReportView
from dispatch.issues import actions, queries
from dispatch.issues.detail import issue_detail
from dispatch.issues.states import State
from dispatch.orders.queries import OrderView
from dispatch.relays.queries import HopView
from dispatch.requests import PROBLEMS, Body, Instant, ProblemOut, Words
from realtime.feed.errors import Replayed

Word: TypeAlias = Annotated[str, Field(min_length=1, max_length=50, pattern=r"^[a-z0-9_]+$")]
CellPath: TypeAlias = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z/_-]+$")]
router = Router(tags=["issues"], auth=BY_PERSON)


class RevealIn(Body):
    """Why the personal data is needed in clear."""

    reason: Words


class PersonOut(Schema):
    """A reporter, masked or in clear."""

    name: str | None
    phone: str | None


class PartyOut(Schema):
    """Somebody whom a report is about, masked or in clear."""

    name: str | None
    phone: str | None
    note: str | None


class ReportOut(Schema):
    """A report; text, address and reporter are null when the issue's personal data was erased.

    `slip`: the caller may print its slip, with the query code.
    """

    id: UUID
    channel: str
    source_number: str | None
    received_at: datetime
    source_received_at: datetime | None
    observed_at: datetime | None
    position: tuple[float, float] | None
    accuracy_m: float | None
    placing: str
    cell: dict[str, Any] | None
    withdrawn_at: datetime | None
    slip: bool
    text: str | None
    address: str | None
    reporter: PersonOut | None
    parties: list[PartyOut]


class OrderOut(Schema):
    """An order with its latest answer, and what the caller may do to it, or enter for its unit from paper."""

    id: UUID
    version: int
    card: dict[str, Any]
    open_verbs: list[str]
    backfill_verbs: list[str]
    result: str | None
    feedback: str | None
    fed_back_at: datetime | None


class ReceiptOut(Schema):
    """Whether a sent order has reached its addressee."""

    order: UUID
    addressee: str
    delivered_at: datetime | None
    displayed_at: datetime | None


class ByOut(Schema):
    """Who did it."""

    name: str | None
    unit: str | None


class EntryOut(Schema):
    """One fact of the timeline."""

    seq: int
    at: datetime
    name: str
    object_kind: str
    object_id: UUID
    by: ByOut
    body: dict[str, Any]
    text: str | None


class IssueOut(Schema):
    """An issue as a board shows it."""

    id: UUID
    version: int
    card: dict[str, Any]


class HopOut(Schema):
    """One holder's time with an issue. `to_at` null: holds it now. A chain's whole `seconds` add up to its time."""

    chain: int
    giver: UUID | None
    holder: UUID
    from_at: datetime
    to_at: datetime | None
    seconds: int
    how: str
    by: str | None
    over_budget: bool


class EscalationOut(Schema):
    """A step of the ladder that was told."""

    id: UUID
    card: dict[str, Any]


class RequestOut(IssueOut):
    """A return request with its words, the ruling's too, and how the caller may rule on it."""

    text: str | None
    ruling: str | None
    open_verbs: list[str]


class ReplyOut(Schema):
    """What a reporter was told, how and when; `at` is when it was entered."""

    id: UUID
    report: UUID
    channel: str
    at: datetime
    told_at: datetime
    text: str | None


class AdditionOut(Schema):
    """What a reporter said later by the query code: an addition, or asking once for reconsideration."""

    id: UUID
    report: UUID
    kind: str
    at: datetime
    text: str | None


class RatingOut(Schema):
    """How a reporter judges what was done, 1 to 5."""

    report: UUID
    score: int
    at: datetime
    text: str | None


class PhotoOut(Schema):
    """A photo of a report, or of an order's feedback; the picture is at /photos/{id}."""

    id: UUID
    report: UUID | None
    order: UUID | None
    width: int
    height: int
    bytes: int
    position: tuple[float, float] | None
    position_datum: str | None
    taken_at: datetime | None
    at: datetime


class AttachmentOut(Schema):
    """A document of an order's feedback; it is saved from /files/{id}."""

    id: UUID
    order: UUID | None
    kind: str
    bytes: int
    at: datetime


class MergedOut(IssueOut):
    """An issue that was merged into this one, with its reports."""

    reports: list[ReportOut]


class IssueDetailOut(IssueOut):
    """An issue with all that the caller may see of it."""

    reports: list[ReportOut]
    orders: list[OrderOut]
    receipts: list[ReceiptOut]
    timeline: list[EntryOut]
    clocks: list[dict[str, Any]]
    custody: list[HopOut]
    backfills: list[BackfillOut]
    escalations: list[EscalationOut]
    open_verbs: list[str]
    replies: list[ReplyOut]
    additions: list[AdditionOut]
    ratings: list[RatingOut]
    photos: list[PhotoOut]
    files: list[AttachmentOut]
    requests: list[RequestOut]
    merged: list[MergedOut]


class PageOut(Schema):
    """Some issues, the newest first."""

    issues: list[IssueOut]
    cursor: str | None


class ClearOut(Schema):
    """What was revealed, for this caller only."""

    id: UUID
    reports: list[ReportOut]


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
        card=dict(detail.card),
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
        clocks=[dict(card) for card in detail.clocks],
        custody=[_hop_out(hop) for hop in detail.custody],
        backfills=[BackfillOut.model_validate(view, from_attributes=True) for view in detail.backfills],
        escalations=[EscalationOut(id=view.id, card=view.card) for view in detail.escalations],
        open_verbs=list(detail.open_verbs),
        replies=[ReplyOut.model_validate(view, from_attributes=True) for view in detail.passed.replies],
        additions=[AdditionOut.model_validate(view, from_attributes=True) for view in detail.passed.additions],
        ratings=[RatingOut.model_validate(view, from_attributes=True) for view in detail.passed.ratings],
        photos=[PhotoOut.model_validate(view, from_attributes=True) for view in detail.photos if view.document is None],
        files=[
            AttachmentOut(id=view.id, order=view.order, kind=view.document, bytes=view.bytes, at=view.at)
            for view in detail.photos
            if view.document is not None
        ],
        requests=[RequestOut.model_validate(asked, from_attributes=True) for asked in detail.requests],
        merged=[
            MergedOut(
                id=each.id,
                version=each.version,
                card=dict(each.card),
                reports=[report_out(view) for view in each.reports],
            )
            for each in detail.merged
        ],
    )


@router.post("/issues/{issue_id}/reveal", response={200: ClearOut, PROBLEMS: ProblemOut})
def reveal(request: HttpRequest, issue_id: UUID, asked: RevealIn, response: HttpResponse) -> ClearOut:
    """Shows personal data in clear and records who asked and why. A repeat reads again and records nothing."""
    cmd = command_of(request)
    try:
        answer = actions.reveal(issue_id, asked.reason, cmd=cmd)
    except Replayed as replayed:
        answer = replayed.answer
    reveal_id = UUID(orjson.loads(answer.body)["object"]["id"])
    views = queries.clear_reports(issue_id, actor=cmd.actor)
    response["Cache-Control"] = "no-store"
    return ClearOut(id=reveal_id, reports=[report_out(view) for view in views])


def report_out(view: ReportView) -> ReportOut:
    """A report as the wire has it."""
    personal = view.personal
    return ReportOut(
        id=view.id,
        channel=view.channel,
        source_number=view.source_number,
        received_at=view.received_at,
        source_received_at=view.source_received_at,
        observed_at=view.observed_at,
        position=view.position,
        accuracy_m=view.accuracy_m,
        placing=view.placing,
        withdrawn_at=view.withdrawn_at,
        cell=view.cell,
        slip=view.slip,
        text=personal.text if personal else None,
        address=personal.address if personal else None,
        reporter=PersonOut(name=personal.reporter_name, phone=personal.reporter_phone) if personal else None,
        parties=[
            PartyOut(name=party.name, phone=party.phone, note=party.note)
            for party in (personal.parties if personal else ())
        ],
    )


def order_out(view: OrderView) -> OrderOut:
    """An order as the wire has it."""
    return OrderOut(
        id=view.id,
        version=view.version,
        card=dict(view.card),
        open_verbs=list(view.open_verbs),
        backfill_verbs=list(view.backfill_verbs),
        result=view.answered.result,
        feedback=view.answered.text,
        fed_back_at=view.answered.at,
    )


def _hop_out(view: HopView) -> HopOut:
    return HopOut(
        chain=view.chain,
        giver=view.giver,
        holder=view.holder,
        from_at=view.from_at,
        to_at=view.to_at,
        seconds=view.seconds,
        how=view.how,
        by=view.by_name,
        over_budget=view.over_budget,
    )
