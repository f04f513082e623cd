"""The doors without an account, over HTTP: parse, count, call, answer. Page: `/r/<code of the grid>`.

Nothing here sets or reads a cookie (the key to half-written words has a door of its own), and no answer holds personal
data or a name of anybody who works for the centre.
"""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import File, Router, Schema, Status
from ninja.files import UploadedFile
from pydantic import Field, StringConstraints

from command.catalogue.queries import offered
from command.people.sources import source_asking
from command.settings.queries import settings_of
from command.settings.registry import Settings
from dispatch.doors.limits import Limit, counted, must_not_be_too_often
from dispatch.doors.photos import UploadedOut, taken
from dispatch.doors.reports import given
from dispatch.matter.issues.models import number_text
from dispatch.matter.photos.shown import PhotoView
from dispatch.matter.reports.code_secret import code_secret
from dispatch.matter.reports.codes import code_of, shown
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.reporters import CHANNEL, PAGE, PageActor
from dispatch.matter.texts.emergencies import emergencies_in
from dispatch.matter.texts.masking import Personal
from dispatch.reading import inhabitants as queries
from dispatch.reading.suggestions import suggest
from dispatch.verbs import replies
from dispatch.verbs import report as intake
from dispatch.verbs.report import NewReport
from dispatch.verbs.requests import PROBLEMS, Body, Code, Line, PastedLine, PositionIn, ProblemOut, Words, issue_of
from dispatch.verbs.running import run_issue
from dispatch.verbs.withdraw import WITHDRAW, WithdrawIn
from realtime.feed.actions import was_answered
from realtime.feed.contract import Actor, Answer, Command
from realtime.feed.errors import Invalid, NotFound, Replayed

router = Router(tags=["public"], auth=None)

HOUR: Final = timedelta(hours=1)
MINUTE: Final = timedelta(minutes=1)
# Against floods: hundreds stand behind one address of a mobile network, so nobody waits longer than a minute for it.
DOOR: Final = Limit("door", 600, MINUTE, "您所在的网络一分钟内请求超过 {times} 次")
MISSES: Final = Limit("miss", 30, timedelta(minutes=10), "您所在的网络 10 分钟内输错查询码超过 {times} 次", felt=False)
WORDS: Final = Limit("words", 20, HOUR, "这条上报 1 小时内的补充、评价等超过 {times} 次", felt=False)
PHOTOS: Final = Limit("photo", 600, HOUR, "您所在的网络 1 小时内上传照片超过 {times} 张")

QueryCode: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=12, max_length=30)]
Phone: TypeAlias = Annotated[PastedLine, Field(max_length=30)]
Name: TypeAlias = Annotated[PastedLine, Field(max_length=50)]


class EmergencyNumberOut(Schema):
    """A number to call at once."""

    number: str
    name_zh: str


class EmergencyOut(Schema):
    """What comes first."""

    text: str
    calls: list[EmergencyNumberOut]


class PublicItemOut(Schema):
    """An item that the page offers."""

    code: str
    category_zh: str
    item_zh: str
    urgent: bool


class GridPageOut(Schema):
    """A grid's page."""

    code: str
    grid: str
    place: str
    centre: str
    phone: str
    public_url: str
    emergency: EmergencyOut
    items: list[PublicItemOut]


class PublicReportIn(Body):
    """What an inhabitant tells. `website` is ignored: pages of a former release may still send it."""

    grid: Code
    text: Words
    item: Code | None = None
    position: PositionIn | None = None
    address: Line | None = None
    name: Name | None = None
    phone: Phone | None = None
    photos: list[UUID] = Field(default_factory=list, max_length=9)
    website: str = ""


class TakenOut(Schema):
    """What the inhabitant keeps; `emergency` names numbers to call at once when the words sound like it."""

    number: str
    query_code: str
    emergency: list[EmergencyNumberOut]


class LookupIn(Body):
    """A query code; it travels in the body, so that no log keeps it."""

    query_code: QueryCode


class AddIn(LookupIn):
    """What the reporter adds."""

    text: Words
    photos: list[UUID] = Field(default_factory=list, max_length=9)


class ReporterReasonIn(LookupIn):
    """Why the reporter asks."""

    reason: Words


class RateIn(LookupIn):
    """How the reporter judges."""

    score: int = Field(ge=1, le=5)
    text: Words | None = None


class ToldOut(Schema):
    """A reply."""

    at: datetime
    channel: str
    text: str | None


class SaidOut(Schema):
    """What the reporter said later."""

    at: datetime
    kind: str
    text: str | None


class FollowedOut(Schema):
    """How far a report has come, what its reporter can do now, whom to call when what was just said sounds like it."""

    number: str
    item: str
    item_zh: str
    state: str
    state_zh: str
    reported_at: datetime
    withdrawn: bool
    rating: int | None
    replies: list[ToldOut]
    additions: list[SaidOut]
    may: list[str]
    emergency: list[EmergencyNumberOut]


@router.get("/public/grids/{code}", response={200: GridPageOut, PROBLEMS: ProblemOut})
def read_grid(request: HttpRequest, code: str, response: HttpResponse) -> queries.GridPage:
    """The page behind a grid's QR code: danger to life first, then what can be reported."""
    must_not_be_too_often((DOOR, source_asking(request)))
    response["Cache-Control"] = "no-store"
    return queries.grid_page(code)


@router.post("/public/reports", response={201: TakenOut, PROBLEMS: ProblemOut})
def report(request: HttpRequest, asked: PublicReportIn) -> Status[TakenOut]:
    """Takes an inhabitant's report in, unverified until the desk accepts it. A repeated key gets the same answer."""
    must_not_be_too_often((DOOR, source_asking(request)))
    place = queries.grid_place(asked.grid)
    now = settings_of(place.centre_id)
    cmd = _command(request, PageActor(place.centre_id))
    try:
        with counted(*_limits(request, place, now, cmd), centre=place.centre_id, phone=now.centre_phone):
            answer = intake.report(_new_report(asked, place.centre_id), cmd=cmd)
    except Replayed as replayed:
        answer = replayed.answer
    report_id, number = Report.objects.values_list("pk", "issue__number").get(issue_id=issue_of(answer))
    calls = [EmergencyNumberOut(number=call.number, name_zh=call.name_zh) for call in _calls(asked.text)]
    code = shown(code_of(report_id, code_secret()))
    return Status(201, TakenOut(number=number_text(number), query_code=code, emergency=calls))


@router.post("/public/photos", response={201: UploadedOut, PROBLEMS: ProblemOut})
def take_photo(request: HttpRequest, file: File[UploadedFile | None] = None) -> Status[PhotoView]:
    """Takes a photo in (multipart, `file`), to be named in a report or an addition within a day."""
    source = source_asking(request)
    must_not_be_too_often((DOOR, source))
    with counted((PHOTOS, source)):
        return Status(201, taken(request, file, by=PAGE, centre_id=None))


@router.post("/public/lookup", response={200: FollowedOut, PROBLEMS: ProblemOut})
def look_up(request: HttpRequest, asked: LookupIn, response: HttpResponse) -> queries.Followed:
    """How far the report of a query code has come."""
    response["Cache-Control"] = "no-store"
    return queries.followed(_known(request, asked))


@router.post("/public/add", response={200: FollowedOut, PROBLEMS: ProblemOut})
def add(request: HttpRequest, asked: AddIn) -> queries.Followed:
    """Adds something to a report."""
    row = _known(request, asked)
    _done(lambda cmd: replies.add(row.id, asked.text, asked.photos, cmd=cmd), request, row)
    return _how_far(asked.query_code, asked.text)


@router.post("/public/withdraw", response={200: FollowedOut, PROBLEMS: ProblemOut})
def withdraw(request: HttpRequest, asked: ReporterReasonIn) -> queries.Followed:
    """Takes the own report back; the desk closes the matter when all did, or goes on."""
    row = _known(request, asked)
    why = WithdrawIn(report=row.id, reason=asked.reason)
    _done(lambda cmd: run_issue(WITHDRAW, row.matter_id, why, versioned=False, cmd=cmd), request, row)
    return _how_far(asked.query_code, asked.reason)


@router.post("/public/rate", response={200: FollowedOut, PROBLEMS: ProblemOut})
def rate(request: HttpRequest, asked: RateIn) -> queries.Followed:
    """Judges what was done, once, after closing."""
    row = _known(request, asked)
    _done(lambda cmd: replies.rate(row.id, asked.score, asked.text, cmd=cmd), request, row)
    return _how_far(asked.query_code, asked.text)


@router.post("/public/reconsider", response={200: FollowedOut, PROBLEMS: ProblemOut})
def reconsider(request: HttpRequest, asked: ReporterReasonIn) -> queries.Followed:
    """Asks, once, that a declined issue be reconsidered; the duty lead decides."""
    row = _known(request, asked)
    _done(lambda cmd: replies.ask_reconsideration(row.id, asked.reason, cmd=cmd), request, row)
    return _how_far(asked.query_code, asked.reason)


def _how_far(query_code: str, words: str | None) -> queries.Followed:
    """After a reporter's words: how far the report has come, and whom to call where they sound like danger."""
    return replace(queries.followed(queries.report_of(query_code)), emergency=_calls(words))


def _calls(words: str | None) -> tuple[queries.Call, ...]:
    return tuple(queries.Call(found.number, found.name_zh) for found in emergencies_in(words or ""))


def _item(asked: PublicReportIn, centre_id: UUID) -> str:
    """What was chosen, else what the words sound like; the desk can amend it. Raises Invalid: never guessed."""
    if asked.item is not None:
        return asked.item
    found = suggest(asked.text, offered(centre_id), most=1)
    if not found:
        raise Invalid(
            "report.item_needed",
            "从文字中看不出是哪类事项。",
            field="item",
            rule="事项·类别",
            remedy="请在列表中选择最接近的一类。",
        )
    return found[0].code


def _limits(request: HttpRequest, place: queries.GridPlace, now: Settings, cmd: Command) -> list[tuple[Limit, str]]:
    """How often may be reported from an address, and of a grid, as the centre has set it. None for a repeat."""
    if was_answered(cmd):
        return []
    address = Limit("report", now.resident_reports_per_hour, HOUR, "您所在的网络 1 小时内上报超过 {times} 件")
    grid = Limit("grid", now.resident_reports_per_grid_hour, HOUR, "本网格 1 小时内的自助上报超过 {times} 件")
    return [(address, source_asking(request)), (grid, str(place.cell_id))]


def _new_report(asked: PublicReportIn, centre_id: UUID) -> NewReport:
    return NewReport(
        channel=CHANNEL,
        item=_item(asked, centre_id),
        personal=Personal(asked.text, asked.address, asked.name, asked.phone),
        position=given(asked.position),
        cell=asked.grid,
        photos=tuple(asked.photos),
    )


def _known(request: HttpRequest, asked: LookupIn) -> queries.Known:
    """The report of the query code. Raises TooOften, NotFound.

    Only unknown codes are counted: nobody guesses one of 2^60 at that pace, and who holds one is never kept out
    by who mistypes theirs behind the same address.
    """
    source = source_asking(request)
    must_not_be_too_often((DOOR, source))
    try:
        return queries.report_of(asked.query_code)
    except NotFound:
        must_not_be_too_often((MISSES, source))
        raise


def _done(act: Callable[[Command], Answer], request: HttpRequest, row: queries.Known) -> None:
    """Acts as the reporter of a report; a repeated key changes nothing."""
    with suppress(Replayed), counted((WORDS, str(row.id))):
        act(_command(request, queries.reporter_of(row)))


def _command(request: HttpRequest, actor: Actor) -> Command:
    told = b"\0".join((str(request.method).encode(), request.path.encode(), request.body))
    return Command(actor, request.headers.get("Idempotency-Key", ""), hashlib.sha256(told).digest())
