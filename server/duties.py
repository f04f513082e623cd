"""The periodic duties: what runs, and how often. The only list; `python -m django worker` runs it.

A duty is a function `() -> int` (rows handled) that may be run twice or late without harm. The timer is not among
them: it has a process of its own, which every screen watches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from assessment.situation.actions import forget_old
from assessment.situation.making import make_next
from command.people.actions import forget_failures
from dispatch.doors.limits import forget_knocks
from dispatch.verbs.archive import archive_due
from dispatch.verbs.call_attempts import forget_old_attempts
from dispatch.verbs.call_outside import call_outside
from dispatch.verbs.call_verifications import call_verifications
from dispatch.verbs.looking import forget_old as forget_old_marks
from dispatch.verbs.moving import move_stragglers
from dispatch.verbs.photos import forget_waiting
from dispatch.verbs.redrawing import redraw
from realtime.feed.anchors import write_anchors
from server.collecting import forget_former

KEYS_KEPT = timedelta(days=30)  # how long a command may be repeated


@dataclass(frozen=True, slots=True)
class Duty:
    """One periodic duty."""

    name: str
    every_s: float
    run: Callable[[], int]
    apart: bool = False  # in a thread of its own: it waits for other houses, and nothing waits for it


def forget_old_keys() -> int:
    """Removes idempotency keys older than 30 days, at most 10,000 a pass."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM feed_command_key WHERE (principal, key) IN (SELECT principal, key FROM feed_command_key"
            " WHERE made_at < clock_timestamp() - make_interval(days => %s) ORDER BY made_at LIMIT 10000)",
            [KEYS_KEPT.days],
        )
        return int(cursor.rowcount)


def forget_expired_sessions() -> int:
    """Removes sessions that have run out."""
    SessionStore.clear_expired()
    return 0


DUTIES = (
    Duty("situation_reports", 1, make_next),
    Duty("redraw", 2, redraw),  # where other code than ours made the cards, until it is done
    Duty("call_verifications", 30, call_verifications),
    Duty("calls_outside", 1, call_outside, apart=True),
    Duty("anchors", 60, write_anchors),
    Duty("old_keys", 3600, forget_old_keys),
    Duty("expired_sessions", 3600, forget_expired_sessions),
    Duty("sign_in_failures", 600, forget_failures),
    Duty("knocks", 600, forget_knocks),
    Duty("archive", 600, archive_due),
    Duty("ended_cells", 60, move_stragglers),
    Duty("old_situation_reports", 3600, forget_old),
    Duty("unseen_marks", 3600, forget_old_marks),
    Duty("call_attempts", 3600, forget_old_attempts),
    Duty("waiting_photos", 3600, forget_waiting),
    Duty("former_screens", 3600, forget_former),
)
