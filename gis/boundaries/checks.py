"""Judges the rows of a boundary file: each alone, then together as a tree that tiles. Pure; the database's cells are
passed in. Source: docs/rules.md, "Places"; docs/imports.md lists every fault with its remedy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import shapely
from shapely import MultiPolygon

from gis.boundaries import tiling
from gis.boundaries.faults import Fault, FaultBook, FaultKind
from gis.boundaries.held import HeldCell
from gis.boundaries.map_file import MapFile
from gis.boundaries.reading import SourceFile
from gis.boundaries.rows import Draft, RowJudge
from gis.grid.tiers import ORDER, Tier, is_coarser, paths_above
from gis.names import cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row that can become a cell.

    number   of the feature; None for a parent made as the union of its children
    path     codes from the root
    repaired area that a repair moved, in square metres; None when nothing was repaired
    """

    number: int | None
    code: str
    name: str
    tier: Tier
    path: str
    parent_path: str | None
    polygon: MultiPolygon
    repaired: float | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What a file holds: rows that can go in (coarse before fine), and every fault found."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    features: int

    @property
    def bad_features(self) -> int:
        """How many features can't go in."""
        return len({fault.number for fault in self.faults if fault.blocks and fault.number is not None})


@dataclass(frozen=True, slots=True)
class Root:
    """The centre's district: `polygon` is None while the centre has no cells."""

    code: str
    name: str
    polygon: MultiPolygon | None


def survey(
    source: SourceFile,
    mapping: MapFile,
    *,
    holders: Mapping[str, Sequence[HeldCell]],
    root: Root,
    repair: bool = False,
    skip_bad: bool = False,
) -> Survey:
    """Everything that is wrong with a file's rows, and the rows that could go in.

    holders   the centre's valid cells by code, to find parents that the file leaves out
    root      the centre's district, parent of every row that names no other
    repair    whether rings that cross themselves are mended (what it moved is told per row)
    skip_bad  whether the tiling is judged among the good rows only; otherwise among all rows that have an area
    """
    book = FaultBook([fault for row in source.rows for fault in row.faults])
    drafts = RowJudge(mapping, book, repair=repair).drafts(source)
    tree = _Tree(source, mapping, holders, root, book)
    rows = tree.placed(tree.with_parents(drafts))
    tree.check_tiling(rows, skip_bad)
    bad = {(fault.number, fault.code) for fault in book.faults if fault.blocks}
    rows = [row for row in rows if (row.number, row.code) not in bad and (row.number, None) not in bad]
    rows = tree.without_orphans(rows)
    return Survey(tuple(rows), tuple(book.faults), len(source.rows))


class _Tree:
    """Rows of one file as part of the centre's tree: their parents, and whether they tile them."""

    def __init__(
        self,
        source: SourceFile,
        mapping: MapFile,
        holders: Mapping[str, Sequence[HeldCell]],
        root: Root,
        book: FaultBook,
    ) -> None:
        self.source, self.mapping, self.holders, self.root, self.book = source, mapping, holders, root, book
        self.held = {holder.path: holder for some in holders.values() for holder in some}

    def with_parents(self, drafts: list[Draft]) -> list[Draft]:
        """Adds what the file only names: parents and district as unions of what they hold. Coarse before fine."""
        made: list[Draft] = []
        if self.mapping.parents is not None:
            names = {row.number: row.values[self.mapping.parents.name] for row in self.source.rows}
            below: dict[str, list[Draft]] = defaultdict(list)
            for draft in drafts:
                if draft.parent_code is not None:
                    below[draft.parent_code].append(draft)
            for code, children in sorted(below.items()):
                name = next((cleaned(said) for child in children if (said := names.get(child.number or 0))), code)
                union = _union([child.polygon for child in children])
                made.append(Draft(None, code, name, self.mapping.parents.tier, None, union))
        if self.mapping.district == "union" and drafts and not any(draft.tier is Tier.DISTRICT for draft in drafts):
            union = _union([draft.polygon for draft in drafts])
            made.append(Draft(None, self.root.code, self.root.name, Tier.DISTRICT, None, union))
        return sorted([*made, *drafts], key=lambda draft: ORDER.index(draft.tier))

    def placed(self, drafts: list[Draft]) -> list[Row]:
        """Rows with their paths. Rows whose parent is unknown or no coarser get a fault and fall out."""
        field = self.mapping.cells.parent or self.mapping.cells.code
        rejected = self.book.codes_at_fault()
        here: dict[str, Row] = {}
        for draft in drafts:
            parent = self._parent(draft, here, field, rejected)
            if parent is None and draft.tier is not Tier.DISTRICT:
                rejected.add(draft.code)
                continue
            if draft.code in here:
                self.book.blame(
                    draft.number,
                    draft.code,
                    self.mapping.cells.code,
                    FaultKind.DUPLICATE_CODE,
                    f"编码 {draft.code} 与{here[draft.code].name}相同。",
                    "上级和下级也不能用同一个编码。",
                )
                continue
            here[draft.code] = Row(
                number=draft.number,
                code=draft.code,
                name=draft.name,
                tier=draft.tier,
                path=f"{parent}/{draft.code}" if parent else draft.code,
                parent_path=parent,
                polygon=draft.polygon,
                repaired=draft.repaired,
            )
        return list(here.values())

    def _parent(self, draft: Draft, here: Mapping[str, Row], field: str, rejected: set[str]) -> str | None:
        """The path of the parent; None, with a fault, when there is none (none is needed for a district)."""
        if draft.tier is Tier.DISTRICT:
            if draft.code != self.root.code:
                self.book.blame(
                    draft.number,
                    draft.code,
                    self.mapping.cells.code,
                    FaultKind.ORPHAN,
                    f"区县 {draft.code} 不是本中心（{self.root.code}）。",
                    "一个中心只有一个区县；改正编码，或换用那个中心导入。",
                )
                rejected.add(draft.code)
            return None
        if draft.parent_code is None or draft.parent_code == self.root.code:
            return self.root.code
        found = here.get(draft.parent_code)
        held = self.holders.get(draft.parent_code, ())
        if found is None and len(held) != 1:
            if draft.parent_code in rejected:
                kind, why = FaultKind.PARENT_AT_FAULT, f"上级 {draft.parent_code} 本身有错，不能导入。"
                remedy = "先改正上级那一行。"
            elif held:
                kind, why = FaultKind.ORPHAN, f"编码 {draft.parent_code} 在本中心不止一个。"
                remedy = "用完整的区划编码指明上级。"
            else:
                kind, why = FaultKind.ORPHAN, f"上级 {draft.parent_code} 不在文件里，也不在本中心现有的网格里。"
                remedy = "先导入上级，或改正上级编码。"
            self.book.blame(draft.number, draft.code, field, kind, why, remedy)
            return None
        tier, path = (found.tier, found.path) if found is not None else (held[0].tier, held[0].path)
        if not is_coarser(tier, draft.tier):
            self.book.blame(
                draft.number,
                draft.code,
                field,
                FaultKind.PARENT_NOT_COARSER,
                f"上级 {draft.parent_code} 的层级（{tier}）不高于本级（{draft.tier}）。",
                "改正上级编码或层级。",
            )
            return None
        return path

    def check_tiling(self, rows: list[Row], skip_bad: bool) -> None:
        """Overlaps within a tier, what leaves its parent, gaps within a parent."""
        bad = self.book.codes_at_fault() if skip_bad else set()
        rows = [row for row in rows if row.code not in bad]
        for tier in ORDER:
            self._check_overlaps([row for row in rows if row.tier is tier and row.number is not None])
        children: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            if row.parent_path is not None:
                children[row.parent_path].append(row)
        by_path = {row.path: row for row in rows}
        for path, below in children.items():
            parent = by_path.get(path)
            if parent is not None and parent.number is None:
                self._check_gaps(parent, path, None, below)  # it is its children's union: only holes can be told
                continue
            area = parent.polygon if parent is not None else self._held_area(path)
            if area is None:
                continue
            for child in below:
                self._check_outside(child, area)
            self._check_gaps(parent, path, area, below)

    def _held_area(self, path: str) -> MultiPolygon | None:
        return self.held[path].polygon if path in self.held else self.root.polygon

    def _check_overlaps(self, of_one_tier: list[Row]) -> None:
        rows = {row.code: row for row in of_one_tier}
        areas = {row.code: row.polygon for row in of_one_tier}
        for found in tiling.overlaps(areas, over_m2=self.mapping.tolerances.overlap_m2):
            for code, other in ((found.first, found.second), (found.second, found.first)):
                self.book.blame(
                    rows[code].number,
                    code,
                    "geometry",
                    FaultKind.OVERLAP,
                    f"与 {rows[other].name}（{other}）重叠 {found.area_m2:,.1f} 平方米。",
                    "在 GIS 软件中让两者共用同一条边；若是取整造成的，调大对照文件的 overlap_m2。",
                    where=found.where,
                )

    def _check_outside(self, child: Row, parent: MultiPolygon) -> None:
        pieces = tiling.outside(parent, child.polygon, over_m2=self.mapping.tolerances.outside_m2)
        if pieces:
            total = sum(piece.area_m2 for piece in pieces)
            self.book.blame(
                child.number,
                child.code,
                "geometry",
                FaultKind.LEAVES_PARENT,
                f"超出上级边界 {total:,.1f} 平方米，共 {len(pieces)} 处。",
                "核实上级编码和边界；两份数据来源不同时，调大对照文件的 outside_m2。",
                where=shapely.union_all([piece.where for piece in pieces]),
            )

    def _check_gaps(self, parent: Row | None, path: str, area: MultiPolygon | None, children: list[Row]) -> None:
        code = path.rsplit("/", 1)[-1]
        name = parent.name if parent is not None else code
        polygons = [child.polygon for child in children]
        for piece in tiling.gaps(area, polygons, over_m2=self.mapping.tolerances.gap_m2):
            middle = piece.where.representative_point()
            self.book.blame(
                parent.number if parent is not None else None,
                code,
                "geometry",
                FaultKind.GAP,
                f"{name} 范围内有 {piece.area_m2:,.1f} 平方米没有下级网格，在（{middle.x:.6f}, {middle.y:.6f}）附近。",
                "补画缺少的网格；若缺口属实（飞地、水面），加 --accept-gaps。"
                + ("落在那里的事项归到上级。" if area is not None else "落在那里的事项列为“未定位”。"),
                blocks=False,
                where=piece.where,
            )

    def without_orphans(self, rows: list[Row]) -> list[Row]:
        """Rows whose parent, if it is of this file, stays in; parents made as unions, of what stays in."""
        dropped: set[str] = set()
        kept: list[Row] = []
        staying = {row.path for row in rows}
        for row in rows:  # coarse before fine
            parent = row.parent_path
            if parent is None or ((parent in staying or parent in self.held) and parent not in dropped):
                kept.append(row)
                continue
            dropped.add(row.path)
            self.book.blame(
                row.number,
                row.code,
                self.mapping.cells.parent or self.mapping.cells.code,
                FaultKind.PARENT_AT_FAULT,
                f"上级 {parent.rsplit('/', 1)[-1]} 本身有错，不能导入。",
                "先改正上级那一行。",
            )
        return _with_unions_of(kept)


def _union(polygons: Sequence[MultiPolygon]) -> MultiPolygon:
    return tiling.as_areas(shapely.union_all(list(polygons)))


def _with_unions_of(rows: list[Row]) -> list[Row]:
    """Rows, those made as unions (they have no number) cut down to the rows that are still below them."""
    below: dict[str, list[MultiPolygon]] = defaultdict(list)
    for row in rows:
        if row.number is not None:
            for path in paths_above(row.path)[:-1]:
                below[path].append(row.polygon)
    return [
        row if row.number is not None else replace(row, polygon=_union(below[row.path]))
        for row in rows
        if row.number is not None or row.path in below
    ]
