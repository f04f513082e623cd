"""`python -m django timer`: fires what falls due. Stops on SIGTERM or SIGINT after the pass that runs."""

import signal
from typing import Final

from django.core.management.base import BaseCommand

from dispatch.clocks.actions import fire_due
from dispatch.clocks.passes import mark_pass
from dispatch.clocks.timer import Timer

_STOP: Final = frozenset({signal.SIGTERM, signal.SIGINT})


class Command(BaseCommand):
    """Runs the timer until it is told to stop."""

    help = "Fires clocks that fall due, exactly once, within a second."

    def handle(self, *args: object, **options: object) -> None:
        """Runs until a signal comes. Signals are waited for, not handled: none interrupts a pass."""
        signal.pthread_sigmask(signal.SIG_BLOCK, _STOP)
        Timer(fire_due, mark_pass, _told_to_stop).run()


def _told_to_stop(seconds: float) -> bool:
    return signal.sigtimedwait(_STOP, seconds) is not None
