"""Rings after a commit: «centre C reaches (epoch, seq)». A ring that is lost costs delay, never data.

Redis may be stopped or hung: one publish may take 50 ms at most, and after a failure none is tried for five seconds,
so that a hung Redis cannot slow commands down.
"""

import threading
import time
from typing import Final
from uuid import UUID

import redis
from django.conf import settings

CHANNEL: Final = "relay60:wake"
PUBLISH_TIMEOUT_S: Final = 0.05
BREAK_S: Final = 5.0


class Bell:
    """Publishes wake-ups; open circuit after a failure. One a process, any thread."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(
            url, socket_timeout=PUBLISH_TIMEOUT_S, socket_connect_timeout=PUBLISH_TIMEOUT_S, retry=None
        )
        self._lock = threading.Lock()
        self._silent_until = 0.0  # monotonic

    def ring(self, centre_id: UUID, epoch: int, seq: int) -> bool:
        """Publishes «centre epoch seq»; False when Redis was not reached or is being left alone. Never raises."""
        if time.monotonic() < self._silent_until:
            return False
        try:
            self._client.publish(CHANNEL, f"{centre_id} {epoch} {seq}")
        except (redis.RedisError, OSError):
            with self._lock:
                self._silent_until = time.monotonic() + BREAK_S
            return False
        return True


bell = Bell(settings.ENV.redis_url)
