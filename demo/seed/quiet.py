"""The demonstration's past rang nobody: what was called long before it opens is silent."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from dispatch.matter.aggregate.locks import lock_free_issues
from dispatch.matter.call_law.opening import Book, end
from dispatch.matter.calls.models import Call
from dispatch.matter.calls.states import RUNNING, Verb
from dispatch.matter.facts import TIMER
from realtime.feed import clock
from realtime.feed.actions import record


def silence_what_was_called_before(centre_id: UUID, moment: datetime) -> int:
    """Silences the calls of a centre that nobody answered and that were made before a moment (UTC). How many."""
    old = Call.objects.filter(issue__centre_id=centre_id, state__in=RUNNING, called_at__lt=moment)
    return sum(_silence(key, moment) for key in old.order_by("issue_id").values_list("issue_id", flat=True).distinct())


@transaction.atomic(durable=True)
def _silence(issue_id: UUID, moment: datetime) -> int:
    for issue in lock_free_issues([issue_id]):
        calls = Call.objects.filter(issue=issue, state__in=RUNNING, called_at__lt=moment).order_by("called_at")
        at = clock.at(issue.last_at)
        book, changes = Book(), []
        for call in calls:
            book.change(call)
            changes.append(end(call, issue, Verb.SILENCE, at, by=TIMER))
        if not changes:
            return 0
        book.save()
        issue.last_at = at
        issue.save(update_fields=["last_at"])
        record(None, *changes, at=at, centre_id=issue.centre_id)
        return len(changes)
    return 0
