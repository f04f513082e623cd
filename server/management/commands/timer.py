"""`python -m django timer`: fires what falls due. Stops on SIGTERM or SIGINT after the pass that runs."""

import gc
import signal
import threading
from typing import Final

from django.core.management.base import BaseCommand

from dispatch.matter.call_law.ringing import ring_due
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clock_law.timer import Timer
from dispatch.matter.clocks.passes import mark_pass, say_stepped, wall_clock
from realtime.feed.sign_of_life import beating

_STOP: Final = (signal.SIGTERM, signal.SIGINT)


class Command(BaseCommand):
    """Runs the timer until it is told to stop."""

    help = "Fires clocks that fall due, exactly once, within a second, and calls whom nobody answered for in time."

    def handle(self, *args: object, **options: object) -> None:
        """Runs until a signal comes. A signal only says so: none interrupts a pass.

        Not `sigtimedwait`: a process that was stopped and goes on (SIGSTOP, SIGCONT) past its wait is answered there as
        if a signal had come, and a hung timer that came back would end instead.
        """
        gc.freeze()  # what a batch leaves behind is mostly freed without it: a quarter of the firing
        gc.set_threshold(50_000, 20, 100)
        beating("timer")
        told = threading.Event()
        for name in _STOP:
            signal.signal(name, lambda *_: told.set())
        Timer(lambda: fire_due() + ring_due(), mark_pass, told.wait, wall_clock, say_stepped).run()
