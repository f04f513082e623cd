"""The timer's loop: fire what is due, say that the pass is complete, wait a moment. Survives the database."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import InterfaceError, OperationalError, connection

log = logging.getLogger(__name__)

PAUSE_S: Final = 0.2  # a due row waits for a fifth of a second at most; a pass without work costs two statements
MARK_EVERY_S: Final = 0.5  # beats are red when the last completed pass is 10 s old
AFTER_FAILURE_S: Final = 1.0
STEP_S: Final = 2.0  # a wall clock that jumped further than this may not breach anything by itself
SAY_AGAIN_S: Final = 60.0


@dataclass(slots=True)
class Timer:
    """One per installation is enough; two do no harm (locked issues are skipped, claimed rows are claimed once).

    fire            one pass of firing; how many rows it fired
    mark            says that a pass is complete
    told_to_stop    waits for so many seconds, less when told to stop; whether it was
    wall            the wall clock that dues are judged by, in seconds
    say_stepped     says to the actions whether that clock stepped: first thing, and when it does

    A wall clock that stepped against the monotonic one stops the firing: clocks would breach, or be spared, by a
    machine's mistake. No pass is marked then, so every screen says that the timer stands, and an action that would fire
    something is refused. Restarting the timer confirms the time.
    """

    fire: Callable[[], int]
    mark: Callable[[], None]
    told_to_stop: Callable[[float], bool]
    wall: Callable[[], float]
    say_stepped: Callable[[bool], None]
    _marked_at: float = float("-inf")  # monotonic
    _last: tuple[float, float, float] | None = None  # monotonic before, wall, monotonic after
    _stepped: bool = False
    _said: bool | None = None  # what the actions were told last
    _said_at: float = float("-inf")  # monotonic

    def run(self) -> None:
        """Passes until told to stop; what a pass has begun it finishes."""
        while not self.told_to_stop(self.one_pass()):
            pass

    def one_pass(self) -> float:
        """Fires and marks. How long to wait before the next pass, in seconds: not at all while there is work."""
        try:
            stepped = self._clock_stepped()
            if stepped is not self._said:
                self.say_stepped(stepped)
                self._said = stepped
            if stepped:
                return AFTER_FAILURE_S
            fired = self.fire()
            if fired or time.monotonic() - self._marked_at >= MARK_EVERY_S:
                self.mark()
                self._marked_at = time.monotonic()
        except (OperationalError, InterfaceError) as error:
            log.warning("the pass was not completed: %s", error)
            connection.close()  # the next pass takes a connection that works, as soon as there is one
            return AFTER_FAILURE_S
        except Exception:
            log.exception("the pass was not completed")
            return AFTER_FAILURE_S
        return 0.0 if fired else PAUSE_S

    def _clock_stepped(self) -> bool:
        """Whether the wall clock ever jumped while this timer ran. Read between two looks at the monotonic clock."""
        before = time.monotonic()
        wall = self.wall()
        after = time.monotonic()
        if self._last is not None and not self._stepped:
            last_before, last_wall, last_after = self._last
            least, most = before - last_after, after - last_before
            self._stepped = not least - STEP_S <= wall - last_wall <= most + STEP_S
        self._last = (before, wall, after)
        if self._stepped and before - self._said_at >= SAY_AGAIN_S:
            self._said_at = before
            log.critical("the wall clock stepped: nothing is fired until the timer is restarted (docs/runbook.md)")
        return self._stepped
