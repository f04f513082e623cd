"""The only writers of clocks: follow what the rows require, and fire what is due, exactly once.

`fire_due` is the timer's own action; the others work on rows that the caller has locked, at the caller's time.
Source: docs/rules.md, "The relay", "Clocks", "Whose time".
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F

from dispatch.clocks import allowances
from dispatch.clocks.allowances import ClockKind
from dispatch.clocks.law import required, subject_of
from dispatch.clocks.models import Clock, Due
from dispatch.facts import TIMER, Shown
from dispatch.intake.facts import ReportBreached
from dispatch.intake.models import Report
from dispatch.issues.aggregate import Aggregate
from dispatch.issues.facts import IssueBreached
from dispatch.issues.locks import load, lock_free_issues
from dispatch.issues.models import Issue
from dispatch.orders.facts import OrderBreached
from dispatch.orders.models import Order
from realtime.feed import clock as database_clock
from realtime.feed.actions import record, wire_time
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION

log = logging.getLogger(__name__)

MAX_ISSUES_PER_BATCH: Final = 200  # one firing a transaction: 697/s; batches of 200: 12,500/s
MAX_DUES_PER_PASS: Final = 5_000
ASIDE_S: Final = 5.0  # before an issue that failed is tried again: a pass comes five times a second
_aside: Final[dict[UUID, float]] = {}  # issues that failed, until when (monotonic) they are passed over
_FACTS_OF: Final = {ClockKind.RELAY_UP: 2, ClockKind.RELAY_DOWN_ORDER: 1, ClockKind.RELAY_DOWN_ISSUE: 1}


def follow(aggregate: Aggregate, *, uncounted: bool = False) -> None:
    """Starts what the rows require and does not run, stops what they require no longer. Written by `save`.

    uncounted   nothing is required any more, and what ran counts in no figure: void, close as withdrawn
    No statement. Call it after the rows are changed and before facts are told: cards show their clocks.
    """
    wanted = {} if uncounted else {one.subject: one for one in required(aggregate)}
    for clock in aggregate.clocks:
        if clock.stopped_at is None and wanted.pop(subject_of(clock), None) is None:
            clock.stopped_at = aggregate.at
            aggregate.stopped.append(clock)
    for one in wanted.values():
        clock = Clock(
            issue=aggregate.issue,
            report=one.report,
            order=one.order,
            round=one.round,
            kind=one.kind,
            started_at=one.started_at,
            due_at=allowances.due_at(one.kind, one.started_at),
        )
        aggregate.clocks.append(clock)
        aggregate.started.append(clock)


def save(aggregate: Aggregate) -> None:
    """Writes what `follow` changed, after the rows that the clocks judge. Two statements each to start and to stop.

    What was due by then has been fired (`fire_past_due`): the database refuses a late stop without its breach.
    """
    if aggregate.stopped:
        keys = [clock.pk for clock in aggregate.stopped]
        Clock.objects.filter(pk__in=keys, stopped_at=None).update(stopped_at=aggregate.at)
        Due.objects.filter(clock__in=keys, fired_at=None).delete()
        aggregate.stopped.clear()
    if aggregate.started:
        Clock.objects.bulk_create(aggregate.started)
        Due.objects.bulk_create(
            Due(clock=clock, issue_id=clock.issue_id, percent=step.percent, due_at=step.due_at)
            for clock in aggregate.started
            for step in allowances.steps(ClockKind(clock.kind), clock.started_at)
        )
        aggregate.started.clear()


def fire_past_due(aggregate: Aggregate) -> None:
    """Fires what of a locked aggregate is due by its time, before the action that found it goes on.

    A refusal of the action undoes it; the timer then fires it. One statement when nothing is due.
    """
    _fire([aggregate], _due_under_lock([aggregate.issue], aggregate))


def fire_due() -> int:
    """Fires what is due and not yet fired: reads without locking, then one transaction per batch of issues.

    An issue that somebody holds is left to the next pass, or to the action that holds it. A batch that fails is tried
    again issue by issue, so that one bad row stops nobody else; what fails alone too is passed over for five seconds.
    How many were fired.
    """
    fired = 0
    for centre_id, issue_ids in _batches():
        try:
            fired += _fire_batch(centre_id, issue_ids)
        except (OperationalError, InterfaceError):
            raise  # the database went away or the head is held: the timer comes again
        except Exception:
            log.exception("a batch of %d issues could not be fired; each is tried alone", len(issue_ids))
            fired += sum(_fire_alone(centre_id, issue_id) for issue_id in issue_ids)
    return fired


def _batches() -> Iterator[tuple[UUID, list[UUID]]]:
    """Issues with something due, the longest due first, by centre; few enough for one transaction each."""
    at = database_clock.at(None)
    for issue_id in [issue_id for issue_id, until in _aside.items() if until <= time.monotonic()]:
        del _aside[issue_id]
    due = Due.objects.filter(fired_at=None, due_at__lte=at).order_by("due_at", "pk")
    by_centre: dict[UUID, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    for centre_id, issue_id, kind in due.values_list("issue__centre_id", "issue_id", "clock__kind")[:MAX_DUES_PER_PASS]:
        if issue_id not in _aside:
            by_centre[centre_id][issue_id] += _FACTS_OF[ClockKind(kind)]
    for centre_id, facts in by_centre.items():
        batch: list[UUID] = []
        size = 0
        for issue_id, count in facts.items():
            if batch and (size + count > MAX_FACTS_PER_TRANSACTION or len(batch) == MAX_ISSUES_PER_BATCH):
                yield centre_id, batch
                batch, size = [], 0
            batch.append(issue_id)
            size += count
        yield centre_id, batch


@transaction.atomic(durable=True)
def _fire_batch(centre_id: UUID, issue_ids: Sequence[UUID]) -> int:
    """Locks, reads the time, fires, records. Dues that came due since the reading are left when the batch is full."""
    issues = lock_free_issues(issue_ids)
    if not issues:
        return 0
    aggregates = load(issues, database_clock.at(max(issue.last_at for issue in issues)))
    dues = _due_under_lock(issues, aggregates[0])
    fitting = _fitting(dues, aggregates)
    _fire(aggregates, fitting)
    changes = [change for aggregate in aggregates for change in aggregate.changes]
    if changes:
        record(None, *changes, at=aggregates[0].at, centre_id=centre_id)
    return len(fitting)


def _fire_alone(centre_id: UUID, issue_id: UUID) -> int:
    try:
        return _fire_batch(centre_id, [issue_id])
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("issue %s could not be fired; tried again in %d s", issue_id, ASIDE_S)
        _aside[issue_id] = time.monotonic() + ASIDE_S
        return 0


def _fitting(dues: Sequence[Due], aggregates: Sequence[Aggregate]) -> list[Due]:
    """As many of the dues as fit into one transaction with their facts."""
    kinds = {clock.pk: ClockKind(clock.kind) for aggregate in aggregates for clock in aggregate.clocks}
    sizes = accumulate(_FACTS_OF[kinds[due.clock_id]] for due in dues)
    return [due for due, size in zip(dues, sizes, strict=True) if size <= MAX_FACTS_PER_TRANSACTION]


def _due_under_lock(issues: Sequence[Issue], of_time: Aggregate) -> list[Due]:
    """What is due, read again under the locks. One statement, by issue."""
    rows = Due.objects.filter(issue__in=issues, fired_at=None, due_at__lte=of_time.at)
    return list(rows.order_by("due_at", "pk"))


def _fire(aggregates: Sequence[Aggregate], dues: Iterable[Due]) -> None:
    """Marks dues as fired and clocks as breached, tells the facts, saves what they changed. Six statements at most."""
    dues = list(dues)
    if not dues:
        return
    of_issue = {aggregate.issue.pk: aggregate for aggregate in aggregates}
    at = aggregates[0].at
    claimed = Due.objects.filter(pk__in=[due.pk for due in dues], fired_at=None, due_at__lte=at).update(fired_at=at)
    if claimed != len(dues):
        raise RuntimeError(f"{len(dues)} dues were read under the lock, {claimed} could be claimed")
    Clock.objects.filter(pk__in=[due.clock_id for due in dues]).update(breached_at=F("due_at"))
    touched = {row.pk: row for due in dues for row in _breach(of_issue[due.issue_id], due)}
    rows = touched.values()
    Issue.objects.bulk_update([row for row in rows if isinstance(row, Issue)], ["version", "last_at"])
    Order.objects.bulk_update([row for row in rows if isinstance(row, Order)], ["version"])
    Report.objects.bulk_update([row for row in rows if isinstance(row, Report)], ["version"])


def _breach(aggregate: Aggregate, due: Due) -> list[Issue | Order | Report]:
    """Tells one breach to every object whose card shows the clock. The issue, and the rows that took a version."""
    clock = next(clock for clock in aggregate.clocks if clock.pk == due.clock_id)
    clock.breached_at = clock.due_at
    aggregate.issue.last_at = aggregate.at
    kind, since = str(clock.kind), wire_time(clock.due_at)
    rows: list[Issue | Order | Report] = [aggregate.issue]

    def of_order(shown: Shown) -> OrderBreached:
        return OrderBreached(shown, TIMER, kind, since)

    def of_report(shown: Shown) -> ReportBreached:
        return ReportBreached(shown, TIMER, kind, since)

    def of_issue(shown: Shown) -> IssueBreached:
        return IssueBreached(shown, TIMER, kind, since)

    if clock.kind == ClockKind.RELAY_DOWN_ORDER:
        order = next(order for order in aggregate.orders if order.pk == clock.order_id)
        aggregate.tell(order, of_order)
        return [*rows, order]
    if clock.kind == ClockKind.RELAY_UP:
        report = next(report for report in aggregate.reports if report.pk == clock.report_id)
        aggregate.tell(report, of_report)
        rows.append(report)
    aggregate.tell(aggregate.issue, of_issue)
    return rows
