"""Runs the periodic duties of `server/duties.py`, one after the other, until told to stop."""

import logging
import signal
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from realtime.feed.sign_of_life import beating
from server.duties import DUTIES

logger = logging.getLogger("worker")
SLOW_S = 10.0
HANGS_S = 900.0  # no duty takes that long: it waits for something that does not come


@dataclass(slots=True)
class Life:
    """Says in the database that the worker lives, by a thread of its own: a duty may take minutes, not hours."""

    began: float | None = None  # monotonic: of the duty that runs

    def mark(self) -> None:
        """One statement; none when a duty hangs. Survives the database."""
        if self.began is not None and time.monotonic() - self.began > HANGS_S:
            return
        try:
            with connection.cursor() as cursor:
                cursor.execute(
                    "INSERT INTO feed_pass (name, at) VALUES ('worker', clock_timestamp())"
                    " ON CONFLICT (name) DO UPDATE SET at = excluded.at"
                )
        except DatabaseError as error:
            logger.warning("the worker's sign of life was not written: %s", error)
            connection.close()


class Command(BaseCommand):
    """One duty that fails is tried again at its next turn; the others go on."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Loops until SIGTERM or SIGINT."""
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        life = Life()
        beating("worker", life.mark)
        next_at = {duty.name: 0.0 for duty in DUTIES}
        while not stop.is_set():
            for duty in DUTIES:
                if time.monotonic() < next_at[duty.name]:
                    continue
                next_at[duty.name] = time.monotonic() + duty.every_s
                began = time.monotonic()
                life.began = began
                try:
                    close_old_connections()
                    handled = duty.run()
                except Exception:
                    logger.exception("duty %s failed; tried again in %s s", duty.name, duty.every_s)
                    continue
                finally:
                    life.began = None
                took = time.monotonic() - began
                level = logging.WARNING if took > SLOW_S else logging.DEBUG
                logger.log(level, "duty %s handled %s in %.2f s", duty.name, handled, took)
            stop.wait(max(0.1, min(next_at.values()) - time.monotonic()))
