"""Waiting for what a real process does in its own time: looked at often, given up late."""

import threading
import time
from collections.abc import Callable
from typing import Final, TypeVar

DEADLINE_S: Final = 30.0  # generous: two busy cores, and a failing test may take its time
LOOK_EVERY_S: Final = 0.05

T = TypeVar("T")


class DidNotHappen(AssertionError):
    """What was waited for did not come about in time."""


def wait_for(look: Callable[[], T], what: str, *, within_s: float = DEADLINE_S) -> T:
    """The first true answer of `look`. Raises DidNotHappen, with the last answer, after `within_s` seconds."""
    until = time.monotonic() + within_s
    pause = threading.Event()
    while not (answer := look()):
        if time.monotonic() > until:
            raise DidNotHappen(f"{what} did not happen within {within_s:g} s; last seen: {answer!r}")
        pause.wait(LOOK_EVERY_S)
    return answer


def stays(look: Callable[[], bool], what: str, *, for_s: float) -> None:
    """Returns when `look` was true all the time. Raises DidNotHappen at the first look that it is not."""
    until = time.monotonic() + for_s
    pause = threading.Event()
    while time.monotonic() < until:
        if not look():
            raise DidNotHappen(f"{what} did not stay so for {for_s:g} s")
        pause.wait(LOOK_EVERY_S)
