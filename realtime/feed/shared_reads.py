"""What many ask for is read once: answers that are counted from the feed, kept in this process while its head stays.

Ten walls that come back at once, or somebody who asks in a loop, cost one reading of the day's facts.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Final, Generic, TypeVar
from uuid import UUID

from realtime.feed.contract import Cursor
from realtime.feed.queries import head

KEPT_S: Final = 60.0  # an answer that says when it was counted is no older, although nothing has happened since

V = TypeVar("V")


@dataclass(slots=True)
class _Kept(Generic[V]):
    """An answer; who finds the lock taken waits for the one that is being read."""

    lock: Lock = field(default_factory=Lock)
    value: V | None = None
    counted: Cursor | None = None  # the head just before it was read: it knows that, and perhaps more
    at: float = 0.0  # monotonic


class SharedReads(Generic[V]):
    """Answers by centre and by what distinguishes them there; the one asked for longest ago is let go.

    rest_s   how old an answer may be though the feed went on meanwhile, in seconds; 0: it knows all that the caller
             can have heard
    most     how many answers are kept
    """

    def __init__(self, *, rest_s: float = 0.0, most: int = 64) -> None:
        self._rest_s, self._most = rest_s, most
        self._kept: OrderedDict[Hashable, _Kept[V]] = OrderedDict()
        self._lock = Lock()

    def get(self, centre_id: UUID, of: Hashable, read: Callable[[], V]) -> V:
        """The answer that is kept, if it is as new as promised; else what `read` gives, once for all who wait.

        One statement, and on a reading one more with those of `read`. Raises what `read` raises, for its caller only.
        """
        asked = head(centre_id)
        kept = self._of((centre_id, of))
        with kept.lock:
            age = monotonic() - kept.at
            if kept.value is not None and kept.counted is not None:
                knows = kept.counted.epoch == asked.epoch and kept.counted.seq >= asked.seq
                if age < self._rest_s or (knows and age < KEPT_S):
                    return kept.value
            counted, at = head(centre_id), monotonic()
            kept.value = read()
            kept.counted, kept.at = counted, at
            return kept.value

    def _of(self, key: Hashable) -> _Kept[V]:
        with self._lock:
            kept = self._kept.setdefault(key, _Kept())
            self._kept.move_to_end(key)
            if len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return kept
