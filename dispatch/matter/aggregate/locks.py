"""How an aggregate is locked and loaded: the issue's row first, ascending; its children only ever under that lock.

A timer that claimed the clock first deadlocked with actions that locked the issue first.

What every action reads is written in SQL, once: Django compiled the same five statements each time: a fifth of an
action's CPU. Each column of a model is read, so that a new one needs nothing here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Model, Prefetch, QuerySet

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.audiences import of_order, of_report
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.chains import load_chains
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.models import ReturnRequest
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.contract import Actor
from realtime.feed.errors import NotFound

M = TypeVar("M", Order, Report, Clock, ReturnRequest)


def _reading(model: type[Model], rest: str, *, without: str = "") -> str:
    """A statement that reads all columns of a model but one."""
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields if field.name != without)
    return f'SELECT {columns} FROM "{model._meta.db_table}" {rest}'  # noqa: S608  # names of our own models


_ISSUE: Final = _reading(Issue, "WHERE id = %s AND centre_id = %s FOR NO KEY UPDATE")
_ISSUE_OF_ORDER: Final = _reading(
    Issue, "WHERE id = (SELECT issue_id FROM orders_order WHERE id = %s) AND centre_id = %s FOR NO KEY UPDATE"
)
_ISSUE_OF_REQUEST: Final = _reading(
    Issue, "WHERE id = (SELECT issue_id FROM returns_returnrequest WHERE id = %s) AND centre_id = %s FOR NO KEY UPDATE"
)
_ORDERS: Final = _reading(Order, "WHERE issue_id = ANY(%s) ORDER BY sent_at, role DESC, id")
_REPORTS: Final = _reading(Report, "WHERE issue_id = ANY(%s) ORDER BY received_at, id", without="sealed")
_CLOCKS: Final = _reading(Clock, "WHERE issue_id = ANY(%s) ORDER BY id")
_REQUESTS: Final = _reading(ReturnRequest, "WHERE issue_id = ANY(%s) ORDER BY asked_at, id")
_CELLS_AND_PARENTS: Final = _reading(
    Cell,
    "WHERE id = ANY(%s) OR id = ANY(ARRAY(SELECT parent_id FROM grid_cell WHERE id = ANY(%s)))",
    without="polygon",
)


def with_places() -> QuerySet[Issue]:
    """Issues with their cell and its parent, without polygons."""
    return Issue.objects.select_related("cell__parent").defer("cell__polygon", "cell__parent__polygon")


def places(path: str) -> "Prefetch[str, QuerySet[Cell], str]":
    """Each distinct cell once, without its polygon: for boards, where many issues lie in few cells."""
    return Prefetch(path, queryset=Cell.objects.select_related("parent").defer("polygon", "parent__polygon"))


def lock_issue(issue_id: UUID, *, actor: Actor) -> Aggregate:
    """The issue with all that hangs on it, locked until the transaction ends, at the action's time.

    Raises NotFound for an issue that the actor may not read in detail: of another centre, or out of scope.
    Costs six statements.
    """
    aggregate = _lock(_ISSUE, issue_id, actor)
    if aggregate is None or not actor.scope.sees(of_report(aggregate.issue, aggregate.orders, aggregate.reports)):
        raise issue_not_found()
    return aggregate


def lock_issue_of(order_id: UUID, *, actor: Actor) -> Aggregate:
    """The same for the issue of an order that the actor sees. Raises NotFound."""
    aggregate = _lock(_ISSUE_OF_ORDER, order_id, actor)
    if aggregate is None or not actor.scope.sees(of_order(aggregate.issue, aggregate.order(order_id))):
        raise order_not_found()
    return aggregate


def lock_two_issues(issue_id: UUID, other_id: UUID, *, actor: Actor) -> tuple[Aggregate, Aggregate]:
    """Both aggregates, locked in ascending order of their ids whichever comes first here, at one time.

    Raises NotFound when the actor may not read one of them in detail. Six statements.
    """
    rows = with_places().filter(pk__in=(issue_id, other_id), centre_id=actor.centre_id).order_by("pk")
    issues = list(rows.select_for_update(no_key=True, of=("self",)))
    if len(issues) < 2:
        raise issue_not_found()
    found = {each.issue.pk: each for each in load(issues, clock.at(max(issue.last_at for issue in issues)))}
    if not all(actor.scope.sees(of_report(each.issue, each.orders, each.reports)) for each in found.values()):
        raise issue_not_found()
    return found[issue_id], found[other_id]


def lock_merged(issue_id: UUID, *, actor: Actor) -> tuple[Aggregate, Aggregate | None]:
    """An issue, and the one that it was merged into (None: none), locked in ascending order of their ids.

    The target is read before the lock and looked at again under it: who unmerged in between leaves none.
    Raises NotFound as `lock_issue`. Seven statements.
    """
    into = Issue.objects.filter(pk=issue_id, centre_id=actor.centre_id).values_list("merged_into", flat=True).first()
    if into is None:
        return lock_issue(issue_id, actor=actor), None
    source, target = lock_two_issues(issue_id, into, actor=actor)
    return source, target if source.issue.merged_into_id == into else None


def lock_issue_of_request(request_id: UUID, *, actor: Actor) -> Aggregate:
    """The same for the issue of a return request that the actor sees. Raises NotFound."""
    aggregate = _lock(_ISSUE_OF_REQUEST, request_id, actor)
    request = aggregate.request(request_id) if aggregate else None
    if aggregate is None or request is None or not actor.scope.sees(aggregate.audience_of(request)):
        raise request_not_found()
    return aggregate


def lock_free_issues(issue_ids: Sequence[UUID]) -> list[Issue]:
    """Those of the issues that nobody else holds, locked in ascending order, without their cells. One statement."""
    rows = Issue.objects.filter(pk__in=issue_ids).order_by("pk")
    return list(rows.select_for_update(no_key=True, skip_locked=True))


def load(
    issues: Sequence[Issue], at: datetime | None = None, *, shown: Collection[UUID] | None = None
) -> list[Aggregate]:
    """The aggregates of issues, in their order. Three statements, however many; one more for
    return requests, for forwards, and for cells other than the issues' own, where there are any.

    at     the action's time; None for a read: each stands as of its own last change
    shown  of which issues cards may be made; of the others no reports and no cells are read. None: of all
    """
    keys = [issue.pk for issue in issues]
    orders = _by_issue(Order.objects.raw(_ORDERS, [keys]))
    load_chains(order for each in orders.values() for order in each)
    carded = [issue for issue in issues if shown is None or issue.pk in shown]
    reports = _by_issue(Report.objects.raw(_REPORTS, [[issue.pk for issue in carded]]))
    _give_places([*carded, *(report for each in reports.values() for report in each)])
    clocks = _by_issue(Clock.objects.raw(_CLOCKS, [keys]))
    asked = [key for key in keys if any(order.asked for order in orders[key])]
    requests = _by_issue(ReturnRequest.objects.raw(_REQUESTS, [asked])) if asked else {}
    return [
        Aggregate(
            issue,
            reports[issue.pk],
            orders[issue.pk],
            clocks[issue.pk],
            at or issue.last_at,
            requests.get(issue.pk, []),
        )
        for issue in issues
    ]


def _give_places(rows: Sequence[Issue | Report]) -> None:
    """Gives each row its cell: a report lies mostly where its issue does. One statement for those that came without."""
    cells = {row.cell_id: row.cell for row in rows if _has_place(row)}
    missing = {row.cell_id for row in rows if row.cell_id is not None} - set(cells)
    if missing:
        read = {cell.pk: cell for cell in Cell.objects.raw(_CELLS_AND_PARENTS, [list(missing)] * 2)}
        for cell in read.values():
            if cell.parent_id in read:
                cell.parent = read[cell.parent_id]
        cells.update(read.items())
    for row in rows:
        if row.cell_id is not None and not _has_place(row):
            row.cell = cells[row.cell_id]


def _has_place(row: Issue | Report) -> bool:
    return "cell" in row._state.fields_cache


def issue_not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("issue.not_found", "没有这个事项，或不在您的管辖范围内。")


def order_not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("order.not_found", "没有这张派遣单，或不在您的管辖范围内。")


def report_not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("report.not_found", "没有这条上报，或不在您的管辖范围内。")


def request_not_found() -> NotFound:
    """What is foreign does not exist."""
    return NotFound("return.not_found", "没有这份退单申请，或不在您的管辖范围内。")


def _lock(statement: str, key: UUID, actor: Actor) -> Aggregate | None:
    for issue in Issue.objects.raw(statement, [key, actor.centre_id]):
        return load([issue], clock.at(issue.last_at))[0]
    return None


def _by_issue(rows: Iterable[M]) -> dict[UUID, list[M]]:
    found: dict[UUID, list[M]] = defaultdict(list)
    for row in rows:
        found[row.issue_id].append(row)
    return found
