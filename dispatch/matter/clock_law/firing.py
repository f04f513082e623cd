"""Firing what is due, exactly once: by the timer in batches, or by the action that finds it."""

import logging
import time
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F

from dispatch.matter.aggregate import custody as relays
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import load, lock_free_issues, read_calls
from dispatch.matter.call_law.following import follow as follow_calls
from dispatch.matter.call_law.following import follow_steps
from dispatch.matter.clock_law import following, suspensions
from dispatch.matter.clock_law.escalating import raise_step, save_new
from dispatch.matter.clock_law.ladder import Ladder, waited_for
from dispatch.matter.clocks.allowances import BREACH_PERCENT, OF_ORDERS, ClockKind, Tells
from dispatch.matter.clocks.models import Clock, Due, Escalation
from dispatch.matter.clocks.passes import must_not_have_stepped
from dispatch.matter.facts import TIMER, Shown
from dispatch.matter.issues.clock_facts import IssueBreached
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.facts import OrderBreached
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.facts import ReportBreached
from dispatch.matter.reports.models import Report
from realtime.feed import clock as database_clock
from realtime.feed.actions import record, wire_time
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION
from realtime.feed.errors import Busy

log = logging.getLogger(__name__)

MAX_ISSUES_PER_BATCH: Final = 200  # one firing a transaction: 697/s; batches of 200: 12,500/s
MOST_NEW: Final = 50  # facts of what an action makes: a lead, twenty assists, their calls, a second one of the issue
MAX_DUES_PER_PASS: Final = 5_000
ASIDE_S: Final = 5.0  # before an issue that failed is tried again: a pass comes five times a second
_aside: Final[dict[UUID, float]] = {}  # issues that failed, until when (monotonic) they are passed over


_VERSIONS: Final = """
WITH issues AS (
    UPDATE issues_issue i SET version = v.version, last_at = %s
    FROM unnest(%s::uuid[], %s::int[]) AS v(id, version) WHERE i.id = v.id
), orders AS (
    UPDATE orders_order o SET version = v.version
    FROM unnest(%s::uuid[], %s::int[]) AS v(id, version) WHERE o.id = v.id
)
UPDATE intake_report r SET version = v.version
FROM unnest(%s::uuid[], %s::int[]) AS v(id, version) WHERE r.id = v.id
"""


def fire_past_due(aggregate: Aggregate) -> None:
    """Fires what of a locked aggregate is due by its time, before the action that found it goes on.

    A refusal of the action undoes it; the timer then fires it. No statement when nothing is due; one after a lock of
    several issues. Raises Busy where so much is due that the action's own facts might find no room beside it: the timer
    fires it in several transactions; and when anything is, by a machine's clock that stepped: a breach is never taken
    back.
    """
    if aggregate.next_due is None or aggregate.next_due > aggregate.at:
        return
    dues = _due_under_lock([aggregate.issue], aggregate.at)
    if not dues:
        return
    must_not_have_stepped()
    ladder = Ladder()
    _fire([aggregate], dues, ladder)
    if aggregate.moved:  # a suspension ended, and not now: what it had paused may be past due since
        following.save_moved(aggregate)
        _fire([aggregate], _due_under_lock([aggregate.issue], aggregate.at), ladder)
    told = len(aggregate.changes)
    if told and told + aggregate.facts_of_all() + MOST_NEW > MAX_FACTS_PER_TRANSACTION:
        raise Busy(
            "clocks.behind",
            "该事项积压的到期提醒较多，正在逐项处理，请稍后再试。",
            remedy="稍候会自动重试；提示计时器停摆的，请先恢复计时器。",
        )


def save(aggregate: Aggregate) -> None:
    """Writes clocks (`following.save`), then fires what is past due of one that runs again: with its true due time.

    Three statements more for one that does, and the ladder's.
    """
    again = bool(aggregate.restarted)
    following.save(aggregate)
    if not again:
        return
    aggregate.flush()
    if dues := _due_under_lock([aggregate.issue], aggregate.at):
        must_not_have_stepped()
        _fire([aggregate], dues, Ladder())


def fire_due(among: Collection[UUID] | None = None) -> int:
    """Fires what is due and not yet fired: reads without locking, then one transaction per batch of issues.

    among  of these issues alone; None: of all

    An issue that somebody holds is left to the next pass, or to the action that holds it. A batch that fails is tried
    again issue by issue, so that one bad row stops nobody else; what fails alone too is passed over for five seconds.
    How many were fired.
    """
    fired = 0
    ladder = Ladder()
    for centre_id, issue_ids in _batches(among):
        try:
            fired += _fire_batch(centre_id, issue_ids, ladder)
        except (OperationalError, InterfaceError):
            raise  # the database went away or the head is held: the timer comes again
        except Exception:
            log.exception("a batch of %d issues could not be fired; each is tried alone", len(issue_ids))
            fired += sum(_fire_alone(centre_id, issue_id, ladder) for issue_id in issue_ids)
    return fired


def _batches(among: Collection[UUID] | None) -> Iterator[tuple[UUID, list[UUID]]]:
    """Issues with something due, the longest due first, by centre; few enough for one transaction each."""
    at = database_clock.at(None)
    for issue_id in [issue_id for issue_id, until in _aside.items() if until <= time.monotonic()]:
        del _aside[issue_id]
    due = Due.objects.filter(fired_at=None, due_at__lte=at).order_by("due_at", "pk")
    if among is not None:
        due = due.filter(issue__in=among)
    rows = due.values_list("issue__centre_id", "issue_id", "clock__kind", "percent")
    by_centre: dict[UUID, dict[UUID, int]] = defaultdict(lambda: defaultdict(int))
    for centre_id, issue_id, kind, percent in rows[:MAX_DUES_PER_PASS]:
        if issue_id not in _aside:
            by_centre[centre_id][issue_id] += _facts_of(ClockKind(kind), percent, orders=1)
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


def _facts_of(kind: ClockKind, percent: int, *, orders: int) -> int:
    """How many facts a step makes at most: the breach to each object that shows it, who is told, the call for it, and
    the call that goes on in that one."""
    if percent < BREACH_PERCENT:
        return 3
    match kind:
        case ClockKind.SUSPENSION:
            return 2 + orders  # resumed: the handling of each order is due again; the call that warned is silent
        case ClockKind.RELAY_UP:
            return 5
    return 4


@transaction.atomic(durable=True)
def _fire_batch(centre_id: UUID, issue_ids: Sequence[UUID], ladder: Ladder) -> int:
    """Locks, reads the time, fires, records. Dues that came due since the reading are left when the batch is full."""
    locked = lock_free_issues(issue_ids)
    at = database_clock.at(None)
    # One whose last action lies ahead of the clock waits for it: at its time, the others would be fired too early.
    issues = [issue for issue in locked if issue.last_at <= at]
    if not issues:
        return 0
    dues = _due_under_lock(issues, at)
    ending = {due.issue_id for due in dues if due.percent == BREACH_PERCENT}
    aggregates = load(issues, at, shown=ending)  # of others who is told changes no card
    fitting = _fitting(dues, aggregates)
    _fire(aggregates, fitting, ladder)
    ended = [aggregate for aggregate in aggregates if aggregate.stopped or aggregate.hops]  # a suspension ended
    read_calls(ended)
    for aggregate in ended:
        aggregate.issue.save()
        save(aggregate)
        relays.save(aggregate)
        follow_calls(aggregate)
        aggregate.flush()
    changes = [change for aggregate in aggregates for change in aggregate.changes]
    if changes:
        record(None, *changes, at=aggregates[0].at, centre_id=centre_id)
    return len(fitting)


def _fire_alone(centre_id: UUID, issue_id: UUID, ladder: Ladder) -> int:
    try:
        return _fire_batch(centre_id, [issue_id], ladder)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("issue %s could not be fired; tried again in %d s", issue_id, ASIDE_S)
        _aside[issue_id] = time.monotonic() + ASIDE_S
        return 0


def _fitting(dues: Sequence[Due], aggregates: Sequence[Aggregate]) -> list[Due]:
    """As many of the dues, the longest due first, as fit into one transaction with their facts; one at least."""
    kinds = {clock.pk: ClockKind(clock.kind) for aggregate in aggregates for clock in aggregate.clocks}
    orders = {aggregate.issue.pk: len(aggregate.orders) for aggregate in aggregates}
    found: list[Due] = []
    size = 0
    for due in dues:
        size += _facts_of(kinds[due.clock_id], due.percent, orders=orders[due.issue_id])
        if found and size > MAX_FACTS_PER_TRANSACTION:
            break
        found.append(due)
    return found


def _due_under_lock(issues: Sequence[Issue], at: datetime) -> list[Due]:
    """What is due, read again under the locks. One statement, by issue."""
    rows = Due.objects.filter(issue__in=issues, fired_at=None, due_at__lte=at)
    return list(rows.order_by("due_at", "percent", "pk"))


def _fire(aggregates: Sequence[Aggregate], dues: Iterable[Due], ladder: Ladder) -> None:
    """Marks dues as fired and clocks as breached, tells the facts, saves what they changed.

    Several steps that fall due at once are each told, in order; of one instant the clock that is older is first. Five
    statements at most, and the ladder's.
    """
    born = {clock.pk: clock.card_id for aggregate in aggregates for clock in aggregate.clocks}
    dues = sorted(dues, key=lambda due: (due.due_at, due.percent, born[due.clock_id]))
    if not dues:
        return
    of_issue = {aggregate.issue.pk: aggregate for aggregate in aggregates}
    at = aggregates[0].at
    claimed = Due.objects.filter(pk__in=[due.pk for due in dues], fired_at=None, due_at__lte=at).update(fired_at=at)
    if claimed != len(dues):
        raise RuntimeError(f"{len(dues)} dues were read under the lock, {claimed} could be claimed")
    _know_who_answers(of_issue, dues, ladder)
    touched: dict[UUID, Issue | Order | Report] = {}
    breached: list[Clock] = []
    told: list[tuple[Aggregate, Escalation]] = []
    for due in dues:
        aggregate = of_issue[due.issue_id]
        clock = next(clock for clock in aggregate.clocks if clock.pk == due.clock_id)
        aggregate.issue.last_at = aggregate.at
        touched[aggregate.issue.pk] = aggregate.issue
        if due.percent == BREACH_PERCENT and clock.kind == ClockKind.SUSPENSION:
            if clock.stopped_at is None:
                suspensions.end(aggregate)
        elif due.percent == BREACH_PERCENT:
            breached.append(clock)
            touched |= {row.pk: row for row in _breach(aggregate, clock)}
        escalation = raise_step(aggregate, clock, due, ladder)
        if escalation is not None:
            told.append((aggregate, escalation))
    if breached:
        Clock.objects.filter(pk__in=[clock.pk for clock in breached]).update(breached_at=F("due_at"))
    _save_versions(touched.values(), at)
    save_new([escalation for _, escalation in told])
    follow_steps(told, ladder.roster)


def _know_who_answers(of_issue: Mapping[UUID, Aggregate], dues: Iterable[Due], ladder: Ladder) -> None:
    """Reads who is on duty where a step tells the next contact, and who was called already. Two statements at most."""
    asking = [due for due in dues if due.tells == Tells.NEXT_CONTACT]
    if not asking:
        return
    aggregates = {due.issue_id: of_issue[due.issue_id] for due in asking}
    read_calls(aggregates.values())
    clocks = {clock.pk: clock for each in aggregates.values() for clock in each.clocks}
    units = {waited_for(aggregates[due.issue_id], clocks[due.clock_id]) for due in asking}
    ladder.roster.read(next(iter(aggregates.values())).issue.centre_id, units)


def _save_versions(rows: Collection[Issue | Order | Report], at: datetime) -> None:
    """One statement for all three kinds: `bulk_update`, a CASE for each row, took a quarter of the firing."""
    values: list[Any] = [at]
    for kind in (Issue, Order, Report):
        own = [row for row in rows if isinstance(row, kind)]
        values += [[row.pk for row in own], [row.version for row in own]]
    with connection.cursor() as cursor:
        cursor.execute(_VERSIONS, values)


def _breach(aggregate: Aggregate, clock: Clock) -> list[Issue | Order | Report]:
    """Tells one breach to every object whose card shows the clock. The rows that took a version."""
    assert clock.due_at is not None
    clock.breached_at = clock.due_at
    kind, since = str(clock.kind), wire_time(clock.due_at)
    rows: list[Issue | Order | Report] = [aggregate.issue]

    def of_order(shown: Shown) -> OrderBreached:
        return OrderBreached(shown, TIMER, kind, since)

    def of_report(shown: Shown) -> ReportBreached:
        return ReportBreached(shown, TIMER, kind, since)

    def of_issue(shown: Shown) -> IssueBreached:
        return IssueBreached(shown, TIMER, kind, since)

    if ClockKind(clock.kind) in OF_ORDERS:
        order = next(order for order in aggregate.orders if order.pk == clock.order_id)
        aggregate.record(order, of_order)
        return [*rows, order]
    if clock.kind == ClockKind.RELAY_UP:
        report = next(report for report in aggregate.reports if report.pk == clock.report_id)
        aggregate.record(report, of_report)
        rows.append(report)
    aggregate.record(aggregate.issue, of_issue)
    return rows
