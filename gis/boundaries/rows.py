"""Judges each row of a boundary file alone: code, name, tier, area. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

import shapely
from shapely import MultiPolygon
from shapely.geometry.base import BaseGeometry
from shapely.validation import explain_validity

from gis.boundaries import tiling
from gis.boundaries.faults import FaultBook, FaultKind
from gis.boundaries.map_file import MapFile, TierByProperty
from gis.boundaries.reading import CHINA, SourceFile, SourceRow
from gis.grid.tiers import Tier
from gis.names import cleaned, is_nothing, why_no_name

MAX_NAME_CHARS: Final = 100
MAX_CODE_CHARS: Final = 50  # as every door takes a cell's code
CODE: Final = re.compile(r"[0-9A-Za-z_-]+")  # one step of a path
REASONS: Final = {  # GEOS's words for what is wrong with a ring
    "Self-intersection": "自相交",
    "Ring Self-intersection": "环自相接",
    "Too few points in geometry component": "环的点太少",
    "Hole lies outside shell": "洞在外环之外",
    "Holes are nested": "洞套着洞",
    "Interior is disconnected": "内部不连通",
    "Nested shells": "外环相套",
    "Duplicate Rings": "环重复",
    "Invalid Coordinate": "坐标不是数",
}


@dataclass(slots=True)
class Draft:
    """A row that has code, name, tier and area, but no place in the tree yet. See `checks.Row`."""

    number: int | None
    code: str
    name: str
    tier: Tier
    parent_code: str | None
    polygon: MultiPolygon
    repaired: float | None = None


class RowJudge:
    """Makes drafts of rows, or notes in `book` why a row can't be one."""

    def __init__(self, mapping: MapFile, book: FaultBook, *, repair: bool) -> None:
        self._mapping, self._book, self._repair = mapping, book, repair

    def drafts(self, source: SourceFile) -> list[Draft]:
        """Rows that have code, name, tier and an area; every other row has a fault by then."""
        found = [draft for row in source.rows if (draft := self._draft(row)) is not None]
        first: dict[str, int | None] = {}
        kept: list[Draft] = []
        for draft in found:
            if draft.code in first:
                self._book.blame(
                    draft.number,
                    draft.code,
                    self._mapping.cells.code,
                    FaultKind.DUPLICATE_CODE,
                    f"编码 {draft.code} 已由第 {first[draft.code]} 个要素使用。",
                    "一个网格只留一行；多块的边界合并为一个多面要素。",
                )
            else:
                first[draft.code] = draft.number
                kept.append(draft)
        return kept

    def _draft(self, row: SourceRow) -> Draft | None:
        cells = self._mapping.cells
        code = self._code(row, cells.code)
        name = self._name(row, code, cells.name)
        if self._mapping.parents is not None and row.values[self._mapping.parents.name] is not None:
            self._name(row, code, self._mapping.parents.name)
        tier = self._tier(row, code)
        polygon = self._polygon(row, code)
        parent = self._written(row.values[cells.parent]) if cells.parent else None
        if code is None or name is None or tier is None or polygon is None:
            return None
        if cells.parent and parent is None and tier is not Tier.DISTRICT:
            self._book.blame(
                row.number, code, cells.parent, FaultKind.ORPHAN, "没有写上级编码。", "在原始数据中补上上级编码。"
            )
            return None
        if parent is not None and not _is_code(parent):
            self._blame_code(row, code, str(cells.parent), f"上级编码“{parent}”")
            return None
        mended = 0.0 if row.open_by_m is not None else None
        if row.geometry is not None and not row.geometry.is_valid:
            mended = abs(tiling.area_m2(polygon) - tiling.area_m2(row.geometry))
        return Draft(row.number, code, name, tier, parent, polygon, mended)

    def _code(self, row: SourceRow, field: str) -> str | None:
        code = self._written(row.values[field])
        if code is None and any(fault.field == field for fault in row.faults):
            return None  # garbled, and told so
        if code is None:
            self._book.blame(row.number, None, field, FaultKind.NO_CODE, "编码为空。", "在原始数据中补上编码。")
            return None
        if not _is_code(code):
            self._blame_code(row, code, field, f"编码“{code}”")
            return None
        return code

    def _blame_code(self, row: SourceRow, code: str | None, field: str, what: str) -> None:
        self._book.blame(
            row.number,
            code,
            field,
            FaultKind.BAD_CODE,
            f"{what[:80]}为空值，长于 {MAX_CODE_CHARS} 个字符，或含有数字、字母、-、_ 以外的字符。",
            "改用统计区划代码，或在对照文件 [codes] 中给出对应的编码。",
        )

    def _name(self, row: SourceRow, code: str | None, field: str) -> str | None:
        """The name as it is kept; None, with a fault, when there is none or it can't be one."""
        said = row.values[field]
        garbled = any(fault.field == field for fault in row.faults)  # told already, with what to do
        if said is None and garbled:
            return None
        if said is None:
            self._book.blame(row.number, code, field, FaultKind.NO_NAME, "名称为空。", "在原始数据中补上名称。")
            return None
        name = cleaned(said)
        if len(name) > MAX_NAME_CHARS:
            why: str | None = f"名称有 {len(name)} 个字，超过 {MAX_NAME_CHARS} 个"
        else:
            why = why_no_name(name)
        if why is not None and not garbled:
            remedy = "核对对照文件指的是不是名称那一列；在原始数据中写出名称，如“第 1 网格”。"
            self._book.blame(row.number, code, field, FaultKind.BAD_NAME, f"{why}。", remedy)
        return None if why is not None else name

    def _written(self, code: str | None) -> str | None:
        return unicodedata.normalize("NFKC", self._mapping.codes.get(code, code)) if code is not None else None

    def _tier(self, row: SourceRow, code: str | None) -> Tier | None:
        tier = self._mapping.cells.tier
        if not isinstance(tier, TierByProperty):
            return tier
        said = row.values[tier.property]
        if said is None or said not in tier.values:
            self._book.blame(
                row.number,
                code,
                tier.property,
                FaultKind.UNKNOWN_TIER,
                f"层级“{said or ''}”没有对照。",
                "在对照文件 cells.tier.values 中补上这个值。",
            )
            return None
        return tier.values[said]

    def _polygon(self, row: SourceRow, code: str | None) -> MultiPolygon | None:
        geometry = row.geometry
        if geometry is None:
            return None
        if geometry.geom_type not in ("Polygon", "MultiPolygon"):
            self._book.blame(
                row.number,
                code,
                "geometry",
                FaultKind.NOT_A_POLYGON,
                f"几何是 {geometry.geom_type}，不是面。",
                "网格边界须是面（Polygon 或 MultiPolygon）；线须先闭合成面。",
            )
            return None
        if not self._lies_in_china(row, code, geometry):
            return None
        if row.open_by_m is not None and not self._repair:
            self._book.blame(
                row.number,
                code,
                "geometry",
                FaultKind.INVALID_RING,
                f"边界环没有闭合：首尾相距 {row.open_by_m:,.1f} 米。",
                "用 GIS 软件补上缺少的边，或加 --repair 用直线连接首尾（报告会计入修补）。",
            )
            return None
        if geometry.is_valid:
            return tiling.as_areas(geometry)
        reason, spot = _validity(geometry)
        if self._repair:
            mended = tiling.as_areas(shapely.make_valid(geometry))
            if not mended.is_empty:
                return mended
        self._book.blame(
            row.number,
            code,
            "geometry",
            FaultKind.INVALID_RING,
            f"边界环无效：{reason}。",
            "用 GIS 软件改正这一处，或加 --repair 由程序修补（报告会写明改动了多少面积）。",
            where=spot,
        )
        return None

    def _lies_in_china(self, row: SourceRow, code: str | None, geometry: BaseGeometry) -> bool:
        west, south, east, north = geometry.bounds
        if CHINA[0] <= west and CHINA[1] <= south and east <= CHINA[2] and north <= CHINA[3]:
            return True
        swapped = CHINA[0] <= south and north <= CHINA[2] and CHINA[1] <= west and east <= CHINA[3]
        hint = "经纬度像是写反了。" if swapped else "像是平面坐标，或坐标系写错了。"
        self._book.blame(
            row.number,
            code,
            "geometry",
            FaultKind.WRONG_CRS,
            f"坐标范围（{west:.6g}, {south:.6g}）至（{east:.6g}, {north:.6g}）不在中国范围内，{hint}",
            "核实数据的坐标系；没有 .prj 的文件在对照文件 [source] 中写明 crs。",
        )
        return False


def _is_code(code: str) -> bool:
    return len(code) <= MAX_CODE_CHARS and bool(CODE.fullmatch(code)) and not is_nothing(code)


def _validity(geometry: BaseGeometry) -> tuple[str, BaseGeometry | None]:
    """GEOS's reason in Chinese, and the spot it names."""
    said = explain_validity(geometry)
    reason, _, spot = said.partition("[")
    text = REASONS.get(reason.strip(), reason.strip())
    try:
        lon, lat = (float(part) for part in spot.rstrip("]").split())
    except ValueError:
        return text, None
    return f"{text}，在（{lon:.6f}, {lat:.6f}）", shapely.Point(lon, lat)
