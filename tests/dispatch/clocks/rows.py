"""What a verb does to an aggregate's rows, done by hand: clocks follow the rows, whichever verb changed them."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from dispatch.matter import clock_law as clocks
from dispatch.matter.aggregate import custody as relays
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import lock_issue
from dispatch.matter.clocks.models import Clock
from dispatch.matter.facts import TIMER
from dispatch.matter.issues.clock_facts import IssueClocksMoved
from dispatch.matter.orders.facts import OrderClocksMoved
from dispatch.matter.reports.facts import ReportReopened
from realtime.feed.actions import once, record
from server.sources import ROW_SOURCES, SNAPSHOT_SOURCES
from tests.dispatch.desk import Desk


def changed(desk: Desk, issue_id: UUID, change: Callable[[Aggregate], None], *, uncounted: bool = False) -> None:
    """An action that changes rows as given: locked, what is past due fired first, followed, told, saved, recorded."""
    cmd = desk.command("lead")
    with transaction.atomic():
        once(cmd)
        aggregate = lock_issue(issue_id, actor=cmd.actor)
        clocks.fire_past_due(aggregate)
        were = {row.pk: row.state for row in (aggregate.issue, *aggregate.orders)}
        change(aggregate)
        clocks.follow(aggregate, uncounted=uncounted)
        relays.follow(aggregate, how="test", by=cmd.actor.principal)
        aggregate.record(aggregate.issue, lambda shown: IssueClocksMoved(shown, TIMER))
        for order in aggregate.orders:
            if order.state != were[order.pk] or aggregate.issue.level != aggregate.level:
                aggregate.record(order, lambda shown: OrderClocksMoved(shown, TIMER))
                order.save()
        if were != {row.pk: row.state for row in (aggregate.issue, *aggregate.orders)}:
            for report in aggregate.reports:  # another clock of theirs runs, or others see them
                aggregate.record(report, lambda shown: ReportReopened(shown, TIMER))
                report.save()
        aggregate.issue.last_at = aggregate.at
        aggregate.issue.save()
        clocks.save(aggregate)
        relays.save(aggregate)
        aggregate.flush()
        record(cmd, *aggregate.changes, at=aggregate.at)


def stale_cards(desk: Desk) -> list[tuple[str, UUID]]:
    """The open objects whose latest fact does not show what their rows say."""
    scope = desk.actor("duty1").scope
    told, stored = (
        {(one.kind, one.id): one for source in sources for one in source(scope, desk.built.id)}
        for sources in (SNAPSHOT_SOURCES, ROW_SOURCES)
    )
    return [key for key in told.keys() | stored.keys() if told.get(key) != stored.get(key)]


def clock_of(issue_id: UUID, kind: str) -> Clock:
    """The latest clock of a kind."""
    found = Clock.objects.filter(issue_id=issue_id, kind=kind).order_by("started_at", "pk").last()
    assert found is not None, f"no {kind} ran"
    return found


def running(issue_id: UUID) -> list[str]:
    """The kinds that run, by name."""
    return sorted(Clock.objects.filter(issue_id=issue_id, stopped_at=None).values_list("kind", flat=True))
