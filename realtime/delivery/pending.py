"""Which addressed facts still wait for their first delivery or drawing. Pure; one per centre and process."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Mark:
    """An addressed fact that one of its addressee's devices has received, or also drawn."""

    seq: int
    device_id: UUID
    displayed: bool


@dataclass(slots=True)
class Waiting:
    """How far one addressed fact is known to have come, marks under way included."""

    delivered: bool = False
    displayed: bool = False


class PendingReceipts:
    """Addressed facts by token, and the marks that devices have brought since the last batch."""

    def __init__(self) -> None:
        self._by_token: dict[str, dict[int, Waiting]] = {}
        self._token_of: dict[int, str] = {}
        self._marks: dict[int, Mark] = {}

    def addressed(self, seq: int, token: str, *, delivered: bool = False) -> None:
        """A fact addressed to `token` waits."""
        if seq not in self._token_of:
            self._token_of[seq] = token
            self._by_token.setdefault(token, {})[seq] = Waiting(delivered=delivered)

    def settled(self, seq: int, *, displayed: bool) -> None:
        """The feed says that it was delivered (displayed): by whichever gateway."""
        token = self._token_of.get(seq)
        if token is None:
            return
        waiting = self._by_token[token][seq]
        waiting.delivered = True
        mark = self._marks.get(seq)
        if mark is not None and (displayed or not mark.displayed):
            del self._marks[seq]
        if displayed:
            del self._by_token[token][seq], self._token_of[seq]
            if not self._by_token[token]:
                del self._by_token[token]

    def seen(self, tokens: Iterable[str], device_id: UUID, through: int, displayed: int) -> None:
        """A device of the holder of `tokens` stands at (through, displayed): marks what is new by that."""
        for token in tokens:
            for seq, waiting in self._by_token.get(token, {}).items():
                if seq > through:
                    continue
                if seq <= displayed:
                    if not waiting.displayed:
                        waiting.delivered = waiting.displayed = True
                        self._mark(Mark(seq, device_id, displayed=True))
                elif not waiting.delivered:
                    waiting.delivered = True
                    self._mark(Mark(seq, device_id, displayed=False))

    def _mark(self, mark: Mark) -> None:
        earlier = self._marks.get(mark.seq)
        # The device that had it first stays the one that delivered it; a drawing in the same second is added to it.
        self._marks[mark.seq] = replace(earlier, displayed=True) if earlier else mark

    def take(self, limit: int) -> list[Mark]:
        """At most `limit` marks, the oldest facts first; they are the caller's now."""
        taken = [self._marks[seq] for seq in sorted(self._marks)[:limit]]
        for mark in taken:
            del self._marks[mark.seq]
        return taken

    def give_back(self, marks: Sequence[Mark]) -> None:
        """Marks that could not be recorded: the next batch takes them."""
        for mark in marks:
            if mark.seq in self._token_of:
                later = self._marks.get(mark.seq)
                self._marks[mark.seq] = replace(
                    mark, displayed=mark.displayed or (later is not None and later.displayed)
                )
