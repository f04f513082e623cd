"""What the timer says in the database: when it last finished a pass, and that it stopped because the clock stepped.

The pass is read with the head into every beat, so that a dead timer looks dead; the step, by whoever would fire.
"""

from typing import Final

from django.db import connection

from realtime.feed.errors import Busy
from realtime.feed.models import CompletedPass

TIMER: Final = "timer"
STEPPED: Final = "clock_stepped"  # this row is there as long as nothing may be judged by the machine's clock


def mark_pass() -> None:
    """Says that a pass is complete, by the machine's clock: this is health, not domain time. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO feed_pass (name, at) VALUES (%s, clock_timestamp())"
            " ON CONFLICT (name) DO UPDATE SET at = excluded.at",
            [TIMER],
        )


def say_stepped(stepped: bool) -> None:
    """Says to all who fire that the machine's clock stepped, or that a timer was restarted since. One statement."""
    with connection.cursor() as cursor:
        if stepped:
            cursor.execute(
                "INSERT INTO feed_pass (name, at) VALUES (%s, clock_timestamp()) ON CONFLICT DO NOTHING", [STEPPED]
            )
        else:
            cursor.execute("DELETE FROM feed_pass WHERE name = %s", [STEPPED])


def must_not_have_stepped() -> None:
    """Returns if dues may be judged by the machine's clock. Raises Busy while it stepped. One statement."""
    if CompletedPass.objects.filter(name=STEPPED).exists():
        raise Busy(
            "clock.stepped",
            "服务器的时钟跳变了，时间还没有核对：该事项此刻会被判定到期，暂不能办理。",
            rule="计时·以谁的时间为准",
            remedy="请通知系统管理员校准服务器时间并重启计时器，再办理；紧急的请先电话处置，事后补录。",
        )


def wall_clock() -> float:
    """The database machine's clock, unshifted: seconds since 1970. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float8")
        seconds = cursor.fetchone()[0]
    return float(seconds)
