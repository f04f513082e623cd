"""What can be wrong with a row of boundaries, in words for the person who must put it right. Pure.

Each fault names the feature, the field, why it can't go in and what to do. Texts are Chinese, codes are for programs.
"""

from dataclasses import dataclass

from shapely.geometry.base import BaseGeometry

from realtime.words import Word


class FaultKind(Word):
    """One way in which a row, or the tiling that rows make, is wrong."""

    NO_CODE = "no_code", "缺少编码"
    BAD_CODE = "bad_code", "编码格式不符"
    DUPLICATE_CODE = "duplicate_code", "编码重复"
    NO_NAME = "no_name", "缺少名称"
    BAD_NAME = "bad_name", "不是名称"
    UNKNOWN_TIER = "unknown_tier", "层级不明"
    ENCODING = "encoding", "文字编码不符"
    EMPTY_GEOMETRY = "empty_geometry", "没有边界"
    NOT_A_POLYGON = "not_a_polygon", "不是面"
    INVALID_RING = "invalid_ring", "边界环无效"
    WRONG_CRS = "wrong_crs", "坐标系不符"
    ORPHAN = "orphan", "上级不存在"
    PARENT_AT_FAULT = "parent_at_fault", "上级有错"
    PARENT_NOT_COARSER = "parent_not_coarser", "上级层级不高于本级"
    OVERLAP = "overlap", "与相邻网格重叠"
    LEAVES_PARENT = "leaves_parent", "超出上级边界"
    GAP = "gap", "上级范围内有缺口"
    STILL_HAS_CHILDREN = "still_has_children", "终止后仍有下级"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One fault of one row.

    number  of the feature in its file, from 1; None for what belongs to no row (a gap, a parent made from children)
    code    of the cell concerned, where it is known
    field   property of the file, or "geometry"
    blocks  False for a gap: the row itself may go in, points in the gap are placed at the parent
    where   the offending place, (lon, lat) degrees, CGCS2000, for the report's map
    """

    number: int | None
    code: str | None
    field: str
    kind: FaultKind
    why: str
    remedy: str
    blocks: bool = True
    where: BaseGeometry | None = None

    def line(self) -> str:
        """The fault as one line for the terminal."""
        row = f"第 {self.number} 个要素" if self.number is not None else "整体"
        code = f"({self.code})" if self.code else ""
        return f"{row}{code} [{self.field}] {self.kind.zh}：{self.why} 处理办法：{self.remedy}"


@dataclass(slots=True)
class FaultBook:
    """The faults found so far."""

    faults: list[Fault]

    def blame(
        self,
        number: int | None,
        code: str | None,
        field: str,
        kind: FaultKind,
        why: str,
        remedy: str,
        *,
        blocks: bool = True,
        where: BaseGeometry | None = None,
    ) -> None:
        """Notes one fault."""
        self.faults.append(
            Fault(number=number, code=code, field=field, kind=kind, why=why, remedy=remedy, blocks=blocks, where=where)
        )

    def codes_at_fault(self) -> set[str]:
        """Codes of rows that can't go in."""
        return {fault.code for fault in self.faults if fault.code and fault.blocks}


class ImportRefused(Exception):
    """The import as a whole can't be done: the file, the map file or the wish is at fault. Says what to do."""

    def __init__(self, why: str, remedy: str) -> None:
        self.why, self.remedy = why, remedy
        super().__init__(f"{why} 处理办法：{remedy}")
