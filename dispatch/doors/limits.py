"""How often a door may be knocked at: counted in Redis, or in PostgreSQL while Redis is away.

Redis away neither opens the door (everyone is still counted) nor closes it (the database counts). What was counted on
one side is not known on the other, so within one period at most twice the limit passes. Only keyed digests are kept.
"""

import hashlib
import hmac
import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar, Final
from uuid import UUID

from django.conf import settings
from django.db import connection

from dispatch.matter.reports.code_secret import code_secret
from realtime.feed.errors import Refused, Replayed
from realtime.feed.optional_redis import TIMEOUT_S, OptionalRedis

_COUNT: Final = """
INSERT INTO intake_knockcount (who, count, until) VALUES (%s, 1, to_timestamp(%s))
ON CONFLICT (who) DO UPDATE SET count = intake_knockcount.count + 1 RETURNING count
"""
_TAKE_BACK: Final = """
WITH last AS (DELETE FROM intake_knockcount WHERE who = %s AND count = 1 RETURNING who)
UPDATE intake_knockcount SET count = count - 1 WHERE who = %s AND count > 1
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` within each period of `every`, for one subject.

    reason_zh  what came too often, as a refusal says it; `{times}` is filled in
    felt       whether a refusal by it turns an inhabitant away, and is told on the desk
    """

    name: str
    times: int
    every: timedelta
    reason_zh: str = "提交过于频繁"
    felt: bool = True


class TooOften(Refused):
    """Somebody has come too often; says what came too often, and in how many seconds it may come again."""

    status: ClassVar[int] = 429
    title: ClassVar[str] = "提交过于频繁"

    def __init__(self, limit: Limit, wait_s: int, *, phone: str = "") -> None:
        call = f"急需反映的，请拨打综治中心电话 {phone}；" if phone else ""
        super().__init__(
            "public.too_often",
            f"{limit.reason_zh.format(times=limit.times)}，请在 {math.ceil(wait_s / 60)} 分钟后再试。",
            rule="事项·渠道",
            remedy=f"已填写的内容仍在本页。{call}如遇危及生命的情况，请立即拨打 110、119、120。",
            extra={"limit": limit.name, "retry_after_s": wait_s},
        )


@dataclass(frozen=True, slots=True)
class Knock:
    """One knock, as it was counted: which number, how long until the next when it was one too many, and where."""

    number: int
    wait_s: int
    who: bytes
    by_redis: bool


TURNED_AWAY: Final = Limit("turned away", 0, timedelta(minutes=1))
TOLD_FOR: Final = 10  # minutes of refusals that the desk is told of
_ANYBODY: Final = "any"  # turned away before it was known from which centre's page


class Doorkeeper:
    """Counts knocks. One a process, any thread."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self.redis = OptionalRedis(url, timeout_s=timeout_s)

    def count(self, limit: Limit, subject: str, *, now: float | None = None) -> int:
        """Counts one knock of the subject; seconds until it may come again when it was one too many, else 0.

        now  seconds since 1970 by this process's clock, which decides nothing but when a period ends
        """
        return self.knock(limit, subject, now=now).wait_s

    def knock(self, limit: Limit, subject: str, *, now: float | None = None, keep_s: float = 0) -> Knock:
        """The same, as a knock that can be taken back. `keep_s`: how long the count is kept after its period."""
        now = time.time() if now is None else now
        every = limit.every.total_seconds()
        until = (math.floor(now / every) + 1) * every
        who = _who(limit, subject, now)
        number = self._by_redis(who, math.ceil(every + keep_s))
        by_redis = number is not None
        if number is None:
            number = _by_database(who, until + keep_s)
        return Knock(number, max(1, math.ceil(until - now)) if number > limit.times else 0, who, by_redis)

    def take_back(self, knock: Knock) -> None:
        """Nothing came of it: it counts no more."""
        if knock.by_redis:
            self.redis.ask(("DECR", _key(knock.who)))
            return
        with connection.cursor() as cursor:
            cursor.execute(_TAKE_BACK, [knock.who, knock.who])

    def turned_away(self, centre: str | None) -> None:
        """Counts that an inhabitant was refused for coming too often. `centre`: whose page it was, as far as known."""
        self.knock(TURNED_AWAY, centre or _ANYBODY, keep_s=TOLD_FOR * 60)

    def turned_away_lately(self, centre: str, *, now: float | None = None) -> int:
        """How many were refused in the last ten minutes, of this centre's pages, or before it was known whose."""
        now = time.time() if now is None else now
        minutes = [now - 60 * back for back in range(TOLD_FOR)]
        whos = [_who(TURNED_AWAY, subject, at) for subject in (centre, _ANYBODY) for at in minutes]
        found = self.redis.ask(("MGET", *(_key(who) for who in whos))) or [[]]
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(sum(count), 0) FROM intake_knockcount WHERE who = ANY(%s)", [whos])
            in_database = int(cursor.fetchone()[0])
        return in_database + sum(int(count) for count in found[0] if count)

    def _by_redis(self, who: bytes, keep_s: int) -> int | None:
        answers = self.redis.ask(("INCR", _key(who)), ("EXPIRE", _key(who), keep_s))
        return int(answers[0]) if answers else None


doorkeeper = Doorkeeper(settings.ENV.redis_url)


def must_not_be_too_often(*knocks: tuple[Limit, str], centre: UUID | None = None, phone: str = "") -> list[Knock]:
    """Counts a knock of each subject, in order. Raises TooOften at the first that has come more often than its limit.

    centre, phone  whose page it is, as far as that is known, and whom one can call there
    Who is refused counts for nobody: neither for a limit before, nor after, else one source, knocking on, would close
    a grid's page to its inhabitants.
    """
    made: list[Knock] = []
    for limit, subject in knocks:
        knock = doorkeeper.knock(limit, subject)
        if knock.wait_s:
            for earlier in made:
                doorkeeper.take_back(earlier)
            if limit.felt:
                doorkeeper.turned_away(str(centre) if centre else None)
            raise TooOften(limit, knock.wait_s, phone=phone)
        made.append(knock)
    return made


@contextmanager
def counted(*knocks: tuple[Limit, str], centre: UUID | None = None, phone: str = "") -> Iterator[None]:
    """Counts as `must_not_be_too_often` what is done within, and takes it back when nothing came of it.

    A refusal counts for nothing, nor does a repeat of what was taken in before: who is told to fill in a field has not
    used anything up.
    """
    made = must_not_be_too_often(*knocks, centre=centre, phone=phone)
    try:
        yield
    except (Refused, Replayed):
        for knock in made:
            doorkeeper.take_back(knock)
        raise


def forget_knocks() -> int:
    """Removes counts of past periods. How many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_knockcount WHERE until < clock_timestamp()")
        return int(cursor.rowcount)


def _by_database(who: bytes, until_s: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [who, until_s])
        return int(cursor.fetchone()[0])


def _who(limit: Limit, subject: str, now: float) -> bytes:
    """The keyed digest under which the knocks of a subject are counted in the period that `now` lies in."""
    period = math.floor(now / limit.every.total_seconds())
    return hmac.new(code_secret(), f"{limit.name}\0{subject}\0{period}".encode(), hashlib.sha256).digest()


def _key(who: bytes) -> str:
    return f"relay60:knock:{who.hex()}"
