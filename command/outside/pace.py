"""How many messages a way has been given within the last minute, in the memory of the one process that sends.

A gateway that is given more than its contract allows refuses, or drops without a word. Who is started again forgets:
at worst a minute's allowance goes out twice.
"""

import time
from collections import deque
from typing import Final
from uuid import UUID

MINUTE_S: Final = 60.0
_handed: Final[dict[UUID, deque[float]]] = {}


def count(way: UUID) -> None:
    """Counts a message that is being handed over."""
    _handed.setdefault(way, deque()).append(time.monotonic())


def within_the_minute() -> dict[UUID, int]:
    """How many each way was given within the last minute."""
    since = time.monotonic() - MINUTE_S
    for times in _handed.values():
        while times and times[0] <= since:
            times.popleft()
    return {way: len(times) for way, times in _handed.items() if times}
