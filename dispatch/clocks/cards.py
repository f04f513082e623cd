"""A clock as cards show it: instants only. Its light and the minutes left are the reader's to derive."""

from datetime import datetime, timedelta
from typing import Final

from dispatch.clocks.models import Clock, Escalation
from dispatch.clocks.seeing import is_for_all
from dispatch.issues.models import Issue, number_text
from realtime.feed.actions import wire_time
from realtime.feed.contract import Json

_MILLISECOND: Final = timedelta(milliseconds=1)


def clock_card(clock: Clock) -> dict[str, Json]:
    """The clock's kind and instants, RFC 3339 in UTC; `left_ms` of a paused one, which has no due time."""
    left = clock.allowance - clock.used(clock.paused_at) if clock.paused_at else None
    return {
        "allowance_s": int(clock.allowance.total_seconds()),
        "breached_at": wire_or_none(clock.breached_at),
        "due_at": wire_or_none(clock.due_at),
        "kind": str(clock.kind),
        "left_ms": left // _MILLISECOND if left is not None else None,
        "paused_at": wire_or_none(clock.paused_at),
        "started_at": wire_time(clock.started_at),
        "stopped_at": wire_or_none(clock.stopped_at),
        "uncounted": clock.uncounted,
    }


def wire_or_none(moment: datetime | None) -> str | None:
    """An instant as facts write it; None stays None."""
    return wire_time(moment) if moment else None


def escalation_card(issue: Issue, clock: Clock, escalation: Escalation) -> dict[str, Json]:
    """Which clock of which issue had run how far, who was told when, and whether an answer is waited for.

    What a whole room reads, the breach of a relay, names the unit and no post.
    """
    post = None if is_for_all(escalation) else escalation.post_id
    return {
        "at": wire_time(escalation.told_at),
        "clock": str(clock.kind),
        "due_at": wire_or_none(clock.due_at),
        "ended_at": wire_or_none(escalation.ended_at),
        "issue": str(issue.pk),
        "number": number_text(issue.number),
        "open": escalation.ended_at is None,
        "order": str(clock.order_id) if clock.order_id else None,
        "percent": escalation.percent,
        "told": {
            "post": str(post) if post else None,
            "rank": escalation.rank,
            "unit": str(escalation.unit_id),
        },
    }
