"""How an aggregate is locked and loaded: the issue's row first, ascending; its children only ever under that lock.

A timer that claimed the clock first deadlocked with actions that locked the issue first.

What every action reads is written in SQL, once, and sent as one message: lock, time, and what hangs on the issue, each
statement with a snapshot of its own (docs/decisions/0028). Each column of a model is read: a new one needs nothing.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Final, TypeVar
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from command.catalogue.queries import ITEM_OF
from command.catalogue.queries import of_found as item_found
from command.settings.queries import SETTINGS_OF
from command.settings.queries import of_found as settings_found
from dispatch.matter.aggregate.aggregate import Aggregate, Terms
from dispatch.matter.aggregate.rows import Columns
from dispatch.matter.audiences import of_order, of_report
from dispatch.matter.calls.models import Call
from dispatch.matter.calls.states import RUNNING
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.chains import give_chains, load_chains
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.reports.models import Report
from dispatch.matter.returns.models import ReturnRequest
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.actions import claimed, claiming
from realtime.feed.contract import Actor, Command
from realtime.feed.errors import NotFound
from realtime.feed.statements import ask

M = TypeVar("M", Order, Report, Clock, ReturnRequest, Call)


_ISSUES: Final = Columns(Issue)
_ORDER: Final = Columns(Order)
_FORWARD: Final = Columns(Forward)
_REPORT: Final = Columns(Report, without="sealed")
_CLOCK: Final = Columns(Clock)
_REQUEST: Final = Columns(ReturnRequest)
_CELL: Final = Columns(Cell, without="polygon")
_CALL: Final = Columns(Call)
_STEP: Final = Columns(Escalation)

# The issue's id, as the children below name it: given, or by what hangs on it. What an order or a request is of, is
# never changed.
_OF_ISSUE: Final = "%s"
_OF_ORDER: Final = "(SELECT issue_id FROM orders_order WHERE id = %s)"
_OF_REQUEST: Final = "(SELECT issue_id FROM returns_returnrequest WHERE id = %s)"
_ISSUE: Final = _ISSUES.reading(f"WHERE t.id = {_OF_ISSUE} AND t.centre_id = %s FOR NO KEY UPDATE")
_ISSUE_OF_ORDER: Final = _ISSUES.reading(f"WHERE t.id = {_OF_ORDER} AND t.centre_id = %s FOR NO KEY UPDATE")
_ISSUE_OF_REQUEST: Final = _ISSUES.reading(f"WHERE t.id = {_OF_REQUEST} AND t.centre_id = %s FOR NO KEY UPDATE")
_ORDERS: Final = _ORDER.reading("WHERE t.issue_id = ANY(%s) ORDER BY t.sent_at, t.role DESC, t.id")
_REPORTS: Final = _REPORT.reading("WHERE t.issue_id = ANY(%s) ORDER BY t.received_at, t.id")
_CLOCKS: Final = _CLOCK.reading("WHERE t.issue_id = ANY(%s) ORDER BY t.id")
_REQUESTS: Final = _REQUEST.reading("WHERE t.issue_id = ANY(%s) ORDER BY t.asked_at, t.id")
_CELLS_AND_PARENTS: Final = _CELL.reading(
    "WHERE t.id = ANY(%s) OR t.id = ANY(ARRAY(SELECT parent_id FROM grid_cell WHERE id = ANY(%s)))"
)
_RUNS: Final = "state IN ('{}')".format("', '".join(sorted(RUNNING)))
_CALLS: Final = _CALL.reading(f"WHERE t.issue_id = :issue AND t.{_RUNS} ORDER BY t.called_at, t.id")
_STEPS: Final = _STEP.reading(
    f"WHERE t.id IN (SELECT escalation_id FROM calls_call WHERE issue_id = :issue AND {_RUNS})"  # noqa: S608
)

# What hangs on one issue, read under its lock, after it was waited for: its time; orders, their live forwards, reports,
# clocks, return requests; cells; calls that run, and the steps that made them; when something fires; its item.
_HANGING: Final = (
    "SELECT relay_at((SELECT last_at FROM issues_issue WHERE id = :issue))",
    _ORDER.reading("WHERE t.issue_id = :issue ORDER BY t.sent_at, t.role DESC, t.id"),
    _FORWARD.reading(
        "WHERE t.order_id IN (SELECT id FROM orders_order WHERE issue_id = :issue) AND t.ended_at IS NULL"
        " ORDER BY t.order_id, t.step"
    ),
    _REPORT.reading("WHERE t.issue_id = :issue ORDER BY t.received_at, t.id"),
    _CLOCK.reading("WHERE t.issue_id = :issue ORDER BY t.id"),
    _REQUEST.reading("WHERE t.issue_id = :issue ORDER BY t.asked_at, t.id"),
    _CELL.reading(
        "WHERE t.id IN (WITH here AS (SELECT cell_id FROM issues_issue WHERE id = :issue"
        " UNION SELECT cell_id FROM intake_report WHERE issue_id = :issue)"
        " SELECT cell_id FROM here UNION SELECT c.parent_id FROM grid_cell c JOIN here ON c.id = here.cell_id)"
    ),
    _CALLS,
    _STEPS,
    "SELECT min(due_at) FROM clocks_due WHERE issue_id = :issue AND fired_at IS NULL",
    ITEM_OF + "(SELECT item FROM issues_issue WHERE id = :issue)",  # noqa: S608
)


def with_places() -> QuerySet[Issue]:
    """Issues with their cell and its parent, without polygons."""
    return Issue.objects.select_related("cell__parent").defer("cell__polygon", "cell__parent__polygon")


def places(path: str) -> "Prefetch[str, QuerySet[Cell], str]":
    """Each distinct cell once, without its polygon: for boards, where many issues lie in few cells."""
    return Prefetch(path, queryset=Cell.objects.select_related("parent").defer("polygon", "parent__polygon"))


def lock_issue(issue_id: UUID, *, actor: Actor, claim: Command | None = None) -> Aggregate:
    """The issue with all that hangs on it, locked until the transaction ends, at the action's time.

    claim   whose key is claimed before, as by `once`: nothing is said of an issue to a repeat
    Raises NotFound for an issue that the actor may not read in detail: of another centre, or out of scope; with a
    claim also Replayed, KeyReused, Invalid. Costs one round trip.
    """
    aggregate = _lock(_ISSUE, _OF_ISSUE, issue_id, actor, claim)
    if aggregate is None or not actor.scope.sees(of_report(aggregate.issue, aggregate.orders, aggregate.reports)):
        raise issue_not_found()
    return aggregate


def lock_issue_of(order_id: UUID, *, actor: Actor, claim: Command | None = None) -> Aggregate:
    """The same for the issue of an order that the actor sees. Raises as `lock_issue`."""
    aggregate = _lock(_ISSUE_OF_ORDER, _OF_ORDER, order_id, actor, claim)
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


def lock_issue_of_request(request_id: UUID, *, actor: Actor, claim: Command | None = None) -> Aggregate:
    """The same for the issue of a return request that the actor sees. Raises as `lock_issue`."""
    aggregate = _lock(_ISSUE_OF_REQUEST, _OF_REQUEST, request_id, actor, claim)
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
    carded = [issue for issue in issues if shown is None or issue.pk in shown]
    found = ask([(_ORDERS, [keys]), (_REPORTS, [[issue.pk for issue in carded]]), (_CLOCKS, [keys])])
    orders, reports = _by_issue(_ORDER.rows(found[0])), _by_issue(_REPORT.rows(found[1]))
    clocks = _by_issue(_CLOCK.rows(found[2]))
    load_chains(order for each in orders.values() for order in each)
    _give_places([*carded, *(report for each in reports.values() for report in each)])
    asked = [key for key in keys if any(order.asked for order in orders[key])]
    requests = _by_issue(_REQUEST.rows(ask([(_REQUESTS, [asked])])[0])) if asked else {}
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


def _give_places(rows: Sequence[Issue | Report], read: Sequence[Cell] | None = None) -> None:
    """Gives each row its cell: a report lies mostly where its issue does.

    read   the cells with their parents; None: one statement reads those that are missing
    """
    cells = {row.cell_id: row.cell for row in rows if _has_place(row)}
    missing = {row.cell_id for row in rows if row.cell_id is not None} - set(cells)
    if missing:
        if read is None:
            read = _CELL.rows(ask([(_CELLS_AND_PARENTS, [list(missing)] * 2)])[0])
        by_id = {cell.pk: cell for cell in read}
        for cell in read:
            if cell.parent_id in by_id:
                cell.parent = by_id[cell.parent_id]
        cells.update(by_id.items())
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


def _lock(statement: str, of: str, key: UUID, actor: Actor, claim: Command | None) -> Aggregate | None:
    claims, centre = [claiming(claim)] if claim else [], actor.centre_id
    *hanging, item = ((text.replace(":issue", of), [key] * text.count(":issue")) for text in _HANGING)
    terms = [(item[0], [centre, *item[1]]), (SETTINGS_OF, [centre])]
    found = ask([*claims, (statement, [key, centre]), *hanging, *terms])
    if claim:
        claimed(claim, found.pop(0))
    locked, [(at,)], orders, forwards, reports, clocks, requests, cells, calls, steps, [(due,)], items, settings = found
    if not locked:
        return None
    [issue] = _ISSUES.rows(locked)
    of_issue, told = _ORDER.rows(orders), _REPORT.rows(reports)
    give_chains(of_issue, _FORWARD.rows(forwards))
    _give_places([issue, *told], _CELL.rows(cells))
    return Aggregate(
        issue,
        told,
        of_issue,
        _CLOCK.rows(clocks),
        at,
        _REQUEST.rows(requests),
        next_due=due,
        terms=Terms(settings_found(settings), item_found(items)),
        calling=_with_steps(_CALL.rows(calls), _STEP.rows(steps)),
    )


def read_calls(aggregates: Collection[Aggregate]) -> None:
    """Gives aggregates their calls that run, the first first, with the steps that made them.

    One round trip, none where all have them.
    """
    without = [aggregate for aggregate in aggregates if aggregate.calling is None]
    if not without:
        return
    keys = [aggregate.issue.pk for aggregate in without]
    calls, steps = ask((text.replace("= :issue", "= ANY(%s)"), [keys]) for text in (_CALLS, _STEPS))
    found = _by_issue(_with_steps(_CALL.rows(calls), _STEP.rows(steps)))
    for aggregate in without:
        aggregate.calling = found[aggregate.issue.pk]


def _with_steps(calls: list[Call], steps: Sequence[Escalation]) -> list[Call]:
    by_id: dict[UUID | None, Escalation] = {step.pk: step for step in steps}
    for call in calls:
        call.answered_post = None  # nobody has, yet
        call.escalation = by_id.get(call.escalation_id)
    return calls


def _by_issue(rows: Iterable[M]) -> dict[UUID, list[M]]:
    found: dict[UUID, list[M]] = defaultdict(list)
    for row in rows:
        found[row.issue_id].append(row)
    return found
