"""Facts of a past that is recorded behind the present: kept, chained and read like any other, and sent to no screen.

What happened before a centre worked here is no news to those who look at it now. Its facts say `past` beside their
audience, so that gateways and the marks of what is new pass them over. They go into the feed together, at the end of
the block: the centre's head is held for that one message, and no longer.
"""

import builtins
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from realtime.feed.contract import Change
from realtime.feed.statements import Statement, ask
from realtime.feed.wake import bell


@dataclass(frozen=True, slots=True)
class KeptFact:
    """A fact that has no position yet."""

    change: Change
    at: datetime
    bytes: builtins.bytes
    audience: builtins.bytes


@dataclass(slots=True)
class _Kept:
    appends: list[Statement] = field(default_factory=list)
    facts: list[KeptFact] = field(default_factory=list)


_recording: Final[ContextVar[_Kept | None]] = ContextVar("past_facts", default=None)


def is_past() -> bool:
    """Whether what is recorded now is of a past."""
    return _recording.get() is not None


def keep_back(writes: Sequence[Statement], append: Statement, facts: Iterable[KeptFact]) -> None:
    """Writes an action's rows now, and its facts at the end of the block. One round trip, none without rows."""
    kept = _recording.get()
    assert kept is not None
    if writes:
        ask(writes)
    kept.appends.append(append)
    kept.facts += facts


def kept_back(object_ids: Collection[UUID]) -> list[KeptFact]:
    """The facts about some objects that this block has recorded and the feed does not hold yet, in their order."""
    kept = _recording.get()
    return [fact for fact in kept.facts if fact.change.fact.object_id in object_ids] if kept else []


@contextmanager
def recorded_as_past(centre_id: UUID) -> Iterator[None]:
    """Actions of a block are of a centre's past; each still checks what it always checks.

    All of them are one transaction, which the caller has begun by turning autocommit off: actions are durable, and
    each becomes a savepoint of it. Their facts are appended in their order as the block ends, and gateways are rung
    after the commit. What they answered, their keys have then. Raises ValueError where autocommit is on.
    """
    if connection.get_autocommit():
        raise ValueError("a past is recorded in a transaction of its own")
    kept = _Kept()
    before = _recording.set(kept)
    try:
        yield
    finally:
        _recording.reset(before)
    if kept.appends:
        with transaction.atomic():
            *_, [(epoch, last_seq, _)] = ask([("SET CONSTRAINTS ALL IMMEDIATE", ()), *kept.appends])
            transaction.on_commit(partial(bell.ring, centre_id, epoch, last_seq), robust=True)
