"""Runs the periodic duties of `server/duties.py`, one after the other, until told to stop; some beside the others."""

import logging
import signal
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, close_old_connections, connection

from realtime.feed.sign_of_life import beating
from server.duties import DUTIES, Duty

logger = logging.getLogger("worker")
SLOW_S = 10.0
HANGS_S = 900.0  # no duty takes that long: it waits for something that does not come
ENDS_S = 5.0  # for a duty apart; who is killed while it sends has lost nothing


@dataclass(slots=True)
class Turns:
    """Duties that take turns. One that fails is tried again at its next turn; the others go on."""

    duties: Sequence[Duty]
    began: float | None = None  # monotonic: of the duty that runs
    thread: threading.Thread = field(default_factory=threading.current_thread)

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        self.thread = threading.current_thread()
        next_at = {duty.name: 0.0 for duty in self.duties}
        while not stop.is_set():
            for duty in self.duties:
                if time.monotonic() < next_at[duty.name]:
                    continue
                next_at[duty.name] = time.monotonic() + duty.every_s
                self._one(duty)
            stop.wait(max(0.1, min(next_at.values()) - time.monotonic()))

    def lives(self) -> bool:
        """False when its thread has ended, or a duty of it hangs."""
        began = self.began
        return self.thread.is_alive() and (began is None or time.monotonic() - began <= HANGS_S)

    def _one(self, duty: Duty) -> None:
        self.began = began = time.monotonic()
        try:
            close_old_connections()
            handled = duty.run()
        except Exception:
            logger.exception("duty %s failed; tried again in %s s", duty.name, duty.every_s)
            return
        finally:
            self.began = None
        took = time.monotonic() - began
        level = logging.WARNING if took > SLOW_S else logging.DEBUG
        logger.log(level, "duty %s handled %s in %.2f s", duty.name, handled, took)


@dataclass(slots=True)
class Life:
    """Says in the database that the worker lives, by a thread of its own: a duty may take minutes, not hours."""

    turns: Sequence[Turns]

    def mark(self) -> None:
        """One statement; none when a duty hangs. Survives the database."""
        if not all(one.lives() for one in self.turns):
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
    """The duties that take turns in the main thread; each duty apart in a thread of its own."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Loops until SIGTERM or SIGINT."""
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        main = Turns([duty for duty in DUTIES if not duty.apart])
        apart = [Turns([duty]) for duty in DUTIES if duty.apart]
        threads = [threading.Thread(target=one.run, args=(stop,), daemon=True) for one in apart]
        for thread in threads:
            thread.start()
        beating("worker", Life([main, *apart]).mark)
        main.run(stop)
        for thread in threads:
            thread.join(ENDS_S)
