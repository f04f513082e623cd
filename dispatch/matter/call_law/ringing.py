"""The timer's part of calls: attempts that were queued go out, and what nobody answered in time climbs a rung.

An issue at a time, each in a transaction of its own: one bad row stops nobody else. Who is killed between queueing and
sending has lost nothing: what is queued is sent by whoever comes next.
"""

import logging
import time
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import InterfaceError, OperationalError, transaction

from dispatch.matter.aggregate.locks import lock_free_issues
from dispatch.matter.call_law.channels import page
from dispatch.matter.call_law.opening import Book, attempt, next_rung, wait_of
from dispatch.matter.call_law.recording import change_of
from dispatch.matter.calls.facts import CallClimbed, CallListed
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.calls.states import Rung, State, Verb, Way, step
from dispatch.matter.cards.calls import audience_of
from dispatch.matter.facts import TIMER
from dispatch.matter.issues.models import Issue
from realtime.feed import clock
from realtime.feed.actions import record
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION, Change

log = logging.getLogger(__name__)

MAX_ISSUES_PER_PASS: Final = 500
ASIDE_S: Final = 5.0  # before an issue that failed is tried again
_aside: Final[dict[UUID, float]] = {}  # issues that failed, until when (monotonic) they are passed over


def ring_due() -> int:
    """One pass: sends what is queued, climbs what is due. How many attempts and steps. Two statements without work."""
    at = clock.at(None)
    for issue_id in [issue_id for issue_id, until in _aside.items() if until <= time.monotonic()]:
        del _aside[issue_id]
    climbing = Call.objects.filter(state=State.OPEN, next_at__lte=at).order_by("next_at")
    queued = Attempt.objects.filter(channel=Way.PAGE, attempted_at=None).order_by("queued_at")
    keys = dict.fromkeys(queued.values_list("call__issue_id", flat=True)[:MAX_ISSUES_PER_PASS])
    keys |= dict.fromkeys(climbing.values_list("issue_id", flat=True)[:MAX_ISSUES_PER_PASS])
    book = Book()
    return sum(_ring(issue_id, book) for issue_id in keys if issue_id not in _aside)


def _ring(issue_id: UUID, book: Book) -> int:
    try:
        return _ring_issue(issue_id, book)
    except (OperationalError, InterfaceError):
        raise  # the database went away or the head is held: the timer comes again
    except Exception:
        log.exception("the calls of issue %s could not go on; tried again in %d s", issue_id, ASIDE_S)
        _aside[issue_id] = time.monotonic() + ASIDE_S
        return 0


@transaction.atomic(durable=True)
def _ring_issue(issue_id: UUID, book: Book) -> int:
    """Locks the issue, reads the time, climbs, sends, records. One that somebody holds is left to the next pass."""
    for issue in lock_free_issues([issue_id]):
        at = clock.at(None)
        if issue.last_at > at:
            return 0
        changes: list[Change] = []
        climbing = list(Call.objects.filter(issue=issue, state=State.OPEN, next_at__lte=at).order_by("called_at", "pk"))
        for call in climbing:
            book.change(call)
            changes.append(_climb(call, issue, at, book))
        book.save()
        room = MAX_FACTS_PER_TRANSACTION - len(changes)
        rows = Attempt.objects.filter(call__issue=issue, channel=Way.PAGE, attempted_at=None).select_related(
            "call__answered_post"
        )
        due = list(rows.order_by("queued_at", "pk")[:room])
        for one in due:
            one.attempted_at = at
            changes.append(page.send(one, one.call, issue))
        Attempt.objects.filter(pk__in=[one.pk for one in due]).update(attempted_at=at, version=1)
        if changes:
            Issue.objects.filter(pk=issue.pk).update(last_at=at)
            record(None, *changes, at=at, centre_id=issue.centre_id)
        return len(changes)
    return 0


def _climb(call: Call, issue: Issue, at: datetime, book: Book) -> Change:
    """The next rung that has somebody is called too; where nobody is left, the desk rings by telephone."""
    before = audience_of(call, issue)
    callees = book.roster.callees(issue.centre_id, call.unit_id)
    found = next_rung(callees, issue, after=Rung(call.rank), called=call.posts)
    was = State(call.state)
    call.state = becomes = step(was, Verb.CLIMB if found else Verb.LIST)
    if found is None:
        call.next_at = at
        return change_of(call, issue, lambda shown: CallListed(shown, TIMER, was, becomes), before=before)
    rung, posts = found
    call.rung, call.rank, call.posts = call.rung + 1, rung, [*call.posts, *posts]
    call.next_at = at + wait_of(rung, issue, book.settings(issue.centre_id))
    book.attempts += [attempt(call, post, rung, at) for post in posts]
    return change_of(call, issue, lambda shown: CallClimbed(shown, TIMER, was, becomes), before=before)
