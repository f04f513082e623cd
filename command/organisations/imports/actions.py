"""The writer of lists of units: the good rows, in batches, each batch one action with a fact for each unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction

from command.access import Right
from command.kept import change_of
from command.lists import taking
from command.lists.contract import Sheet
from command.lists.models import TakenList
from command.organisations.administration import unit_card
from command.organisations.facts import UnitChanged
from command.organisations.imports.checks import CheckedUnits, NewRow
from command.units.models import Centre, Unit
from gis.grid.models import Cell
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Command
from realtime.feed.errors import Conflict, Replayed


@dataclass(frozen=True, slots=True)
class Added:
    """A unit that a row became."""

    row: int
    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a list came to. `again`: the command came before, this is what its first answer said."""

    added: list[Added]
    checked: CheckedUnits
    again: bool


def take_in(sheet: Sheet, check: Callable[[Sequence[UUID]], CheckedUnits], *, cmd: Command) -> TakenIn:
    """Adds the units of a list's good rows, batch by batch.

    check   judges the sheet, leaving out of account the units (ids) that this very list has made
    A repeat of the command gets the same answer, and goes on where the first one failed. Raises Forbidden, KeyReused,
    Conflict for a code that was given meanwhile, or a place that ended meanwhile.
    """
    cmd.actor.must(Right.ADMIN_UNITS)
    begun = taking.begin("units", cmd)
    checked = check(tuple(begun.taken.values()))
    for batch, part in taking.batches(taking.waiting(checked.good, begun), cmd):
        try:
            _take_in(batch, begun.id, cmd=part)
        except Replayed:
            continue
        except IntegrityError as error:
            raise Conflict(
                "unit.code_taken", "这份表里有代码刚刚被用掉。", field="file", remedy="请重新试运行，改正后再导入。"
            ) from error
    taking.finish(begun)
    rows = taking.taken_rows(begun.id)
    units = Unit.objects.in_bulk(rows.values())
    added = [Added(row, unit, units[unit].code, units[unit].name) for row, unit in sorted(rows.items())]
    faults = taking.faults_of_the_rest(checked.faults, [entry.row for entry in checked.good], rows)
    return TakenIn(added, replace(checked, faults=tuple(faults)), begun.again)


@transaction.atomic(durable=True)
def _take_in(batch: Sequence[NewRow], list_id: UUID, *, cmd: Command) -> Answer:
    once(cmd)
    # Locked, as for one unit: either an import that ends a cell sees its unit, or this sees that the cell has ended.
    wanted = {row.cell_id for row in batch if row.cell_id is not None}
    cells = Cell.objects.select_for_update(no_key=True).filter(centre_id=cmd.actor.centre_id, valid_until=None)
    if len(cells.filter(pk__in=wanted).order_by("pk").values_list("pk")) != len(wanted):
        raise Conflict("unit.place_ended", "这份表里有辖区刚刚终止。", field="file", remedy="请重新试运行后再导入。")
    TakenList.objects.select_for_update(no_key=True).get(pk=list_id)
    centre = Centre.objects.select_for_update(no_key=True).only("id", "code").get(pk=cmd.actor.centre_id)
    units = Unit.objects.bulk_create(
        Unit(
            id=uuid4(),
            centre=centre,
            code=row.code,
            name=row.name,
            short=row.short,
            kind=row.kind,
            stationing=row.stationing,
            cell_path=row.cell_path,
            version=1,
        )
        for row in batch
    )
    taking.note(list_id, {row.row: unit.pk for row, unit in zip(batch, units, strict=True)})
    by = cmd.actor.principal
    facts = [
        UnitChanged(
            object_id=unit.pk,
            version=1,
            change="added",
            by=by,
            card=unit_card(unit),
        )
        for unit in units
    ]
    return record(cmd, *(change_of(fact, centre.code) for fact in facts), at=clock.at(None))
