"""Reports over HTTP: parse, call, answer."""

from datetime import datetime
from typing import Annotated, TypeAlias
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from command.catalogue.contract import Level
from command.catalogue.queries import offered
from command.people.authentication import BY_PERSON, BY_PERSON_OR_SYSTEM, actor_of, command_of, person_of
from dispatch.matter.issues.places import CellCard
from dispatch.matter.reports.positions import GivenPosition
from dispatch.matter.texts.emergencies import emergencies_in
from dispatch.matter.texts.masking import Party, Personal
from dispatch.reading import reports as queries
from dispatch.reading import slips
from dispatch.reading.suggestions import suggest
from dispatch.verbs import report as actions
from dispatch.verbs.on_paper import StepIn
from dispatch.verbs.report import MAX_TEXT_CHARS, AlreadyReported, NewReport
from dispatch.verbs.requests import (
    PROBLEMS,
    AnswerOut,
    Body,
    Code,
    Instant,
    Line,
    PastedLine,
    Position,
    PositionIn,
    ProblemOut,
    answered,
)
from realtime.feed.errors import Replayed

router = Router(tags=["reports"], auth=BY_PERSON_OR_SYSTEM)

Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_TEXT_CHARS)]


class ReporterIn(Body):
    """Who told; sealed, shown masked. `confidential`: shown to nobody; false: they agreed; null: as the channel."""

    name: Annotated[PastedLine, Field(max_length=50)] | None = None
    phone: Annotated[PastedLine, Field(max_length=30)] | None = None
    confidential: bool | None = None


class PartyIn(Body):
    """Somebody whom the report is about, apart from who told it; sealed, shown masked."""

    name: Annotated[PastedLine, Field(max_length=50)] | None = None
    phone: Annotated[PastedLine, Field(max_length=30)] | None = None
    note: Line | None = None


class ReportIn(StepIn):
    """What happened, where, by which channel."""

    channel: Code
    item: Code
    text: Text
    level: Level | None = None
    source_number: Annotated[Line, Field(max_length=100)] | None = None
    source_received_at: Instant | None = None
    observed_at: Instant | None = None
    position: PositionIn | None = None
    cell: Code | None = Field(default=None, description="code of a cell of any tier, where there is no position")
    address: Line | None = None
    reporter: ReporterIn | None = None
    parties: list[PartyIn] = Field(default_factory=list, max_length=10)
    photos: list[UUID] = Field(default_factory=list, max_length=9)


class SlipOut(Schema):
    """What the printed slip (受理回执) says. No personal data: whoever finds it learns the item at most."""

    number: str
    item: str
    item_zh: str
    received_at: datetime
    query_code: str | None
    centre: str
    phone: str
    url: str


class MineOut(Schema):
    """A report of the caller's own."""

    id: UUID
    issue: UUID
    number: str
    item: str
    item_zh: str
    state: str
    state_zh: str
    source_number: str | None
    received_at: datetime
    observed_at: datetime | None
    placing: str
    cell: CellCard | None


class SuggestIn(Body):
    """Words that a report begins with."""

    text: Text


class SuggestionOut(Schema):
    """An item, the keywords that were found, and who usually leads."""

    code: str
    item: str
    matches: list[str]
    lead_department: str


class HeardCallOut(Schema):
    """A number to call at once, and the words that say so."""

    number: str
    name_zh: str
    words: list[str]


class SuggestOut(Schema):
    """The likeliest items, the likeliest first; `emergency` comes before anything else."""

    emergency: list[HeardCallOut]
    items: list[SuggestionOut]


@router.post("/reports", response={frozenset({200, 201}): AnswerOut, PROBLEMS: ProblemOut})
def report(request: HttpRequest, asked: ReportIn) -> HttpResponse:
    """Takes a report in (201). The same key, or a number that the channel has brought before, gets the first answer.

    `Left-Out`: fields of a system's report whose value is no name or number; the report is taken in without them.
    """
    new, cmd = new_report_of(asked), command_of(request)
    try:
        answer, status = actions.report(new, cmd=cmd), 201
    except Replayed as replayed:
        answer, status = replayed.answer, 201
    except AlreadyReported as known:
        answer, status = known.answer, 200
    response = answered(answer, status=status)
    if fields := actions.left_out(new, cmd):
        response["Left-Out"] = ", ".join(fields)
    return response


@router.get("/reports/mine", response={200: list[MineOut], PROBLEMS: ProblemOut}, auth=BY_PERSON)
def list_mine(request: HttpRequest, before: Position = None) -> list[queries.MyReport]:
    """The caller's own reports of the last 90 days, the newest first, with how far they have come; 200 a page.

    `before`: `received_at` and `id` of the last one that is known, with `~` between; then also older ones.
    """
    return queries.reports_by(actor_of(request), before=before)


@router.get("/reports/{report_id}/receipt", response={200: SlipOut, PROBLEMS: ProblemOut}, auth=BY_PERSON)
def read_receipt(request: HttpRequest, report_id: UUID, response: HttpResponse) -> slips.Slip:
    """What the slip for the reporter says, with the query code. Each time is recorded."""
    response["Cache-Control"] = "no-store"
    return slips.print_slip(report_id, actor=person_of(request))


@router.post("/suggest", response={200: SuggestOut, PROBLEMS: ProblemOut}, auth=BY_PERSON)
def suggest_items(request: HttpRequest, asked: SuggestIn) -> SuggestOut:
    """Which items the words sound like, and whom to call first. Changes nothing: no key is needed."""
    return SuggestOut(
        emergency=[
            HeardCallOut(number=call.number, name_zh=call.name_zh, words=list(call.words))
            for call in emergencies_in(asked.text)
        ],
        items=[
            SuggestionOut(
                code=found.code,
                item=found.item_zh,
                matches=list(found.matches),
                lead_department=found.lead_department,
            )
            for found in suggest(asked.text, offered(actor_of(request).centre_id))
        ],
    )


def given(position: PositionIn | None) -> GivenPosition | None:
    """A position as intake takes it."""
    return GivenPosition(position.lon, position.lat, position.system, position.accuracy_m) if position else None


def new_report_of(asked: ReportIn) -> NewReport:
    """A report's form as intake takes it."""
    reporter = asked.reporter or ReporterIn()
    return NewReport(
        channel=asked.channel,
        item=asked.item,
        personal=Personal(
            asked.text,
            asked.address,
            reporter.name,
            reporter.phone,
            tuple(Party(party.name, party.phone, party.note) for party in asked.parties),
        ),
        level=asked.level,
        source_number=asked.source_number,
        source_received_at=asked.source_received_at,
        observed_at=asked.observed_at,
        position=given(asked.position),
        cell=asked.cell,
        photos=tuple(asked.photos),
        confidential=reporter.confidential,
        on_paper=asked.on_paper,
    )
