"""What became of every row. Nothing is ever just missing: the table at the end adds up to the file. Pure."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum


class Fate(StrEnum):
    """What became of one row."""

    IN = "in"
    IN_ALREADY = "in already"  # by an earlier run, or by the source itself
    REFUSED = "refused"
    UNANSWERED = "unanswered"  # asked again and again, until given up; a later run asks again
    NOT_SENT = "not sent"  # the run was stopped before; a later run sends it


@dataclass(slots=True)
class Tally:
    """Counts fates as they come, from any thread."""

    rows: int
    _fates: Counter[Fate] = field(default_factory=Counter)
    _reasons: Counter[tuple[Fate, str]] = field(default_factory=Counter)
    _examples: dict[tuple[Fate, str], str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, fate: Fate, reason: str = "", example: str = "") -> None:
        """One more row of this fate; the first of each reason is kept as its example."""
        with self._lock:
            self._fates[fate] += 1
            if reason:
                self._reasons[fate, reason] += 1
                self._examples.setdefault((fate, reason), example)

    def of(self, fate: Fate) -> int:
        """How many rows so far."""
        return self._fates[fate]

    @property
    def answered(self) -> int:
        """How many rows have a fate so far."""
        return sum(self._fates.values())

    @property
    def adds_up(self) -> bool:
        """Whether every row has exactly one fate."""
        return self.answered == self.rows

    def lines(self) -> Iterator[str]:
        """The table: fates, then why."""
        for fate in Fate:
            yield f"  {fate.value:<12} {self._fates[fate]:>8,}"
            for (of, reason), number in sorted(self._reasons.items(), key=lambda each: -each[1]):
                if of is fate:
                    yield f"    {number:>8,}  {reason}  (first: {self._examples[of, reason]})"
        verdict = "every row" if self.adds_up else f"{self.rows - self.answered} ROWS ARE MISSING"
        yield f"  {'together':<12} {self.answered:>8,}  of {self.rows:,}: {verdict}"
