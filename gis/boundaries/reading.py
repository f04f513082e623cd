"""Reads a boundary file row by row through GDAL: GeoJSON, Shapefile (.shp or .zip), GeoPackage. Nothing is judged here
but what can't be read at all; geometries come out in CGCS2000."""

import mmap
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import shapely
from django.contrib.gis.gdal import CoordTransform, DataSource, GDALException, SpatialReference, SRSException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.layer import Layer
from shapely.geometry.base import BaseGeometry

from gis.boundaries.faults import Fault, FaultKind, ImportRefused
from gis.boundaries.map_file import MapFile

CGCS2000: Final = 4490
WGS84: Final = 4326
SUFFIXES: Final = {".geojson": "", ".json": "", ".shp": "", ".gpkg": "", ".zip": "/vsizip/"}
DRIVERS: Final = ("GeoJSON", "ESRI Shapefile", "GPKG")
EPSG: Final = re.compile(r"EPSG:[0-9]{4,6}")
# GDAL would fetch such a coordinate system over the network while it opens the file.
LINKED_CRS: Final = re.compile(rb'"crs"\s*:\s*\{[^{}]*"type"\s*:\s*"link"|"crs"\s*:\s*\{[^{}]*\{[^{}]*"href"')
CHINA: Final = (73.0, 3.0, 136.0, 54.0)  # lon, lat, lon, lat: a first test of the coordinate system, no border


@dataclass(frozen=True, slots=True)
class SourceCrs:
    """The coordinate system that the boundaries came in.

    code      e.g. "EPSG:4549"; "" when the file describes one that has no code
    name      as the file or the registry words it
    named_by  "file", "map", or "format" (GeoJSON without a word is WGS 84, RFC 7946 §4)
    """

    code: str
    name: str
    named_by: str


@dataclass(slots=True)
class SourceRow:
    """One feature: what its properties say (text, trimmed; None where empty) and its geometry in CGCS2000."""

    number: int  # from 1, in the file's order
    values: dict[str, str | None]
    geometry: BaseGeometry | None
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A boundary file, read."""

    name: str
    driver: str
    layer: str
    crs: SourceCrs
    rows: tuple[SourceRow, ...]


def read_boundaries(path: Path, mapping: MapFile) -> SourceFile:
    """Every feature of the file's layer, its geometry transformed to CGCS2000 (EPSG:4490).

    WGS 84 is taken as equal to CGCS2000 (they differ by centimetres); which of them came in is kept in `crs`.
    A feature that can't be read comes out with a fault instead of a geometry. Raises ImportRefused when the file can't
    be opened, has no such layer or property, or no one says its coordinate system.
    """
    if path.suffix.lower() not in SUFFIXES:
        raise ImportRefused(
            f"不认识的文件类型“{path.suffix}”。", "请给出 GeoJSON、Shapefile（.shp 或 .zip）或 GeoPackage。"
        )
    if not path.is_file():
        raise ImportRefused(f"找不到文件 {path}。", "检查路径。")
    _refuse_linked_crs(path)
    with _text_encoding(mapping.source.encoding):
        try:
            source = DataSource(f"{SUFFIXES[path.suffix.lower()]}{path.resolve()}")
        except GDALException:
            raise ImportRefused(
                f"无法打开 {path.name}：内容不是所称的格式，或缺少配套文件。",
                "Shapefile 须连同 .shx、.dbf（最好还有 .prj、.cpg）一起给出，或打包为 .zip。",
            ) from None
        if str(source.driver) not in DRIVERS:  # GDAL looks at the content, whatever the file is called
            raise ImportRefused(f"{path.name} 的内容是 {source.driver}。", "请给出 GeoJSON、Shapefile 或 GeoPackage。")
        layer = _layer_of(source, mapping.source.layer, path)
        _check_properties(layer, mapping, path)
        crs, transform = _crs_of(layer, str(source.driver), mapping.source.crs, path)
        wanted = _wanted_properties(mapping)
        rows = tuple(_row(number, feature, wanted, transform) for number, feature in enumerate(layer, start=1))
        return SourceFile(name=path.name, driver=str(source.driver), layer=layer.name, crs=crs, rows=rows)


def _refuse_linked_crs(path: Path) -> None:
    if path.suffix.lower() in (".json", ".geojson") and path.stat().st_size:
        with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if LINKED_CRS.search(content):
                raise ImportRefused(f"{path.name} 用网址写明坐标系，不予打开。", "另存为写明 EPSG 编号的文件。")


@contextmanager
def _text_encoding(encoding: str | None) -> Iterator[None]:
    """GDAL recodes a .dbf's text to UTF-8 from this encoding; it reads the option from the environment."""
    before = os.environ.get("SHAPE_ENCODING")
    if encoding is not None:
        os.environ["SHAPE_ENCODING"] = encoding
    try:
        yield
    finally:
        if encoding is not None:
            if before is None:
                del os.environ["SHAPE_ENCODING"]
            else:
                os.environ["SHAPE_ENCODING"] = before


def _layer_of(source: DataSource, name: str | None, path: Path) -> Layer:
    names = [source[index].name for index in range(source.layer_count)]
    if not names:
        raise ImportRefused(f"{path.name} 里没有图层。", "检查导出步骤。")
    if name is None and len(names) > 1:
        raise ImportRefused(f"{path.name} 有多个图层：{'、'.join(names)}。", "在对照文件 [source] 中写明 layer。")
    if name is not None and name not in names:
        raise ImportRefused(f"{path.name} 没有图层“{name}”，只有：{'、'.join(names)}。", "改正对照文件的 layer。")
    return source[name if name is not None else 0]


def _wanted_properties(mapping: MapFile) -> tuple[str, ...]:
    cells = mapping.cells
    names = [cells.code, cells.name]
    names += [cells.parent] if cells.parent else []
    names += [cells.tier.property] if not isinstance(cells.tier, str) else []
    names += [mapping.parents.name] if mapping.parents else []
    return tuple(dict.fromkeys(names))


def _check_properties(layer: Layer, mapping: MapFile, path: Path) -> None:
    missing = [name for name in _wanted_properties(mapping) if name not in layer.fields]
    if missing:
        raise ImportRefused(
            f"{path.name} 没有属性 {'、'.join(missing)}；它有：{'、'.join(layer.fields) or '无'}。",
            "改正对照文件 [cells] 或 [parents]。",
        )


def _crs_of(layer: Layer, driver: str, said: str | None, path: Path) -> tuple[SourceCrs, CoordTransform | None]:
    if said is not None and not EPSG.fullmatch(said):
        raise ImportRefused(f"不认识的坐标系“{said}”。", '写成 EPSG 编号，例如 "EPSG:4549"。')
    found = layer.srs
    # GDAL gives WGS 84 to every GeoJSON file without a word of its own, so there the map file may know better.
    silent = found is None or (driver == "GeoJSON" and _epsg(found) == f"EPSG:{WGS84}")
    if silent and said is None and driver != "GeoJSON":
        raise ImportRefused(
            f"{path.name} 没有写明坐标系。",
            '补上 .prj，或在对照文件 [source] 中写明 crs，例如 crs = "EPSG:4490"。',
        )
    if said is None or not silent:
        assert found is not None
        if said is not None and not SpatialReference(said).srid == found.srid:
            raise ImportRefused(
                f"文件写明的坐标系是 {found.name}，对照文件写的是 {said}，两者不一致。",
                "crs 只用于没有写明坐标系的文件；删去它，或先核实文件。",
            )
        crs = SourceCrs(_epsg(found), str(found.name), "format" if silent else "file")
        return crs, _transform(found)
    try:
        named = SpatialReference(said)
    except (SRSException, GDALException):
        raise ImportRefused(f"不认识的坐标系“{said}”。", '写成 EPSG 编号，例如 "EPSG:4549"。') from None
    return SourceCrs(_epsg(named) or said, str(named.name), "map"), _transform(named)


def _epsg(reference: SpatialReference) -> str:
    """The EPSG code by which the registry knows a reference; "" when it can't tell."""
    if reference.srid is None:
        try:
            reference.identify_epsg()
        except (SRSException, GDALException):
            return ""
    return f"EPSG:{reference.srid}" if reference.srid is not None else ""


def _transform(reference: SpatialReference) -> CoordTransform | None:
    if reference.srid in (CGCS2000, WGS84):
        return None
    return CoordTransform(reference, SpatialReference(CGCS2000))


def _row(number: int, feature: Feature, wanted: tuple[str, ...], transform: CoordTransform | None) -> SourceRow:
    row = SourceRow(number=number, values={}, geometry=None)
    for name in wanted:
        try:
            text = feature[name].as_string()
        except UnicodeDecodeError:
            row.faults.append(_wrong_encoding(number, name))
            text = None
        text = text.strip() if text else None
        if text and any("\x80" <= sign <= "\xff" or sign == "\ufffd" for sign in text):
            row.faults.append(_wrong_encoding(number, name))
        row.values[name] = text or None
    row.geometry = _geometry(number, feature, transform, row.faults)
    return row


def _wrong_encoding(number: int, name: str) -> Fault:
    return Fault(
        number=number,
        code=None,
        field=name,
        kind=FaultKind.ENCODING,
        why="文字按现有编码读出来是乱码。",
        remedy='在对照文件 [source] 中写明 encoding，常见的是 "GBK" 或 "UTF-8"。',
    )


def _geometry(
    number: int, feature: Feature, transform: CoordTransform | None, faults: list[Fault]
) -> BaseGeometry | None:
    """The feature's geometry in CGCS2000, flat; None, with a fault, when there is none or it can't be read."""
    try:
        found = feature.geom
    except GDALException:
        found = None
    if found is None or found.empty:
        faults.append(
            Fault(
                number=number,
                code=None,
                field="geometry",
                kind=FaultKind.EMPTY_GEOMETRY,
                why="这个要素没有几何。",
                remedy="在原始数据中补画边界，或删去这一行。",
            )
        )
        return None
    try:
        if transform is not None:
            found.transform(transform)
        return shapely.force_2d(shapely.from_wkb(bytes(found.wkb), on_invalid="fix"))
    except (GDALException, shapely.GEOSException, ValueError) as error:
        faults.append(
            Fault(
                number=number,
                code=None,
                field="geometry",
                kind=FaultKind.WRONG_CRS if transform is not None else FaultKind.INVALID_RING,
                why=f"几何无法读入或无法转换到 CGCS2000（{error}）。",
                remedy="核实坐标系；用 GIS 软件检查并修复这个要素的几何。",
            )
        )
        return None
