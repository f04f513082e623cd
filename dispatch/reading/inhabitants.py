"""What the page without an account is told: never a name, a unit's person, or another's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection

from command.catalogue.queries import item as item_of
from command.catalogue.queries import offered
from command.organisations.queries import centre
from command.settings.queries import settings_of
from dispatch.matter.aggregate.notes import told_by_notes
from dispatch.matter.issues.models import NoteKind, number_text
from dispatch.matter.issues.outcomes import Ground
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.replies.models import Channel, Kind
from dispatch.matter.reports.codes import hash_of, read
from dispatch.matter.reports.reporters import ReporterActor
from dispatch.matter.texts.emergencies import FIRST_WORDS, EmergencyNumber
from dispatch.reading.replies import Correspondence, correspondence
from dispatch.verbs.replies import DONE, MAX_ADDITIONS
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.errors import NotFound

MAY: Final = ("add", "withdraw", "rate", "reconsider")


@dataclass(frozen=True, slots=True)
class Call:
    """A number to call at once, and what it is for."""

    number: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class Emergency:
    """What comes first on the page."""

    text: str
    calls: tuple[Call, ...]


@dataclass(frozen=True, slots=True)
class PublicItem:
    """An item that the page offers."""

    code: str
    category_zh: str
    item_zh: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class GridPlace:
    """A grid and its centre."""

    centre_id: UUID
    cell_id: UUID


@dataclass(frozen=True, slots=True)
class GridPage:
    """A grid as its page shows it; ids stay inside."""

    centre_id: UUID
    cell_id: UUID
    code: str
    grid: str
    place: str  # township and community
    centre: str
    phone: str
    public_url: str  # where inhabitants reach the centre; empty: not set, no sign can be printed
    emergency: Emergency
    items: tuple[PublicItem, ...]


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A reply as its reporter reads it: no name of who gave it."""

    at: datetime
    channel: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Said:
    """What the reporter said later."""

    at: datetime
    kind: str
    text: str | None


@dataclass(frozen=True, slots=True)
class Followed:
    """How far a report has come, for who holds its query code."""

    number: str
    item: str
    item_zh: str
    state: str
    state_zh: str
    reported_at: datetime
    withdrawn: bool
    rating: int | None
    replies: tuple[ShownReply, ...]
    additions: tuple[Said, ...]
    may: tuple[str, ...]
    emergency: tuple[Call, ...] = ()  # where what was just said sounds like danger


@dataclass(frozen=True, slots=True)
class Known:
    """The report of a query code, its issue, and the issue that deals with it: the same, or what it was merged into."""

    id: UUID
    received_at: datetime
    withdrawn_at: datetime | None
    issue_id: UUID
    centre_id: UUID
    number: int
    item: str
    state: str
    ground: str | None
    place: str
    matter_id: UUID
    matter_state: str
    matter_place: str


# Written in SQL once: three models with all their columns were a third of what a look-up cost.
_KNOWN: Final = """
SELECT report.id, report.received_at, report.withdrawn_at,
       own.id, own.centre_id, own.number, own.item, own.state, own.ground, own.place,
       matter.id, matter.state, matter.place
FROM intake_report report
JOIN issues_issue own ON own.id = report.issue_id
JOIN issues_issue matter ON matter.id = coalesce(own.merged_into_id, own.id)
WHERE report.code_hash = %s
"""
FIRST: Final = Emergency(FIRST_WORDS, tuple(Call(number, name) for number, name in EmergencyNumber.choices()))


def grid_place(code: str) -> GridPlace:
    """Where a report goes that came by the page of a grid that is valid now. Raises NotFound. One statement."""
    rows = Cell.objects.filter(code=code, tier=Tier.GRID, valid_until=None).order_by("centre_id")
    found = rows.values_list("centre_id", "pk").first()
    if found is None:
        raise _grid_not_found()
    return GridPlace(*found)


def grid_page(code: str) -> GridPage:
    """The page of a grid that is valid now. Raises NotFound. Four statements."""
    rows = Cell.objects.select_related("parent__parent").defer("polygon", "parent__polygon", "parent__parent__polygon")
    cell = rows.filter(code=code, tier=Tier.GRID, valid_until=None).order_by("centre_id").first()
    if cell is None:
        raise _grid_not_found()
    home = centre(cell.centre_id)
    now = settings_of(home.id)
    above = [upper.name for upper in (cell.parent and cell.parent.parent, cell.parent) if upper]
    return GridPage(
        cell.centre_id,
        cell.pk,
        cell.code,
        cell.name,
        "".join(above),
        home.name,
        now.centre_phone,
        now.public_url,
        FIRST,
        tuple(PublicItem(item.code, item.category_zh, item.item_zh, item.urgent) for item in offered(cell.centre_id)),
    )


def report_of(query_code: str) -> Known:
    """The report of a query code, with its issue. Raises NotFound. One statement."""
    plain = read(query_code)
    row = None
    if plain:
        with connection.cursor() as cursor:
            cursor.execute(_KNOWN, [hash_of(plain)])
            row = cursor.fetchone()
    if row is None:
        raise NotFound(
            "query_code.not_found",
            "没有这个查询码，请核对后再试。",
            field="query_code",
            remedy="查询码为 12 位字母和数字，印在受理回执上，或在提交后显示。",
        )
    return Known(*row)


def reporter_of(report: Known) -> ReporterActor:
    """Who holds the query code of a report."""
    return ReporterActor(
        report.id, report.issue_id, report.centre_id, tuple(sorted({report.place, report.matter_place}))
    )


def followed(report: Known) -> Followed:
    """How far a report has come, with the words of a decline among the replies. Six statements at most."""
    item = item_of(report.centre_id, report.item)
    assert item is not None  # an item is retired, never removed
    passed = correspondence(report.issue_id).of(report.id)
    return Followed(
        number_text(report.number),
        item.code,
        item.item_zh,
        report.state,
        _state_zh(report),
        report.received_at,
        report.withdrawn_at is not None,
        passed.ratings[0].score if passed.ratings else None,
        _shown_replies(report, passed),
        tuple(Said(addition.at, addition.kind, addition.text) for addition in passed.additions),
        _may(report, passed),
    )


def _grid_not_found() -> NotFound:
    return NotFound(
        "grid.not_found",
        "没有这个网格，或已停用。",
        field="grid",
        remedy="请重新扫描张贴的二维码；如遇危及生命的情况，请立即拨打 110、119、120。",
    )


def _shown_replies(report: Known, passed: Correspondence) -> tuple[ShownReply, ...]:
    """What the reporter was told, in order: replies, and why the issue was declined."""
    declines = told_by_notes(report.issue_id, NoteKind.DECLINE_TEXT)
    words = [ShownReply(at, Channel.PAGE, f"不予受理：{text}") for at, text in declines]
    if words and report.ground is not None:
        at, text = declines[-1]
        words[-1] = ShownReply(at, Channel.PAGE, f"不予受理（{Ground(report.ground).zh}）：{text}")
    replies = (ShownReply(reply.told_at, reply.channel, reply.text) for reply in passed.replies)
    return tuple(sorted((*words, *replies), key=lambda told: told.at))


def _state_zh(report: Known) -> str:
    """The issue's state in words; of one that was merged away also how far the other has come."""
    own = State(report.state).zh
    return f"{own}，{State(report.matter_state).zh}" if report.matter_id != report.issue_id else own


def _may(report: Known, passed: Correspondence) -> tuple[str, ...]:
    """What the reporter can do now: with a report that was merged away too."""
    state = State(report.matter_state)
    added = sum(addition.kind == Kind.ADDITION for addition in passed.additions)
    asked = any(addition.kind == Kind.RECONSIDERATION for addition in passed.additions)
    open_now: Sequence[bool] = (
        state in OPEN and added < MAX_ADDITIONS,
        state in OPEN and report.withdrawn_at is None,
        state in DONE and not passed.ratings,
        state == State.DECLINED and not asked,
    )
    return tuple(verb for verb, is_open in zip(MAY, open_now, strict=True) if is_open)
