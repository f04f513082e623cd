"""An import from file to report: read, judge, compare, and, when told to, take over."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from uuid import UUID

import shapely

from gis.boundaries import actions, queries
from gis.boundaries.actions import Origin
from gis.boundaries.checks import Root, Survey, survey
from gis.boundaries.faults import Fault, FaultKind, ImportRefused
from gis.boundaries.held import HeldGrid
from gis.boundaries.map_file import MapFile, read_map_file
from gis.boundaries.plan import Plan, compare, mixed_parents
from gis.boundaries.reading import SourceFile, read_boundaries
from gis.boundaries.surroundings import Surroundings
from gis.grid.tiers import Tier


@dataclass(frozen=True, slots=True)
class ImportInto:
    """The centre that is imported into: its id, and code and name of its district."""

    id: UUID
    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the operator wants. The default is a dry run.

    skip_bad     rows at fault are left out, the others go in
    accept_gaps  ground without a cell is meant (an enclave, a lake)
    move_issues  open issues in cells that end for good are moved, by facts
    valid_from   None: now
    """

    repair: bool = False
    apply: bool = False
    skip_bad: bool = False
    accept_gaps: bool = False
    move_issues: bool = False
    valid_from: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found, and whether it took the rows over. `refused` says why not, when it was asked to.

    orphans  open issues in cells that the file would end for good
    posts    posts that are responsible for such cells, by unit: they stand in the way
    moved    open issues that were moved out of cells that ended
    """

    source: SourceFile
    survey: Survey
    plan: Plan
    took_over: bool
    refused: ImportRefused | None
    orphans: int = 0
    moved: int = 0
    posts: Mapping[str, int] = field(default_factory=dict)
    units: Sequence[str] = ()

    @property
    def faults(self) -> Sequence[Fault]:
        """Everything wrong with the rows and with what they would leave behind."""
        return (*self.survey.faults, *self.plan.faults)


def run_import(
    file: Path, map_path: Path, centre: ImportInto, wishes: Wishes, *, surroundings: Surroundings
) -> Outcome:
    """Reads, judges and compares a boundary file; takes it over when wished and nothing stands against it.

    Raises ImportRefused when file or map file can't be used at all. A refusal after the judgement is in the outcome,
    so that its report can still be drawn. Costs three statements per tier for a dry run.
    """
    mapping = read_map_file(map_path)
    held = queries.held_grid(centre.id)
    source = read_boundaries(file, mapping)
    district = held.district
    if district is None:
        _refuse_without_district(mapping)
    root = Root(centre.code, centre.name, district.polygon if district else None)
    try:
        found = survey(
            source, mapping, holders=held.by_code(), root=root, repair=wishes.repair, skip_bad=wishes.skip_bad
        )
        plan = compare(found, held, mapping)
    except shapely.GEOSException as error:
        raise ImportRefused(
            f"{file.name} 的边界无法计算（{error}）。", "用 GIS 软件检查并修复几何后重新导出。"
        ) from None
    found = _without_gaps_that_others_fill(found, plan, held)
    orphans, posts = actions.orphans_of(plan, surroundings), actions.posts_of(plan, surroundings)
    units = actions.units_of(centre.id, plan, surroundings)
    if not wishes.apply:
        return Outcome(source, found, plan, False, None, orphans, posts=posts, units=units)
    moved = 0
    try:
        _refuse(found, plan, wishes)
        if not plan.does_nothing:
            origin = Origin(
                source,
                hashlib.sha256(file.read_bytes()).digest(),
                map_path.read_text(encoding="utf-8"),
                found.bad_features,
            )
            actions.take_over(
                centre.id,
                plan,
                origin=origin,
                valid_from=wishes.valid_from,
                surroundings=surroundings,
                move_issues=wishes.move_issues,
            )
        moved = surroundings.cells_ended(centre.id)  # also what an import that was cut off here left behind
    except ImportRefused as refused:
        return Outcome(source, found, plan, False, refused, orphans, posts=posts, units=units)
    return Outcome(source, found, plan, True, None, orphans, moved)


def _without_gaps_that_others_fill(found: Survey, plan: Plan, held: HeldGrid) -> Survey:
    """The survey knows the file's rows only: below a parent that keeps other cells, the plan has told the gaps."""
    mixed = {path.rpartition("/")[2] for path in mixed_parents(found, plan, held)}
    faults = [fault for fault in found.faults if not (fault.kind is FaultKind.GAP and fault.code in mixed)]
    return replace(found, faults=tuple(faults))


def _refuse(found: Survey, plan: Plan, wishes: Wishes) -> None:
    blocking = [fault for fault in found.faults if fault.blocks]
    gaps = [fault for fault in (*found.faults, *plan.faults) if fault.kind is FaultKind.GAP]
    if standing := [fault for fault in plan.faults if fault.blocks]:
        raise ImportRefused(
            f"有 {len(standing)} 处与留下的现有网格不合（重叠、超出上级或失去上级），什么也没有写入。",
            "按清单补全文件后重试。",
        )
    if blocking and not wishes.skip_bad:
        raise ImportRefused(
            f"有 {found.bad_features} 个要素有错，什么也没有写入。", "改正后重试；或加 --skip-bad 只导入没有错的行。"
        )
    if gaps and not wishes.accept_gaps:
        left = "有错的行略去后，" if wishes.skip_bad and blocking else ""
        raise ImportRefused(
            f"{left}有 {len(gaps)} 处缺口，什么也没有写入。", "补画后重试；若缺口属实（飞地、水面），加 --accept-gaps。"
        )
    if not found.rows:
        raise ImportRefused("没有一行可以导入。", "按清单改正文件。")


def _refuse_without_district(mapping: MapFile) -> None:
    tier = mapping.cells.tier
    tiers = {tier} if isinstance(tier, Tier) else set(tier.values.values())
    if mapping.district != "union" and Tier.DISTRICT not in tiers:
        raise ImportRefused(
            "本中心还没有区县这一级。",
            '在对照文件最前面写 covers = "centre" 和 district = "union"，由下级合成区县；或在文件里给出区县的边界。',
        )
