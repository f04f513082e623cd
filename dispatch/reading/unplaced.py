"""Reports without a sure place: what the desk lists until a person has confirmed one. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from dispatch.matter.aggregate.visible import visible
from dispatch.matter.issues.models import Issue, number_text
from dispatch.matter.issues.states import OPEN
from dispatch.matter.reports.models import Report
from dispatch.reading.pages import position
from dispatch.reading.reports import far_given
from gis.grid.models import Cell
from realtime.feed.contract import Actor

MOST: Final = 200
_OPEN: Final = sorted(OPEN)


@dataclass(frozen=True, slots=True)
class CandidateView:
    """A cell that a place may lie in."""

    id: UUID
    code: str
    name: str
    path: str
    tier: str


@dataclass(frozen=True, slots=True)
class UnplacedView:
    """A report that waits for a place. `cell`: where it is ambiguous, the lowest that holds the accuracy circle."""

    issue: UUID
    version: int
    number: str
    item: str
    state: str
    report: UUID
    placing: str
    position: tuple[float, float] | None  # (lon, lat) degrees, CGCS2000
    accuracy_m: float | None
    given: str | None  # what came in as a position and is too far away to be one
    received_at: datetime
    cell: CandidateView | None
    candidates: tuple[CandidateView, ...]


def unplaced_reports(placing: str, *, actor: Actor, before: str | None = None) -> list[UnplacedView]:
    """Reports of open issues in the actor's scope with this placing, the newest first, 200 a page.

    placing  `unplaced`: outside every cell; `ambiguous`: several cells are possible; `no_position`: nothing was said
             of where, not even a cell by name
    before   received_at and id of the last one that the page before gave, with `~` between
    Exact positions: a sensitive issue is among them only for who sees it. Raises Forbidden, Invalid. Three
    statements.
    """
    scope = actor.scope_for("issues.read")
    issues = Issue.objects.filter(visible(scope), centre_id=actor.centre_id, state__in=_OPEN)
    rows = Report.objects.filter(placing=placing, issue__in=issues).select_related("issue", "cell")
    rows = rows.defer("sealed", "cell__polygon").order_by("-received_at", "-pk")
    if placing == "no_position":
        rows = rows.filter(cell=None)
    if before is not None:
        at, last = position(before)
        rows = rows.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=last))
    found = list(rows[:MOST])
    wanted = {UUID(cell_id) for row in found for cell_id in row.candidates}
    cells = {cell.pk: view_of(cell) for cell in Cell.objects.defer("polygon").filter(pk__in=wanted)}
    return [_view(row, cells) for row in found]


def view_of(cell: Cell) -> CandidateView:
    """A cell as the list names it."""
    return CandidateView(cell.pk, cell.code, cell.name, cell.path, str(cell.tier))


def _view(row: Report, cells: Mapping[UUID, CandidateView]) -> UnplacedView:
    return UnplacedView(
        row.issue_id,
        row.issue.version,
        number_text(row.issue.number),
        row.issue.item,
        str(row.issue.state),
        row.pk,
        str(row.placing),
        (row.position.x, row.position.y) if row.position else None,
        row.accuracy_m,
        far_given(row),
        row.received_at,
        view_of(row.cell) if row.cell else None,
        tuple(cells[UUID(cell_id)] for cell_id in row.candidates if UUID(cell_id) in cells),
    )
