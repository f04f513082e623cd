"""The writer of lists of shifts: the good rows, in batches, each one action with a fact for each unit."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.db import transaction

from command.access import Right
from command.duty.actions import held, lock, put
from command.duty.changes import Changes
from command.duty.imports.checks import CheckedShifts, NewShift
from command.lists import taking
from command.lists.contract import Sheet
from command.lists.models import TakenList
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Replayed


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a list came to: how many shifts. `again`: the command came before, this is what its first answer said."""

    shifts: int
    checked: CheckedShifts
    again: bool


def take_in(sheet: Sheet, check: Callable[[Sequence[UUID]], CheckedShifts], *, cmd: Command) -> TakenIn:
    """Adds the shifts of a list's good rows, batch by batch.

    check   judges the sheet, leaving out of account the shifts (ids) that this very list has made
    A repeat of the command gets the same answer, and goes on where the first one failed. Raises Forbidden,
    KeyReused, and as a change of a roster where something was changed meanwhile.
    """
    cmd.actor.must(Right.ADMIN_UNITS)
    begun = taking.begin("rosters", cmd)
    checked = check(tuple(begun.taken.values()))
    for batch, part in taking.batches(taking.waiting(checked.good, begun), cmd):
        try:
            _take_in(batch, begun.id, cmd=part)
        except Replayed:
            continue
    taking.finish(begun)
    rows = taking.taken_rows(begun.id)
    faults = taking.faults_of_the_rest(checked.faults, [entry.row for entry in checked.good], rows)
    return TakenIn(len(rows), replace(checked, faults=tuple(faults)), begun.again)


@transaction.atomic(durable=True)
def _take_in(batch: Sequence[NewShift], list_id: UUID, *, cmd: Command) -> Answer:
    once(cmd)
    TakenList.objects.select_for_update(no_key=True).get(pk=list_id)
    by_unit: dict[UUID, list[NewShift]] = defaultdict(list)
    for one in batch:
        by_unit[one.unit_id].append(one)
    units = [held(unit_id, cmd) for unit_id in sorted(by_unit)]  # in one order: two lists at once wait, and go on
    at = clock.at(None)
    facts = []
    for unit in units:
        rows = by_unit[unit.pk]
        asked = Changes(dated=tuple(one.shift for one in rows))
        fact, made = put(lock(unit), unit, asked, at, by=cmd.actor.principal)
        taking.note(list_id, {one.row: key for one, key in zip(rows, made, strict=True)})
        facts.append(fact)
    return record(cmd, *facts, at=at)
