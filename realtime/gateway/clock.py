"""The database's time between two reads of it: what frames call `server_time`.

Screens compare it with `verified_at` and `timer_at`, which PostgreSQL's clock made; the process's own clock may differ.
"""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


class ServerClock:
    """PostgreSQL's clock as last read, carried on by the monotonic clock; the process's own until the first read."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._read_at = monotonic()
        self._reading = datetime.now(UTC)
        self.verified_at: datetime | None = None  # the database's time at the last successful read of the head
        self.verified_mono: float | None = None

    def verified(self, reading: datetime) -> None:
        """Takes a reading that came with a successful read of the head."""
        self._read_at = self._monotonic()
        self._reading = self.verified_at = reading
        self.verified_mono = self._read_at

    def now(self) -> datetime:
        """The time now, UTC."""
        return self._reading + timedelta(seconds=self._monotonic() - self._read_at)

    def age_s(self) -> float | None:
        """Seconds since the last successful read; None before the first."""
        return None if self.verified_mono is None else self._monotonic() - self.verified_mono
