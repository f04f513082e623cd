"""Runs the periodic duties of `server/duties.py`, one after the other, until told to stop."""

import logging
import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from server.duties import DUTIES

logger = logging.getLogger("worker")
SLOW_S = 10.0


class Command(BaseCommand):
    """One duty that fails is tried again at its next turn; the others go on."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Loops until SIGTERM or SIGINT."""
        stop = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: stop.set())
        next_at = {duty.name: 0.0 for duty in DUTIES}
        while not stop.is_set():
            for duty in DUTIES:
                if time.monotonic() < next_at[duty.name]:
                    continue
                next_at[duty.name] = time.monotonic() + duty.every_s
                began = time.monotonic()
                try:
                    close_old_connections()
                    handled = duty.run()
                except Exception:
                    logger.exception("duty %s failed; tried again in %s s", duty.name, duty.every_s)
                    continue
                took = time.monotonic() - began
                level = logging.WARNING if took > SLOW_S else logging.DEBUG
                logger.log(level, "duty %s handled %s in %.2f s", duty.name, handled, took)
            stop.wait(max(0.1, min(next_at.values()) - time.monotonic()))
