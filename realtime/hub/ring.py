"""The newest facts of a centre, in memory: most cursors and every short stall are answered from here."""

from collections.abc import Iterable, Sequence

from realtime.hub.entry import Entry


class Ring:
    """At least the newest `size` consecutive entries once so many were seen, at most twice that, the newest last."""

    __slots__ = ("_entries", "_size")

    def __init__(self, size: int, entries: Iterable[Entry] = ()) -> None:
        self._size = size
        self._entries: list[Entry] = list(entries)

    def append(self, entry: Entry) -> None:
        """Adds the next fact. The older half goes at once, so that looking up is an index, not a walk."""
        self._entries.append(entry)
        if len(self._entries) >= 2 * self._size:
            del self._entries[: self._size]

    def __len__(self) -> int:
        return len(self._entries)

    def at(self, seq: int) -> Entry | None:
        """The entry at `seq`, if it is held."""
        if not self._entries:
            return None
        place = seq - self._entries[0].seq
        return self._entries[place] if 0 <= place < len(self._entries) else None

    def reaches(self, seq: int) -> bool:
        """Whether every fact after `seq` is held."""
        return bool(self._entries) and seq >= self._entries[0].seq - 1

    def after(self, seq: int) -> Sequence[Entry]:
        """The entries behind `seq`, in order. Call it only where `reaches` says so."""
        return self._entries[max(0, seq + 1 - self._entries[0].seq) :] if self._entries else ()
