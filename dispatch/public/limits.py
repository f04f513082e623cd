"""How often a door may be knocked at: counted in Redis, or in PostgreSQL while Redis is away.

Redis away neither opens the door (everyone is still counted) nor closes it (the database counts). What was counted on
one side is not known on the other, so within one period at most twice the limit passes. Only keyed digests are kept.
"""

import hashlib
import hmac
import math
import time
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from typing import ClassVar, Final

from django.conf import settings
from django.db import connection

from dispatch.intake.code_secret import code_secret
from realtime.feed.errors import Refused
from realtime.feed.optional_redis import OptionalRedis

_IPV6_PREFIX: Final = 64  # what one household is given; each address in it is as good as another

_COUNT: Final = """
INSERT INTO intake_knockcount (who, count, until) VALUES (%s, 1, to_timestamp(%s))
ON CONFLICT (who) DO UPDATE SET count = intake_knockcount.count + 1 RETURNING count
"""


class TooOften(Refused):
    """This source, or this grid, has come too often; says in how many seconds it may come again (`retry_after_s`)."""

    status: ClassVar[int] = 429
    title: ClassVar[str] = "提交过于频繁"

    def __init__(self, wait_s: int) -> None:
        super().__init__(
            "public.too_often",
            f"提交过于频繁，请在 {math.ceil(wait_s / 60)} 分钟后再试。",
            rule="事项·渠道",
            remedy="如遇危及生命的情况，请立即拨打 110、119、120。",
            extra={"retry_after_s": wait_s},
        )


@dataclass(frozen=True, slots=True)
class Limit:
    """At most `times` within each period of `every`, for one subject."""

    name: str
    times: int
    every: timedelta


class Doorkeeper:
    """Counts knocks. One a process, any thread."""

    def __init__(self, url: str) -> None:
        self.redis = OptionalRedis(url)

    def count(self, limit: Limit, subject: str, *, now: float | None = None) -> int:
        """Counts one knock of the subject; seconds until it may come again when it was one too many, else 0.

        now  seconds since 1970 by this process's clock, which decides nothing but when a period ends
        """
        now = time.time() if now is None else now
        every = limit.every.total_seconds()
        period = math.floor(now / every)
        until = (period + 1) * every
        who = hmac.new(code_secret(), f"{limit.name}\0{subject}\0{period}".encode(), hashlib.sha256).digest()
        count = self._by_redis(who, math.ceil(every))
        if count is None:
            count = _by_database(who, until)
        return max(1, math.ceil(until - now)) if count > limit.times else 0

    def _by_redis(self, who: bytes, keep_s: int) -> int | None:
        name = f"relay60:knock:{who.hex()}"
        answers = self.redis.ask(("INCR", name), ("EXPIRE", name, keep_s))
        return int(answers[0]) if answers else None


doorkeeper = Doorkeeper(settings.ENV.redis_url)


def must_not_be_too_often(*knocks: tuple[Limit, str]) -> None:
    """Counts a knock of each subject, in order. Raises TooOften at the first that has come more often than its limit.

    Who is refused counts for nobody after: else one source, knocking on, would close a grid's page to its inhabitants.
    """
    for limit, subject in knocks:
        wait_s = doorkeeper.count(limit, subject)
        if wait_s:
            raise TooOften(wait_s)


def source_of(address: str) -> str:
    """Whom an address stands for: an IPv4 address itself, of an IPv6 one the network that a household is given."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        mapped = found.ipv4_mapped
        return str(mapped) if mapped else str(IPv6Address(int(found) >> _IPV6_PREFIX << _IPV6_PREFIX))
    return str(found)


def forget_knocks() -> int:
    """Removes counts of past periods. How many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM intake_knockcount WHERE until < clock_timestamp()")
        return int(cursor.rowcount)


def _by_database(who: bytes, until_s: float) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [who, until_s])
        return int(cursor.fetchone()[0])
