"""What the wire says of an issue in detail: its shapes, and how views become them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Schema

from dispatch.matter.cards.clocks import EscalationCard, IssueClockCard
from dispatch.matter.cards.issues import IssueCard
from dispatch.matter.cards.orders import OrderCard
from dispatch.matter.cards.returns import ReturnRequestCard
from dispatch.matter.issues.places import CellCard
from dispatch.matter.issues.states import Verb as IssueVerb
from dispatch.matter.messages.states import Deed as MessageDeed
from dispatch.matter.messages.states import Kind as MessageKind
from dispatch.matter.messages.states import StrikeGround
from dispatch.matter.orders.states import Verb as OrderVerb
from dispatch.matter.returns.states import Verb as RequestVerb
from dispatch.reading.custody import HopView
from dispatch.reading.orders import OrderView
from dispatch.reading.reports import ReportView
from dispatch.verbs.on_paper import BackfillOut
from realtime.feed.cards import AS_TOLD, one_of


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
    `given`: what came in as a position and is too far away to be one.
    `protected`: who told is shown to nobody, in a reveal neither.
    """

    id: UUID
    channel: str
    source_number: str | None
    received_at: datetime
    source_received_at: datetime | None
    observed_at: datetime | None
    position: tuple[float, float] | None
    accuracy_m: float | None
    given: str | None
    placing: str
    cell: CellCard | None
    withdrawn_at: datetime | None
    slip: bool
    text: str | None
    address: str | None
    reporter: PersonOut | None
    protected: bool
    parties: list[PartyOut]


class OrderOut(Schema):
    """An order with its latest answer, and what the caller may do to it, or enter for its unit from paper."""

    id: UUID
    version: int
    card: Annotated[OrderCard, AS_TOLD]
    open_verbs: list[Annotated[str, one_of(OrderVerb)]]
    backfill_verbs: list[Annotated[str, one_of(OrderVerb)]]
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
    card: Annotated[IssueCard, AS_TOLD]


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
    card: Annotated[EscalationCard, AS_TOLD]


class RequestOut(Schema):
    """A return request with its words, the ruling's too, and how the caller may rule on it."""

    id: UUID
    version: int
    card: Annotated[ReturnRequestCard, AS_TOLD]
    text: str | None
    ruling: str | None
    open_verbs: list[Annotated[str, one_of(RequestVerb)]]


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
    """A photo of a report, of an order's feedback or of a message; the picture is at /photos/{id}."""

    id: UUID
    report: UUID | None
    order: UUID | None
    message: UUID | None
    width: int
    height: int
    bytes: int
    position: tuple[float, float] | None
    position_datum: str | None
    taken_at: datetime | None
    at: datetime


class AttachmentOut(Schema):
    """A document of an order's feedback, or of a message; it is saved from /files/{id}."""

    id: UUID
    order: UUID | None
    message: UUID | None
    kind: str
    bytes: int
    at: datetime


class ReadOut(Schema):
    """A unit that has read a message, and when first."""

    unit: UUID
    at: datetime


class StruckOut(Schema):
    """That a message was struck out: by whom of which unit, when, on what ground."""

    at: datetime
    unit: UUID
    by: str | None
    ground: Annotated[str, one_of(StrikeGround)]


class MessageOut(Schema):
    """A message within the matter, its numbers masked; `order`: in whose thread, none: in the matter's own."""

    id: UUID
    version: int
    order: UUID | None
    kind: Annotated[str, one_of(MessageKind)]
    unit: UUID
    by: str | None
    at: datetime
    text: str | None
    asks: UUID | None
    answer_by: datetime | None
    answered_at: datetime | None
    answers: UUID | None
    struck: StruckOut | None
    read: list[ReadOut]
    open_verbs: list[Annotated[str, one_of(MessageDeed)]]


class ThreadOut(Schema):
    """A thread that the caller writes in, for which unit, and which units may be asked to answer there."""

    order: UUID | None
    unit: UUID
    asks: list[UUID]


class MergedOut(IssueOut):
    """An issue that was merged into this one, with its reports."""

    reports: list[ReportOut]


class IssueDetailOut(IssueOut):
    """An issue with all that the caller may see of it.

    `photos` and `files` are those that the caller may open, `photos_withheld` how many there are besides. `reveals`:
    the caller may read its personal data in clear; `answers`: may answer its reporters. `messages` are those that the
    caller reads, `message_chars` how long one may be.
    """

    reports: list[ReportOut]
    orders: list[OrderOut]
    receipts: list[ReceiptOut]
    timeline: list[EntryOut]
    clocks: list[Annotated[IssueClockCard, AS_TOLD]]
    custody: list[HopOut]
    backfills: list[BackfillOut]
    escalations: list[EscalationOut]
    open_verbs: list[Annotated[str, one_of(IssueVerb)]]
    replies: list[ReplyOut]
    additions: list[AdditionOut]
    ratings: list[RatingOut]
    photos: list[PhotoOut]
    files: list[AttachmentOut]
    photos_withheld: int
    reveals: bool
    answers: bool
    requests: list[RequestOut]
    messages: list[MessageOut]
    threads: list[ThreadOut]
    message_chars: int
    merged: list[MergedOut]


class PageOut(Schema):
    """Some issues, the newest first."""

    issues: list[IssueOut]
    cursor: str | None


class ClearOut(Schema):
    """What was revealed, for this caller only."""

    id: UUID
    reports: list[ReportOut]


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
        given=view.given,
        placing=view.placing,
        withdrawn_at=view.withdrawn_at,
        cell=view.cell,
        slip=view.slip,
        text=personal.text if personal else None,
        address=personal.address if personal else None,
        reporter=PersonOut(name=personal.reporter_name, phone=personal.reporter_phone) if personal else None,
        protected=personal is not None and personal.protected,
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
        card=view.card,
        open_verbs=list(view.open_verbs),
        backfill_verbs=list(view.backfill_verbs),
        result=view.answered.result,
        feedback=view.answered.text,
        fed_back_at=view.answered.at,
    )


def hop_out(view: HopView) -> HopOut:
    """A hop as the wire has it."""
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
