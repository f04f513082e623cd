"""Who else has an object before their eyes now: kept by Redis alone, for half a minute, and by nobody afterwards.

It says nothing about who has seen what (that are receipts), and makes no fact. Without Redis it is simply not known.
"""

import time
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.conf import settings

from realtime.feed.optional_redis import OptionalRedis

STAYS_S: Final = 25  # a screen says that it still looks every 10 s


class Onlookers:
    """Remembers who looks. One a process, any thread."""

    def __init__(self, url: str) -> None:
        self.redis = OptionalRedis(url)

    def look(self, centre_id: UUID, object_id: UUID, who: str) -> Collection[str] | None:
        """`who` looks at an object now. All the others who do, in a settled order; None while Redis is away."""
        name, now = f"relay60:look:{centre_id}:{object_id}", time.time()
        answers = self.redis.ask(
            ("ZREMRANGEBYSCORE", name, "-inf", now - STAYS_S),
            ("ZADD", name, now, who),
            ("EXPIRE", name, STAYS_S),
            ("ZRANGE", name, 0, -1),
        )
        if answers is None:
            return None
        return sorted({found.decode() for found in answers[-1]} - {who})


onlookers = Onlookers(settings.ENV.redis_url)
