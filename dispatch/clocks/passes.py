"""When the timer last finished a pass: read with the head into every beat, so that a dead timer looks dead."""

from datetime import datetime
from typing import Final

from django.db import connection

from realtime.feed.models import CompletedPass

TIMER: Final = "timer"


def mark_pass() -> None:
    """Says that a pass is complete, by the machine's clock: this is health, not domain time. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_pass (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [TIMER],
        )


def wall_clock() -> float:
    """The database machine's clock, unshifted: seconds since 1970. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        seconds = cursor.fetchone()[0]
    return float(seconds)


def last_pass() -> datetime | None:
    """When that was; None before the first."""
    return CompletedPass.objects.filter(name=TIMER).values_list("at", flat=True).first()
