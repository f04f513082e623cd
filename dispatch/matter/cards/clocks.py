"""A clock as cards show it: the one place where its instants are written. Its light is the reader's comparison."""

from datetime import datetime, timedelta
from typing import Final

from dispatch.matter.clocks.allowances import BREACH_PERCENT
from dispatch.matter.clocks.lights import light_at
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.clocks.seeing import is_for_all
from dispatch.matter.issues.models import Issue, number_text
from realtime.feed.actions import wire_time
from realtime.feed.contract import Json

_MILLISECOND: Final = timedelta(milliseconds=1)


def clock_card(clock: Clock) -> dict[str, Json]:
    """The clock's kind and instants, RFC 3339 in UTC.

    id       tells it apart from the other clocks of its issue, on whichever card it stands
    left_ms  of a paused one: what was left of its allowance; with its `light`, instead of both instants
    """
    resting = _resting(clock, clock.paused_at) if clock.paused_at else {"left_ms": None, "light": None}
    return {
        "allowance_s": int(clock.allowance.total_seconds()),
        "amber_at": wire_or_none(clock.amber_at),
        "breached_at": wire_or_none(clock.breached_at),
        "due_at": wire_or_none(clock.due_at),
        "id": clock.card_id,
        "kind": str(clock.kind),
        **resting,
        "paused_at": wire_or_none(clock.paused_at),
        "started_at": wire_time(clock.started_at),
        "stopped_at": wire_or_none(clock.stopped_at),
        "uncounted": clock.uncounted,
    }


def _resting(clock: Clock, since: datetime) -> dict[str, Json]:
    """What a paused clock has instead of its instants: what was left then, and the light that it keeps."""
    amber_at, due_at = clock.at_percent(clock.amber_share), clock.at_percent(BREACH_PERCENT)
    light = light_at(since, amber_at=amber_at, due_at=due_at)
    return {"left_ms": (due_at - since) // _MILLISECOND, "light": str(light)}


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
