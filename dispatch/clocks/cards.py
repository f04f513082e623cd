"""A clock as cards show it: instants only. Its light and the minutes left are the reader's to derive."""

from datetime import datetime

from dispatch.clocks.models import Clock
from realtime.feed.actions import wire_time
from realtime.feed.contract import Json


def clock_card(clock: Clock) -> dict[str, Json]:
    """The clock's kind and instants, RFC 3339 in UTC."""
    return {
        "breached_at": wire_or_none(clock.breached_at),
        "due_at": wire_time(clock.due_at),
        "kind": str(clock.kind),
        "started_at": wire_time(clock.started_at),
        "stopped_at": wire_or_none(clock.stopped_at),
    }


def wire_or_none(moment: datetime | None) -> str | None:
    """An instant as facts write it; None stays None."""
    return wire_time(moment) if moment else None
