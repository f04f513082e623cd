"""The report of an import: a page with map and list that opens without a network, and the faults as a table (CSV)."""

import csv
import html
import io
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import folium
import shapely
from shapely.geometry.base import BaseGeometry

from gis.boundaries.checks import Row, Survey
from gis.boundaries.faults import Fault
from gis.boundaries.plan import Plan, by_tier
from gis.boundaries.reading import SourceFile
from gis.offline_map import blank_map, bounds_of, self_contained

MAX_LISTED: Final = 500  # faults on the page; the table has them all
MAP_DECIMALS: Final = 6  # a decimetre: enough to look at
CRS_SAID_BY: Final = {"file": "文件写明", "map": "对照文件写明", "format": "文件未写，按 GeoJSON 标准取 WGS 84"}
GCJ02_NOTE: Final = (
    "从坐标本身看不出数据是否经过 GCJ-02 或 BD-09 偏移：偏移后的边界彼此仍然严丝合缝，只是整体错开约 100 至 700 米。"
    "请拿一处已知的路口核对；来自互联网地图的边界须先纠偏。"
)


@dataclass(frozen=True, slots=True)
class Look:
    """How rows of one conclusion are drawn: colour, dashes and words, so that it never hangs on colour alone."""

    words: str
    colour: str
    fill: float
    dashes: str | None = None


LOOKS: Final = {
    "unchanged": Look("未变", "#888888", 0.05),
    "begun": Look("新增", "#2b6cb0", 0.15),
    "changed": Look("变更", "#b7791f", 0.35, "8 4"),
    "ended": Look("终止", "#555555", 0.1, "2 6"),
    "bad": Look("有错", "#c53030", 0.3, "4 4"),
    "spot": Look("错处", "#c53030", 0.9),
}


def faults_csv(faults: Sequence[Fault]) -> str:
    """All faults as CSV with a byte-order mark, so that a spreadsheet takes it for UTF-8."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["要素", "编码", "字段", "类别", "原因", "处理办法", "是否阻止导入"])
    for fault in faults:
        writer.writerow(
            [
                fault.number or "",
                _no_formula(fault.code or ""),
                _no_formula(fault.field),
                fault.kind.zh,
                _no_formula(fault.why),
                fault.remedy,
                "是" if fault.blocks else "否",
            ]
        )
    return "\ufeff" + stream.getvalue()


def report_page(source: SourceFile, survey: Survey, plan: Plan, faults: Sequence[Fault], *, took_over: bool) -> str:
    """The report as one HTML page that needs nothing but a browser.

    faults     of the survey and of the plan
    took_over  False for a dry run
    """
    shapes: list[BaseGeometry] = [*(row.polygon for row in survey.rows), *(cell.polygon for cell in plan.ended)]
    shapes += [fault.where for fault in faults if fault.where is not None and not fault.where.is_empty]
    seen: BaseGeometry = shapely.GeometryCollection(shapes) if shapes else shapely.box(73, 3, 136, 54)
    drawn = blank_map(seen)
    for look, features in _features(source, survey, plan, faults).items():
        if features:
            _layer(LOOKS[look], features).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    words = "".join(_words(source, survey, plan, faults, took_over))
    return self_contained(drawn, title=f"导入报告：{source.name}", words=words)


def counts_by_kind(faults: Iterable[Fault]) -> list[tuple[str, int]]:
    """How many faults of each kind, by its Chinese title, most first."""
    return Counter(fault.kind.zh for fault in faults).most_common()


def tiers_text(cells: Iterable[Any]) -> str:
    """`镇街 29、村社 1009`; "无" for none."""
    return "、".join(f"{tier.zh} {count}" for tier, count in by_tier(cells).items()) or "无"


def _features(
    source: SourceFile, survey: Survey, plan: Plan, faults: Sequence[Fault]
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {look: [] for look in LOOKS}
    unchanged = {cell.path for cell in plan.unchanged}
    changed = {change.row.path: change for change in plan.changed}
    bad = {fault.number for fault in faults if fault.blocks and fault.number is not None}
    for row in survey.rows:
        if row.path in changed:
            aspects = "、".join(aspect.zh for aspect in changed[row.path].aspects)
            found["changed"].append(_feature(row.polygon, row.code, row.name, f"变更：{aspects}{_mended(row)}"))
        else:
            look = "unchanged" if row.path in unchanged else "begun"
            found[look].append(_feature(row.polygon, row.code, row.name, LOOKS[look].words + _mended(row)))
    for cell in plan.ended:
        found["ended"].append(_feature(cell.polygon, cell.code, cell.name, "终止"))
    for number, raw in ((row.number, row.geometry) for row in source.rows):
        if number in bad and raw is not None and not raw.is_empty:
            found["bad"].append(_feature(raw, "", f"第 {number} 个要素", "有错"))
    for fault in faults:
        if fault.where is not None and not fault.where.is_empty:
            found["spot"].append(_feature(_visible(fault.where), fault.code or "", fault.kind.zh, fault.why))
    return found


def _mended(row: Row) -> str:
    return f"，已修补（{row.repaired:,.1f} 平方米）" if row.repaired is not None else ""


def _visible(where: BaseGeometry) -> BaseGeometry:
    """A spot as it can be drawn on canvas: a point gets a little body."""
    return where.buffer(0.0001) if where.geom_type in ("Point", "MultiPoint") else where


def _feature(shape: BaseGeometry, code: str, name: str, words: str) -> dict[str, Any]:
    # Names come from a stranger's file, and the tooltip writes them as HTML: escaped here, once.
    properties = {"code": html.escape(code), "name": html.escape(name), "words": html.escape(words)}
    rounded = shapely.transform(shape, lambda corners: corners.round(MAP_DECIMALS))
    return {"type": "Feature", "properties": properties, "geometry": shapely.geometry.mapping(rounded)}


def _layer(look: Look, features: list[dict[str, Any]]) -> folium.GeoJson:
    style = {"color": look.colour, "weight": 1.5, "fillOpacity": look.fill, "dashArray": look.dashes}
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        name=f"{look.words} {len(features)}",
        style_function=lambda _feature: style,
        tooltip=folium.GeoJsonTooltip(["code", "name", "words"], aliases=["编码", "名称", "结论"]),
        zoom_on_click=True,
    )


def _words(source: SourceFile, survey: Survey, plan: Plan, faults: Sequence[Fault], took_over: bool) -> Iterable[str]:
    state = "已导入" if took_over else "试运行，未写入"
    crs = f"{source.crs.code or source.crs.name}（{CRS_SAID_BY[source.crs.named_by]}），已转换为 CGCS2000（EPSG:4490）"
    yield f"<h1>导入报告：{html.escape(source.name)}</h1><p><strong>{state}</strong></p><dl>"
    for term, said in (
        ("要素", f"{survey.features} 个，其中有错 {survey.bad_features} 个"),
        ("坐标系", crs),
        ("新增", tiers_text(plan.begun)),
        ("变更", tiers_text(change.row for change in plan.changed)),
        ("终止", tiers_text(plan.ended)),
        ("未变", tiers_text(plan.unchanged)),
    ):
        yield f"<dt>{term}</dt><dd>{html.escape(said)}</dd>"
    yield f"</dl><p>{GCJ02_NOTE}</p>"
    yield from _fault_table(faults)


def _fault_table(faults: Sequence[Fault]) -> Iterable[str]:
    if not faults:
        yield "<p>没有发现错误。</p>"
        return
    counts = "、".join(f"{title} {count}" for title, count in counts_by_kind(faults))
    yield f"<h2>错误 {len(faults)} 条</h2><p>{counts}</p><table><thead><tr>"
    yield (
        "".join(f"<th>{title}</th>" for title in ("要素", "编码", "字段", "类别", "原因", "处理办法"))
        + "</tr></thead><tbody>"
    )
    for fault in faults[:MAX_LISTED]:
        number = str(fault.number) if fault.number is not None else "整体"
        if fault.where is not None and not fault.where.is_empty:
            number = f'<button class="show" data-bounds="{bounds_of(fault.where)}">{number} ↗</button>'
        cells = (fault.code or "", fault.field, fault.kind.zh, fault.why, fault.remedy)
        yield f"<tr><td>{number}</td>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in cells) + "</tr>"
    yield "</tbody></table>"
    if len(faults) > MAX_LISTED:
        yield f"<p>只列出前 {MAX_LISTED} 条，全部见 faults.csv。</p>"


def _no_formula(text: str) -> str:
    """A cell that a spreadsheet would run as a formula is shown as text."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
