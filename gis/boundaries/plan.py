"""What an import would do to the cells that a centre has: which stay, change, begin and end. Pure.

A row that says what the centre already has leaves the cell untouched, so that importing a file twice does nothing.
A changed cell ends and a new one begins at the same path; a cell that the file leaves out ends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import shapely
from shapely import MultiPolygon

from gis.boundaries import tiling
from gis.boundaries.checks import Row, Survey
from gis.boundaries.faults import Fault, FaultKind
from gis.boundaries.held import HeldCell, HeldGrid
from gis.boundaries.inspection import inspect
from gis.boundaries.map_file import MapFile
from gis.grid.tiers import ORDER, Tier
from realtime.words import Word

SAME_WITHIN_DEG: Final = 1e-9  # a tenth of a millimetre: what a transformation may differ by
_NO_ID: Final = UUID(int=0)
_NO_TIME: Final = datetime(1, 1, 1, tzinfo=UTC)


class Aspect(Word):
    """What of a cell a row changes."""

    NAME = "name", "名称"
    TIER = "tier", "层级"
    BOUNDARY = "boundary", "边界"


@dataclass(frozen=True, slots=True)
class ChangedCell:
    """A cell that ends; a new one takes its path."""

    held: HeldCell
    row: Row
    aspects: tuple[Aspect, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The whole change. `carried` are cells below a changed one that stay as they are, but under its new row.

    stamp  of the cells that the plan was made from: it is worth nothing once they have changed
    """

    unchanged: tuple[HeldCell, ...]
    changed: tuple[ChangedCell, ...]
    begun: tuple[Row, ...]
    ended: tuple[HeldCell, ...]
    carried: tuple[HeldCell, ...]
    faults: tuple[Fault, ...]
    stamp: str

    @property
    def does_nothing(self) -> bool:
        """Whether the centre already has everything that the file says."""
        return not (self.changed or self.begun or self.ended)


def compare(survey: Survey, held: HeldGrid, mapping: MapFile) -> Plan:
    """What the good rows of a survey change.

    Cells whose row is at fault stay as they are; and nothing ends while a bad row doesn't even say its code.
    """
    by_path = {cell.path: cell for cell in held.cells}
    unchanged: list[HeldCell] = []
    changed: list[ChangedCell] = []
    begun: list[Row] = []
    for row in survey.rows:
        cell = by_path.get(row.path)
        if cell is None:
            begun.append(row)
        elif aspects := _aspects(cell, row):
            changed.append(ChangedCell(cell, row, aspects))
        else:
            unchanged.append(cell)
    ended = _ended(survey, held, mapping)
    gone = {cell.path for cell in ended}
    replaced = {change.held.id for change in changed}
    rewritten = {change.held.path for change in changed}
    carried = [
        cell
        for cell in held.cells
        if cell.parent_id in replaced and cell.path not in gone and cell.path not in rewritten
    ]
    faults = [*_left_below(ended, held, gone), *_outside_new_parents(changed, _unnamed(carried, survey), mapping)]
    plan = Plan(tuple(unchanged), tuple(changed), tuple(begun), tuple(ended), tuple(carried), tuple(faults), held.stamp)
    return replace(plan, faults=(*faults, *_beside_others(plan, survey, held, mapping)))


def grid_after(plan: Plan, held: HeldGrid) -> HeldGrid:
    """The grid as it would stand once a plan has been made true. Rows that begin have ids of no meaning."""
    gone = {cell.path for cell in (*plan.ended, *(change.held for change in plan.changed))}
    cells = [cell for cell in held.cells if cell.path not in gone]
    for row in (*plan.begun, *(change.row for change in plan.changed)):
        cells.append(HeldCell(_NO_ID, row.code, row.name, row.tier, row.path, None, row.polygon, _NO_TIME))
    return HeldGrid(tuple(sorted(cells, key=lambda cell: (ORDER.index(cell.tier), cell.path))), held.stamp)


def mixed_parents(survey: Survey, plan: Plan, held: HeldGrid) -> frozenset[str]:
    """Paths of parents below which rows of the file lie beside cells that stay without one."""
    named = {row.path for row in survey.rows}
    parents = {row.parent_path for row in survey.rows}
    return frozenset(
        parent
        for cell in grid_after(plan, held).cells
        if cell.path not in named and (parent := cell.path.rpartition("/")[0]) in parents
    )


def _beside_others(plan: Plan, survey: Survey, held: HeldGrid, mapping: MapFile) -> Iterable[Fault]:
    """What `check-grid` would say of the grid afterwards and not of the one before, where the survey couldn't look."""
    parents = mixed_parents(survey, plan, held)
    if not parents:
        return ()
    known = {(fault.code, fault.kind, fault.why) for fault in inspect(held, mapping.tolerances, below=parents)}
    after = inspect(grid_after(plan, held), mapping.tolerances, below=parents)
    return [fault for fault in after if (fault.code, fault.kind, fault.why) not in known]


def _unnamed(cells: Iterable[HeldCell], survey: Survey) -> list[HeldCell]:
    """Those that the file has no row for: the survey has judged the others already."""
    named = {row.path for row in survey.rows}
    return [cell for cell in cells if cell.path not in named]


def _aspects(cell: HeldCell, row: Row) -> tuple[Aspect, ...]:
    differs = {
        Aspect.NAME: cell.name != row.name,
        Aspect.TIER: cell.tier is not row.tier,
        Aspect.BOUNDARY: not _same_area(cell.polygon, row.polygon),
    }
    return tuple(aspect for aspect, is_so in differs.items() if is_so)


def _same_area(first: MultiPolygon, second: MultiPolygon) -> bool:
    """Whether both are the same ground: a corner more on a straight edge is no other boundary."""
    if shapely.equals_exact(first, second, SAME_WITHIN_DEG):
        return True
    strip = SAME_WITHIN_DEG * first.length
    return abs(first.area - second.area) <= strip and first.symmetric_difference(second).area <= strip


def _ended(survey: Survey, held: HeldGrid, mapping: MapFile) -> list[HeldCell]:
    """Cells of the file's tiers, below the parents that it covers, that it leaves out."""
    bad = [fault for fault in survey.faults if fault.blocks]
    if any(fault.code is None for fault in bad):
        return []
    spared = {fault.code for fault in bad}
    tiers = {row.tier for row in survey.rows} - {Tier.DISTRICT}
    parents = {row.parent_path for row in survey.rows}
    named = {row.path for row in survey.rows}
    return [
        cell
        for cell in held.cells
        if cell.tier in tiers
        and cell.path not in named
        and not spared.intersection(cell.path.split("/"))
        and (mapping.covers == "centre" or cell.path.rpartition("/")[0] in parents)
    ]


def _left_below(ended: Sequence[HeldCell], held: HeldGrid, gone: set[str]) -> Iterable[Fault]:
    for cell in ended:
        below = [other for other in held.cells if other.path.startswith(f"{cell.path}/") and other.path not in gone]
        if below:
            yield Fault(
                number=None,
                code=cell.code,
                field="code",
                kind=FaultKind.STILL_HAS_CHILDREN,
                why=f"{cell.name} 将终止，但其下还有 {len(below)} 个网格不在文件里（如 {below[0].name}）。",
                remedy="把这些下级一并放进文件（归入新的上级），或保留这个网格。",
                where=cell.polygon,
            )


def _outside_new_parents(
    changed: Sequence[ChangedCell], carried: Sequence[HeldCell], mapping: MapFile
) -> Iterable[Fault]:
    """Cells that the file does not name stay below a changed parent: they must still lie in it."""
    parents = {change.held.id: change for change in changed if Aspect.BOUNDARY in change.aspects}
    for cell in carried:
        change = parents.get(cell.parent_id) if cell.parent_id is not None else None
        if change is None:
            continue
        pieces = tiling.outside(change.row.polygon, cell.polygon, over_m2=mapping.tolerances.outside_m2)
        if pieces:
            yield Fault(
                number=change.row.number,
                code=change.row.code,
                field="geometry",
                kind=FaultKind.LEAVES_PARENT,
                why=f"新边界不再包住现有下级 {cell.name}（{cell.code}），差 {pieces[0].area_m2:,.1f} 平方米。",
                remedy="把下级的新边界放进同一个文件一起导入。",
                where=pieces[0].where,
            )


def by_tier(cells: Iterable[HeldCell | Row]) -> dict[Tier, int]:
    """How many of each tier, coarse first; tiers without any are left out."""
    counts = dict.fromkeys(ORDER, 0)
    for cell in cells:
        counts[cell.tier] += 1
    return {tier: count for tier, count in counts.items() if count}
