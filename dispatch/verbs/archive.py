"""归档: closed issues are put away when the centre's time is up.

A plain action of a duty's: nobody asks for it, so no key, right or version is judged, and it locks a hundred at once.
"""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F

from command.organisations.queries import centres
from command.settings.queries import settings_of
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.aggregate.locks import load, lock_free_issues
from dispatch.matter.facts import TIMER
from dispatch.matter.issues import states
from dispatch.matter.issues.facts import IssueArchived
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import State, Verb
from realtime.feed import clock
from realtime.feed.actions import record

MAX_PER_PASS: Final = 1_000
PER_TRANSACTION: Final = 100


def archive_due() -> int:
    """Archives what has been closed long enough, in every centre, at most 1,000 issues a pass. How many.

    An issue that somebody holds is left to the next pass.
    """
    return sum(archive_of(centre.id) for centre in centres())


def archive_of(centre_id: UUID, among: Collection[UUID] | None = None) -> int:
    """The same in one centre; of these issues alone, where they are given."""
    closed_by = clock.at(None) - timedelta(days=settings_of(centre_id).archive_after_days)
    due = Issue.objects.filter(centre_id=centre_id, state=State.CLOSED, closed_at__lte=closed_by)
    if among is not None:
        due = due.filter(pk__in=among)
    keys = list(due.order_by(F("closed_at")).values_list("pk", flat=True)[:MAX_PER_PASS])
    batches = (keys[start : start + PER_TRANSACTION] for start in range(0, len(keys), PER_TRANSACTION))
    return sum(_archive(centre_id, batch) for batch in batches)


@transaction.atomic(durable=True)
def _archive(centre_id: UUID, keys: list[UUID]) -> int:
    """One transaction: who reopened one of them in between keeps it open."""
    issues = [issue for issue in lock_free_issues(keys) if issue.state == State.CLOSED]
    if not issues:
        return 0
    at = clock.at(max(issue.last_at for issue in issues))
    aggregates = load(issues, at)
    for aggregate in aggregates:
        _put_away(aggregate)
    Issue.objects.bulk_update(issues, ["state", "archived_at", "last_at", "last_by", "version"])
    changes = [change for aggregate in aggregates for change in aggregate.changes]
    record(None, *changes, at=at, centre_id=centre_id)
    return len(issues)


def _put_away(aggregate: Aggregate) -> None:
    issue = aggregate.issue
    before, after = State(issue.state), states.step(State(issue.state), Verb.ARCHIVE)
    issue.state, issue.last_by = after, TIMER
    issue.archived_at = issue.last_at = aggregate.at
    aggregate.record(issue, lambda shown: IssueArchived(shown, TIMER, before, after))
