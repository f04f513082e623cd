"""Redis as what it is here: something that may be stopped or hung at any moment.

A call may take 50 ms at most, unless its asker has more time, and after a failure none is tried for five seconds, so
that a hung Redis slows nobody down.
"""

import threading
import time
from typing import Any, Final

import redis

TIMEOUT_S: Final = 0.05
BREAK_S: Final = 5.0


class OptionalRedis:
    """Asks Redis while it is there. One a process and purpose, any thread."""

    def __init__(self, url: str, *, timeout_s: float = TIMEOUT_S) -> None:
        self._client = redis.Redis.from_url(url, socket_timeout=timeout_s, socket_connect_timeout=timeout_s, retry=None)
        self._lock = threading.Lock()
        self.silent_until = 0.0  # monotonic

    def ask(self, *calls: tuple[Any, ...]) -> list[Any] | None:
        """The answers to some commands, carried out together, such as `("INCR", name)`. Never raises.

        None when Redis was not reached, or is being left alone.
        """
        if time.monotonic() < self.silent_until:
            return None
        try:
            with self._client.pipeline(transaction=len(calls) > 1) as pipe:
                for call in calls:
                    pipe.execute_command(*call)  # type: ignore[no-untyped-call]
                return pipe.execute()
        except (redis.RedisError, OSError):
            with self._lock:
                self.silent_until = time.monotonic() + BREAK_S
            return None
