"""A list is taken in by batches, each a transaction; the list itself remembers which rows are in.

So a repeat of the command, after an answer that was lost or a failure half-way, goes on where the first one stopped and
tells the same. What a finished list left out stays out: another command takes it.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar
from uuid import UUID

from django.db import connection, transaction

from command.lists.contract import Fault
from command.lists.models import TakenList, TakenRow
from realtime.feed import clock
from realtime.feed.actions import key_reused, must_be_a_key
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION, Command

BATCH: Final = MAX_FACTS_PER_TRANSACTION - 1  # a fact for each, and one for the batch
MAX_KEY_CHARS: Final = 200  # a batch's own key is longer


class HasRow(Protocol):
    """A good row of a list."""

    @property
    def row(self) -> int:
        """Its number as the spreadsheet shows it."""


E = TypeVar("E", bound=HasRow)


@dataclass(frozen=True, slots=True)
class Begun:
    """A list as this command finds it: ids of what its rows became. `again`: the command came before."""

    id: UUID
    taken: Mapping[int, UUID]
    again: bool
    finished: bool


@transaction.atomic(durable=True)
def begin(kind: str, cmd: Command) -> Begun:
    """The list of this command, new or as it stands. Raises KeyReused; Invalid for a malformed key."""
    must_be_a_key(cmd.key, MAX_KEY_CHARS)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO lists_takenlist (id, centre_id, kind, by, key, body_hash, begun_at)"
            " VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, clock_timestamp()) ON CONFLICT (by, key) DO NOTHING",
            [cmd.actor.centre_id, kind, cmd.actor.principal, cmd.key, cmd.body_hash],
        )
        again = cursor.rowcount == 0
    found = TakenList.objects.get(by=cmd.actor.principal, key=cmd.key)
    if bytes(found.body_hash) != cmd.body_hash or found.kind != kind:
        raise key_reused()
    return Begun(found.pk, taken_rows(found.pk), again, found.finished_at is not None)


def taken_rows(list_id: UUID) -> dict[int, UUID]:
    """What rows of a list became. One statement."""
    return dict(TakenRow.objects.filter(list_id=list_id).values_list("row", "object_id"))


def waiting(entries: Sequence[E], begun: Begun) -> Sequence[E]:
    """The good rows that are still to be taken: none of a list that was finished."""
    return [] if begun.finished else [entry for entry in entries if entry.row not in begun.taken]


def batches(entries: Sequence[E], cmd: Command) -> Iterator[tuple[Sequence[E], Command]]:
    """Good rows, so many at a time, each with the command that takes them: its key ends in the first row's number."""
    for begin_at in range(0, len(entries), BATCH):
        batch = entries[begin_at : begin_at + BATCH]
        digest = hashlib.sha256(cmd.body_hash + str(batch[0].row).encode()).digest()
        yield batch, Command(cmd.actor, f"{cmd.key}#{batch[0].row}", digest)


def note(list_id: UUID, objects: Mapping[int, UUID]) -> None:
    """Remembers what rows have become, in the transaction that made it."""
    TakenRow.objects.bulk_create(TakenRow(list_id=list_id, row=row, object_id=made) for row, made in objects.items())


def faults_of_the_rest(faults: Sequence[Fault], good: Sequence[int], taken: Mapping[int, UUID]) -> list[Fault]:
    """The faults of the rows that are not in yet. A fault that arose after its row was taken does not count."""
    late = [
        Fault(row, "整行", "首次导入时这一行有误，没有导入。", "现在已无误，请重新上传。")
        for row in good
        if row not in taken
    ]
    return sorted([*(fault for fault in faults if fault.row not in taken), *late], key=lambda fault: fault.row)


def finish(begun: Begun) -> None:
    """All good rows are in: from now on the list takes nothing more."""
    if not begun.finished:
        TakenList.objects.filter(pk=begun.id, finished_at=None).update(finished_at=clock.at(None))
