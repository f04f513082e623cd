"""Reads of issues: boards, snapshot, detail. Scoped; frozen values out; nothing here writes or locks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from command.catalogue.queries import items as catalogue
from command.channels.queries import channels
from dispatch.matter.aggregate.aggregate import kind_of
from dispatch.matter.aggregate.locks import issue_not_found, load, places, with_places
from dispatch.matter.aggregate.visible import visible, with_unit
from dispatch.matter.audiences import of_report
from dispatch.matter.cards.issues import IssueCard, issue_card
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN, State
from dispatch.matter.orders.models import Order
from dispatch.matter.orders.states import SHOWN
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import State as RequestState
from dispatch.reading.reports import ReportView, reports_of
from dispatch.reading.senders_numbers import brought_as
from dispatch.reading.slips import prints_for
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.contract import Actor, Scope
from realtime.feed.errors import Invalid
from realtime.feed.objects import ShownObject
from realtime.feed.queries import latest_facts

MAX_PAGE: Final = 200
_FEW_CELLS: Final = 300  # of more, some issue of the newest lies in one: the search ends early
_OPEN_STATES: Final = sorted(OPEN)
_SHOWN_ORDERS: Final = sorted(SHOWN)


@dataclass(frozen=True, slots=True)
class IssueView:
    """An issue as a board shows it."""

    id: UUID
    version: int
    card: IssueCard


@dataclass(frozen=True, slots=True)
class Page:
    """Some issues, the newest first; `cursor` asks for the next ones, None at the end."""

    issues: tuple[IssueView, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What a board asks for; what is None or empty is not asked.

    words       matches number, item, category, the place's name or the sender's number, never text
    cell        path of a cell: the issue lies in it or below
    category    the catalogue's word for a category, as `neighbourhood`
    unit        has or had an order of the issue that was not taken from it
    since       reported at that time or later (UTC)
    until       reported before that time (UTC)
    family      of the channel by which the first report came
    """

    states: tuple[State, ...] = ()
    words: str = ""
    cell: str | None = None
    item: str | None = None
    category: str | None = None
    unit: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    channel: str | None = None
    family: str | None = None
    cursor: str | None = None
    limit: int = field(default=50)


def issues_page(asked: Asked, *, actor: Actor) -> Page:
    """One page of the actor's issues, closed ones too, by number downwards. Eight statements at most.

    Raises Forbidden, Invalid for a cursor that none of our pages gave, or a limit outside 1 to 200.
    """
    scope = actor.scope_for("issues.read")
    if not 1 <= asked.limit <= MAX_PAGE:
        raise Invalid("page.limit", f"每页 1 至 {MAX_PAGE} 条。", field="limit")
    rows = with_places().filter(visible(scope), centre_id=actor.centre_id)
    if asked.states:
        rows = rows.filter(state__in=sorted(asked.states))
    if asked.words:
        rows = rows.filter(_matching(asked.words, actor))
    rows = rows.filter(_narrowed(asked, actor.centre_id))
    if asked.cursor is not None:
        rows = rows.filter(number__lt=_number(asked.cursor))
    found = list(rows.order_by("-number")[: asked.limit + 1])
    shown = found[: asked.limit]
    more = str(shown[-1].number) if len(found) > asked.limit else None
    return Page(tuple(views(shown)), more)


def snapshot_objects(scope: Scope, centre_id: UUID) -> Iterator[ShownObject]:
    """Every open object of a scope, as its latest fact shows it. One statement; `row_objects` proves it.

    Every write of what a card shows takes the head, so the fact of a row's version is the row's card: it is read back,
    not built again, which took half a second for 2,000 issues.
    """
    issues = Issue.objects.filter(visible(scope), centre_id=centre_id, state__in=_OPEN_STATES)
    reports = Report.objects.filter(issue__in=issues.values("pk"))
    orders = Order.objects.filter(issue__in=issues.values("pk"), state__in=_SHOWN_ORDERS)
    requests = ReturnRequest.objects.filter(issue__in=issues.values("pk"), state=RequestState.PENDING)
    shown = [rows.order_by().values_list("pk", "version") for rows in (issues, reports, orders, requests)]
    return latest_facts(centre_id, shown[0].union(*shown[1:], all=True))


def row_objects(scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID] | None = None) -> Iterator[ShownObject]:
    """The same, built from the rows alone: what `reconcile` and the tests hold against the feed. Six statements.

    among  the first and the last id of the issues that are read; None: all
    """
    rows = Issue.objects.filter(visible(scope), centre_id=centre_id, state__in=_OPEN_STATES)
    if among is not None:
        rows = rows.filter(pk__range=among)
    for aggregate in load(list(rows.prefetch_related(places("cell")).order_by("-number"))):
        for row in aggregate.rows():
            card = aggregate.card_of(row)
            if card["open"]:
                yield ShownObject.of_card(kind_of(row), row.pk, row.version, card, aggregate.audience_at_load(row))


def clear_reports(issue_id: UUID, *, actor: Actor) -> list[ReportView]:
    """The reports in clear, for who has just recorded a reveal. Raises NotFound, Forbidden."""
    issue = with_places().filter(pk=issue_id, centre_id=actor.centre_id).first()
    about = of_report(issue, issue.orders.all(), issue.reports.defer("sealed")) if issue else None
    if about is None or not actor.scope.sees(about):
        raise issue_not_found()
    actor.must("issues.reveal", about=about)
    return reports_of(issue_id, prints=prints_for(actor), clear=True)


def views(issues: Sequence[Issue]) -> Iterator[IssueView]:
    """Issues as a board shows them. Two statements."""
    keys = [issue.pk for issue in issues]
    orders: dict[UUID, list[Order]] = {key: [] for key in keys}
    clocks: dict[UUID, list[Clock]] = {key: [] for key in keys}
    for order in Order.objects.filter(issue_id__in=keys):
        orders[order.issue_id].append(order)
    for clock in Clock.objects.filter(issue_id__in=keys):
        clocks[clock.issue_id].append(clock)
    for issue in issues:
        yield IssueView(issue.pk, issue.version, issue_card(issue, orders[issue.pk], clocks[issue.pk]))


def _narrowed(asked: Asked, centre_id: UUID) -> Q:
    """The filters of a search besides its words, each of which an index answers. Three statements at most."""
    found = Q()
    if asked.cell is not None:
        found &= _in_cell(asked.cell, centre_id)
    if asked.item is not None:
        found &= Q(item=asked.item)
    if asked.category is not None:
        found &= Q(item__in=[one.code for one in catalogue(centre_id).values() if one.category == asked.category])
    if asked.unit is not None:
        found &= with_unit(asked.unit)
    if asked.since is not None:
        found &= Q(reported_at__gte=asked.since)
    if asked.until is not None:
        found &= Q(reported_at__lt=asked.until)
    if asked.channel is not None:
        found &= Q(channel=asked.channel)
    if asked.family is not None:
        known = channels(centre_id).values()
        found &= Q(channel__in=[one.code for one in known if one.source_family == asked.family])
    return found


def _in_cell(path: str, centre_id: UUID) -> Q:
    """Issues in a cell or below it. Their place is a grid at the finest: a micro-grid is asked by its own id."""
    micro = Cell.objects.filter(centre_id=centre_id, path=path, tier=Tier.MICRO_GRID).values_list("pk", flat=True)
    key = micro.first()
    return Q(cell_id=key) if key else Q(place=path) | Q(place__startswith=path + "/")


def _matching(words: str, actor: Actor) -> Q:
    """What a search means, as a condition that an index answers: few cells are named by their ids, not by a join.

    A number looked for among a million issues otherwise read them all. Two statements.
    """
    items = [
        item.code
        for item in catalogue(actor.centre_id).values()
        if words in item.item_zh or words in item.category_zh or words == item.code
    ]
    named = Cell.objects.filter(centre_id=actor.centre_id, name__contains=words).values_list("pk", flat=True)
    cells = list(named[: _FEW_CELLS + 1])
    found = Q(item__in=items)
    found |= Q(cell__in=cells) if len(cells) <= _FEW_CELLS else Q(cell__name__contains=words)
    if words.isascii() and words.isdigit() and len(words) <= 9:
        found |= Q(number=int(words))
    return found | brought_as(words, actor.centre_id, seen=visible(actor.scope), handled=_handled(actor.scope))


def _handled(scope: Scope) -> Q:
    """The issues that units of the scope handle: they read the reports that were merged into them, too."""
    handled = Q(pk__in=[])
    for pair in scope.pairs:
        kind, _, value = pair.token.partition(":")
        if kind == "unit":
            handled |= with_unit(UUID(value))
    return handled


def _number(cursor: str) -> int:
    if cursor.isascii() and cursor.isdigit() and len(cursor) <= 9:
        return int(cursor)
    raise Invalid("page.cursor", "翻页位置无效。", field="cursor", remedy="请从第一页重新开始。")
