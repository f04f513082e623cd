"""The timer's part of calls: attempts that were queued go out, and what nobody answered in time climbs a rung.

Some issues at a time, in one transaction; where it fails each alone: one bad row stops nobody else. Who is killed
between queueing and sending has lost nothing: what is queued is sent by whoever comes next.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Sequence
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
MAX_ISSUES_PER_BATCH: Final = 50
MOST_CLIMBS: Final = MAX_FACTS_PER_TRANSACTION // 2  # the rest is for attempts, those of the new rungs among them
ASIDE_S: Final = 5.0  # before an issue that failed is tried again
_aside: Final[dict[UUID, float]] = {}  # issues that failed, until when (monotonic) they are passed over


def ring_due() -> int:
    """One pass: sends what is queued, climbs what is due. How many attempts and steps. Two statements without work."""
    at = clock.at(None)
    for issue_id in [issue_id for issue_id, until in _aside.items() if until <= time.monotonic()]:
        del _aside[issue_id]
    queued = Attempt.objects.filter(channel=Way.PAGE, attempted_at=None).order_by("queued_at")
    climbing = Call.objects.filter(state=State.OPEN, next_at__lte=at).order_by("next_at")
    keys = dict(queued.values_list("call__issue_id", "call__issue__centre_id")[:MAX_ISSUES_PER_PASS])
    keys |= dict(climbing.values_list("issue_id", "issue__centre_id")[:MAX_ISSUES_PER_PASS])
    by_centre: dict[UUID, list[UUID]] = defaultdict(list)
    for issue_id, centre_id in keys.items():
        if issue_id not in _aside:
            by_centre[centre_id].append(issue_id)
    return sum(
        _ring(issue_ids[first : first + MAX_ISSUES_PER_BATCH])
        for issue_ids in by_centre.values()
        for first in range(0, len(issue_ids), MAX_ISSUES_PER_BATCH)
    )


def _ring(issue_ids: Sequence[UUID]) -> int:
    """Rings for issues of one centre; for each alone where that fails."""
    try:
        return _ring_issues(issue_ids, Book())
    except (OperationalError, InterfaceError):
        raise  # the database went away or the head is held: the timer comes again
    except Exception:
        if len(issue_ids) > 1:
            log.exception("the calls of %d issues could not go on; each is tried alone", len(issue_ids))
            return sum(_ring([issue_id]) for issue_id in issue_ids)
        log.exception("the calls of issue %s could not go on; tried again in %d s", issue_ids[0], ASIDE_S)
        _aside[issue_ids[0]] = time.monotonic() + ASIDE_S
        return 0


@transaction.atomic(durable=True)
def _ring_issues(issue_ids: Sequence[UUID], book: Book) -> int:
    """Locks the issues, reads the time, climbs, sends, records.

    Those that somebody holds are left to the next pass, and what finds no room in one transaction.
    """
    locked = lock_free_issues(issue_ids)
    at = clock.at(None)
    issues = {issue.pk: issue for issue in locked if issue.last_at <= at}
    changes: list[Change] = []
    rung: set[UUID] = set()
    climbing = Call.objects.filter(issue__in=issues, state=State.OPEN, next_at__lte=at).order_by("called_at", "pk")
    for call in climbing[:MOST_CLIMBS]:
        book.change(call)
        changes.append(_climb(call, issues[call.issue_id], at, book))
        rung.add(call.issue_id)
    book.save()
    rows = Attempt.objects.filter(call__issue__in=issues, channel=Way.PAGE, attempted_at=None)
    due = list(
        rows.select_related("call__answered_post").order_by("queued_at", "pk")[
            : MAX_FACTS_PER_TRANSACTION - len(changes)
        ]
    )
    for one in due:
        one.attempted_at = at
        changes.append(page.send(one, one.call, issues[one.call.issue_id]))
        rung.add(one.call.issue_id)
    if changes:
        Attempt.objects.filter(pk__in=[one.pk for one in due]).update(attempted_at=at, version=1)
        Issue.objects.filter(pk__in=rung).update(last_at=at)
        record(None, *changes, at=at, centre_id=locked[0].centre_id)
    return len(changes)


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
