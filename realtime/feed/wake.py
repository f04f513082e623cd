"""Rings after a commit: «centre C reaches (epoch, seq)». A ring that is lost costs delay, never data."""

from typing import Final
from uuid import UUID

from django.conf import settings

from realtime.feed.optional_redis import OptionalRedis

CHANNEL: Final = "relay60:wake"


class Bell:
    """Publishes wake-ups. One a process, any thread."""

    def __init__(self, url: str) -> None:
        self.redis = OptionalRedis(url)

    def ring(self, centre_id: UUID, epoch: int, seq: int) -> bool:
        """Publishes «centre epoch seq»; False when Redis was not reached or is being left alone. Never raises."""
        return self.redis.ask(("PUBLISH", CHANNEL, f"{centre_id} {epoch} {seq}")) is not None


bell = Bell(settings.ENV.redis_url)
