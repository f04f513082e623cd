"""What can be wrong with a row of boundaries, in words for the person who must put it right. Pure.

Each fault names the feature, the field, why it can't go in and what to do. Texts are Chinese, codes are for programs.
"""

from dataclasses import dataclass
from enum import StrEnum

from shapely.geometry.base import BaseGeometry


class FaultKind(StrEnum):
    """One way in which a row, or the tiling that rows make, is wrong."""

    NO_CODE = "no_code"
    BAD_CODE = "bad_code"
    DUPLICATE_CODE = "duplicate_code"
    NO_NAME = "no_name"
    BAD_NAME = "bad_name"
    UNKNOWN_TIER = "unknown_tier"
    ENCODING = "encoding"
    EMPTY_GEOMETRY = "empty_geometry"
    NOT_A_POLYGON = "not_a_polygon"
    INVALID_RING = "invalid_ring"
    WRONG_CRS = "wrong_crs"
    ORPHAN = "orphan"
    PARENT_AT_FAULT = "parent_at_fault"
    PARENT_NOT_COARSER = "parent_not_coarser"
    OVERLAP = "overlap"
    LEAVES_PARENT = "leaves_parent"
    GAP = "gap"
    STILL_HAS_CHILDREN = "still_has_children"


# What a person reads for each kind, in the report and in the list of counts.
TITLES: dict[FaultKind, str] = {
    FaultKind.NO_CODE: "缺少编码",
    FaultKind.BAD_CODE: "编码格式不符",
    FaultKind.DUPLICATE_CODE: "编码重复",
    FaultKind.NO_NAME: "缺少名称",
    FaultKind.BAD_NAME: "不是名称",
    FaultKind.UNKNOWN_TIER: "层级不明",
    FaultKind.ENCODING: "文字编码不符",
    FaultKind.EMPTY_GEOMETRY: "没有边界",
    FaultKind.NOT_A_POLYGON: "不是面",
    FaultKind.INVALID_RING: "边界环无效",
    FaultKind.WRONG_CRS: "坐标系不符",
    FaultKind.ORPHAN: "上级不存在",
    FaultKind.PARENT_AT_FAULT: "上级有错",
    FaultKind.PARENT_NOT_COARSER: "上级层级不高于本级",
    FaultKind.OVERLAP: "与相邻网格重叠",
    FaultKind.LEAVES_PARENT: "超出上级边界",
    FaultKind.GAP: "上级范围内有缺口",
    FaultKind.STILL_HAS_CHILDREN: "终止后仍有下级",
}


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
        return f"{row}{code} [{self.field}] {TITLES[self.kind]}：{self.why} 处理办法：{self.remedy}"


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
