"""Whose time: the database's clock, read after the aggregate is locked. Source: docs/rules.md, "Whose time"."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import connection


def at(last: datetime | None) -> datetime:
    """The time of the action that runs: the database's clock now, never below `last` (the aggregate's). UTC.

    Call it after the locks: `now()` is the transaction's start, and a later position could carry an earlier time.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT relay_at(%s)", [last])
        row = cursor.fetchone()
    moment = row[0]
    assert isinstance(moment, datetime)
    return moment


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Runs this session's actions as if the clock stood `by` away from now.

    Only a session of the simulator's role is believed (tests, the demonstration seed, exercises, simulations);
    any other's time stays as it is. Not inside a transaction: the setting is the session's.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('relay60.shift', %s, false)", [f"{by.total_seconds()} seconds"])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('relay60.shift', '', false)")
