"""Sends requests at the pace at which they once came, times a speed; counts what becomes of each."""

import queue
import threading
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from demo.replay.posting import Poster
from demo.replay.requests import CityRequest
from demo.replay.tally import Fate, Tally

LINES: Final = 12  # reports under way at once; the gateway answers about as many at a time
PROGRESS_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Target:
    """Where the reports go."""

    base_url: str
    key: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. `behind_s`: how late the newest report was sent, in seconds of now."""

    tally: Tally
    at: datetime | None  # the city's time that the run has come to
    behind_s: float
    worst_behind_s: float


def run(
    requests: Sequence[CityRequest],
    known: Collection[tuple[str, str]],
    target: Target,
    *,
    speed: float,
    stop: threading.Event,
    show: Callable[[Progress], None],
    give_up_after_s: float,
) -> Progress:
    """Sends every request that is not known, and returns when each has its fate.

    requests  by time
    known     (channel, number) of what is in already: not sent again; the pace begins at the first that is sent
    speed     seconds of the city per second of now
    stop      set from outside: nothing more is sent, what is under way is waited for, the rest is counted as not sent
    show      called about once a second
    """
    tally = Tally(len(requests))
    waiting: queue.Queue[CityRequest | None] = queue.Queue(maxsize=LINES)
    lines = [
        threading.Thread(target=_line, args=(waiting, target, tally, stop, give_up_after_s), daemon=True)
        for _ in range(LINES)
    ]
    for line in lines:
        line.start()
    pace = _Pace(speed, stop)
    shown_at = time.monotonic()
    at: datetime | None = None
    for request in requests:
        if request.fault:
            tally.count(Fate.REFUSED, request.fault, f"row {request.row}")
        elif (request.channel, request.number) in known:
            tally.count(Fate.IN_ALREADY)
        elif not pace.wait_for(request.opened_at) or not _put(waiting, request, stop):
            tally.count(Fate.NOT_SENT)
        else:
            pace.sent(request.opened_at)
            at = request.opened_at
        if time.monotonic() - shown_at >= PROGRESS_EVERY_S:
            shown_at = time.monotonic()
            show(Progress(tally, at, pace.behind_s, pace.worst_behind_s))
    for _ in lines:
        waiting.put(None)
    for line in lines:
        line.join()
    return Progress(tally, at, pace.behind_s, pace.worst_behind_s)


class _Pace:
    """When each request is due now, from when it was opened then."""

    def __init__(self, speed: float, stop: threading.Event) -> None:
        self._speed, self._stop = speed, stop
        self._first: tuple[datetime, float] | None = None
        self.behind_s = self.worst_behind_s = 0.0

    def wait_for(self, opened_at: datetime | None) -> bool:
        """Waits until the request is due; False when stopped meanwhile."""
        if opened_at is None or self._stop.is_set():
            return not self._stop.is_set()
        return not self._stop.wait(max(0.0, self._due(opened_at) - time.monotonic()))

    def sent(self, opened_at: datetime | None) -> None:
        """Notes how late a request was handed on."""
        if opened_at is not None:
            self.behind_s = max(0.0, time.monotonic() - self._due(opened_at))
            self.worst_behind_s = max(self.worst_behind_s, self.behind_s)

    def _due(self, opened_at: datetime) -> float:
        if self._first is None:
            self._first = opened_at, time.monotonic()
        began_at, began = self._first
        return began + (opened_at - began_at).total_seconds() / self._speed


def _put(waiting: "queue.Queue[CityRequest | None]", request: CityRequest, stop: threading.Event) -> bool:
    """Hands a request to a free line; False when stopped before one was free."""
    while not stop.is_set():
        try:
            waiting.put(request, timeout=0.2)
        except queue.Full:
            continue
        return True
    return False


def _line(
    waiting: "queue.Queue[CityRequest | None]",
    target: Target,
    tally: Tally,
    stop: threading.Event,
    give_up_after_s: float,
) -> None:
    poster = Poster(target.base_url, target.key, give_up_after_s=give_up_after_s, stop=stop)
    while (request := waiting.get()) is not None:
        posted = poster.post(request.report)
        tally.count(posted.fate, posted.reason, f"row {request.row}, {request.number}")
    poster.close()
