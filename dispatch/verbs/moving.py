"""Moves open issues out of cells whose validity has ended, by facts (M20). Source: docs/rules.md, "Places".

Run after boundaries were imported; again, it finds nothing. Who could see an issue, or the breach of its relay, only
at its old place is told that it left; the duty desk has what a desk had that sees it no longer. Closed issues keep the
cell that they had.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final
from uuid import UUID

from django.db import transaction

from command.organisations.queries import centres
from dispatch.matter.aggregate import custody as relays
from dispatch.matter.aggregate.aggregate import Aggregate, kind_of
from dispatch.matter.aggregate.desks import keep_in_sight
from dispatch.matter.aggregate.locks import load, with_places
from dispatch.matter.facts import ObjectFact
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.places import public_path
from dispatch.matter.issues.states import OPEN
from dispatch.verbs.steps import save
from gis.grid.models import Cell
from gis.grid.queries import place
from gis.grid.tiers import paths_above
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION

BY: Final = "system:import"
HOW: Final = "move"
ISSUES_PER_BATCH: Final = 25


@dataclass(frozen=True, slots=True)
class PlaceMoved(ObjectFact):
    """The object's place is another now, because its cell ended. Both places are a grid's at the finest."""

    from_place: str
    to_place: str


@dataclass(frozen=True, slots=True)
class IssuePlaceMoved(PlaceMoved):
    """An issue was moved."""

    name: ClassVar[str] = "issue.moved"
    zh: ClassVar[str] = "位置调整"
    object_kind: ClassVar[str] = "issue"


@dataclass(frozen=True, slots=True)
class ReportPlaceMoved(PlaceMoved):
    """A report was moved with its issue."""

    name: ClassVar[str] = "report.moved"
    zh: ClassVar[str] = "报告归属调整"
    object_kind: ClassVar[str] = "report"


@dataclass(frozen=True, slots=True)
class OrderPlaceMoved(PlaceMoved):
    """An order was moved with its issue."""

    name: ClassVar[str] = "order.moved"
    zh: ClassVar[str] = "位置调整"
    object_kind: ClassVar[str] = "order"


@dataclass(frozen=True, slots=True)
class RequestPlaceMoved(PlaceMoved):
    """A return request was moved with its issue."""

    name: ClassVar[str] = "return.moved"
    zh: ClassVar[str] = "位置调整"
    object_kind: ClassVar[str] = "return_request"


_FACTS: Final[Mapping[str, type[PlaceMoved]]] = {
    made.object_kind: made for made in (IssuePlaceMoved, ReportPlaceMoved, OrderPlaceMoved, RequestPlaceMoved)
}


def open_issues_in(cell_ids: Sequence[UUID]) -> int:
    """How many open issues lie in these cells. One statement."""
    return Issue.objects.filter(cell_id__in=cell_ids, state__in=sorted(OPEN)).count()


def move_stragglers() -> int:
    """The same for every centre, as a duty: what was reported while an import ran, or taken up again since. How many.

    A closed issue keeps the cell that it had; reopened there, it would lie where nobody answers for it any more.
    """
    return sum(move_out_of_ended_cells(centre.id) for centre in centres())


def move_out_of_ended_cells(centre_id: UUID) -> int:
    """Moves every open issue whose cell has ended: to the cell that now holds its point, else up its old path.

    How many were moved. A transaction for each 25 issues at most. Raises RuntimeError for an issue that has too many
    objects for one transaction.
    """
    left = Issue.objects.filter(centre_id=centre_id, state__in=sorted(OPEN), cell__valid_until__isnull=False)
    moved = 0
    while keys := list(left.order_by("pk").values_list("pk", flat=True)[:ISSUES_PER_BATCH]):
        done = _move(centre_id, keys)
        if not done and left.filter(pk__in=keys).exists():
            raise RuntimeError(f"issue {keys[0]} can't be moved in one transaction")
        moved += done
    return moved


@transaction.atomic(durable=True)
def _move(centre_id: UUID, issue_ids: Sequence[UUID]) -> int:
    """Locks the issues ascending, moves those that are still left behind, records. As many as their facts allow."""
    rows = with_places().filter(pk__in=issue_ids).order_by("pk").select_for_update(no_key=True, of=("self",))
    issues = [issue for issue in rows if issue.state in OPEN and issue.cell and issue.cell.valid_until]
    if not issues:
        return 0
    aggregates = list(_fitting(load(issues, clock.at(max(issue.last_at for issue in issues)))))
    for aggregate in aggregates:
        _move_one(aggregate)
    changes = [change for aggregate in aggregates for change in aggregate.changes]
    record(None, *changes, at=aggregates[0].at, centre_id=centre_id)
    return len(aggregates)


def _fitting(aggregates: Sequence[Aggregate]) -> Iterator[Aggregate]:
    facts = 0
    for aggregate in aggregates:
        facts += aggregate.facts_of_all()
        if facts <= MAX_FACTS_PER_TRANSACTION:
            yield aggregate


def _move_one(aggregate: Aggregate) -> None:
    issue = aggregate.issue
    assert issue.cell is not None
    left, was = issue.cell, issue.place
    issue.cell = _cell_now(aggregate, left)
    issue.place = public_path(issue.cell, was.split("/", 1)[0])
    keep_in_sight(issue)
    for report in aggregate.reports:
        if report.cell_id == left.pk:
            report.cell = issue.cell
    relays.follow(aggregate, how=HOW, by=BY)
    for row in aggregate.rows():
        make = _FACTS[kind_of(row)]
        aggregate.record(row, lambda shown, make=make: make(shown, BY, was, issue.place))  # type: ignore[misc]
    save(aggregate)
    aggregate.flush()


def _cell_now(aggregate: Aggregate, left: Cell) -> Cell:
    """Where an issue belongs whose cell ended: where its point lies, if the cell was found by it; else up its path."""
    issue, report = aggregate.issue, aggregate.reports[0]
    cells = Cell.objects.select_related("parent").defer("polygon", "parent__polygon")
    if report.position is not None and report.cell_id == left.pk:
        found = place(issue.centre_id, report.position.x, report.position.y, report.accuracy_m).cell
        if found is not None:
            return cells.get(pk=found.id)
    above = cells.filter(centre_id=issue.centre_id, path__in=paths_above(left.path), valid_until=None)
    return max(above, key=lambda cell: cell.path.count("/"))
