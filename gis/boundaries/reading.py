"""Reads a boundary file row by row through GDAL: GeoJSON, Shapefile (.shp or .zip), GeoPackage. Nothing is judged here
but what can't be read at all; geometries come out in CGCS2000."""

import codecs
import math
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import shapely
from django.contrib.gis.gdal import CoordTransform, DataSource, GDALException, SpatialReference, SRSException
from django.contrib.gis.gdal.feature import Feature
from django.contrib.gis.gdal.field import OFTReal
from django.contrib.gis.gdal.layer import Layer
from shapely.geometry.base import BaseGeometry

from gis.boundaries.faults import Fault, FaultKind, ImportRefused
from gis.boundaries.map_file import MapFile
from gis.boundaries.opening import opened
from gis.boundaries.tiling import METRES_PER_DEGREE
from gis.names import encoding_meant

CGCS2000: Final = 4490
WGS84: Final = 4326
EPSG: Final = re.compile(r"EPSG:[0-9]{4,6}")
WHOLE: Final = re.compile(rb"(\d{1,15})\.0+")  # fifteen digits are kept exactly by a column of numbers
CHINA: Final = (73.0, 3.0, 136.0, 54.0)  # lon, lat, lon, lat: a first test of the coordinate system, no border
MAX_FEATURES: Final = 300_000


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
    open_by_m: float | None = None  # how far the ends of its widest open ring lie apart; None: all are closed
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
    with _text_encoding(mapping.source.encoding), opened(path) as source:
        try:
            return _read(source, path, mapping)
        except (GDALException, SRSException, shapely.GEOSException, UnicodeError, IndexError) as error:
            raise ImportRefused(
                f"{path.name} 读到一半出错（{error}）。", "用 GIS 软件打开并重新导出，再导入新的文件。"
            ) from None


def _read(source: DataSource, path: Path, mapping: MapFile) -> SourceFile:
    layer = _layer_of(source, mapping.source.layer, path)
    if layer.num_feat > MAX_FEATURES:
        raise ImportRefused(f"{path.name} 有 {layer.num_feat} 个要素，超过 {MAX_FEATURES} 个。", "分层分片导出。")
    columns = _columns_of(layer, mapping, path)
    driver = str(source.driver)
    crs, transform = _crs_of(layer, driver, mapping.source.crs, path)
    rows = tuple(_row(number, feature, columns, transform) for number, feature in enumerate(layer, start=1))
    return SourceFile(name=path.name, driver=driver, layer=_shown(layer.name), crs=crs, rows=rows)


@contextmanager
def _text_encoding(encoding: str | None) -> Iterator[None]:
    """GDAL recodes a .dbf's text to UTF-8 from this encoding; it reads the option from the environment."""
    try:
        codecs.lookup(encoding or "utf-8")
    except LookupError:
        raise ImportRefused(f"不认识的编码“{encoding}”。", '常见的是 "GBK" 或 "UTF-8"。') from None
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
    names = [_shown(source[index].name) for index in range(source.layer_count)]
    if not names:
        raise ImportRefused(f"{path.name} 里没有图层。", "检查导出步骤。")
    if name is None and len(names) > 1:
        raise ImportRefused(f"{path.name} 有多个图层：{'、'.join(names)}。", "在对照文件 [source] 中写明 layer。")
    if name is not None and name not in names:
        raise ImportRefused(f"{path.name} 没有图层“{name}”，只有：{'、'.join(names)}。", "改正对照文件的 layer。")
    return source[names.index(name) if name is not None else 0]


def _wanted_properties(mapping: MapFile) -> tuple[str, ...]:
    cells = mapping.cells
    names = [cells.code, cells.name]
    names += [cells.parent] if cells.parent else []
    names += [cells.tier.property] if not isinstance(cells.tier, str) else []
    names += [mapping.parents.name] if mapping.parents else []
    return tuple(dict.fromkeys(names))


def _columns_of(layer: Layer, mapping: MapFile, path: Path) -> Mapping[str, int]:
    """Where the properties stand that the map file names. Raises ImportRefused that says which are missing."""
    raw = [name.encode("latin-1") for name in layer.fields]
    names = [_decoded(name) for name in raw]
    found = {name: place for place, name in reversed(list(enumerate(names))) if name is not None}
    wanted = _wanted_properties(mapping)
    missing = [name for name in wanted if name not in found]
    if not missing:
        return {name: found[name] for name in wanted}
    garbled = []
    for place, (bytes_, name) in enumerate(zip(raw, names, strict=True), start=1):
        meant = "GB18030" if name is None else encoding_meant(name)
        if meant:
            # what GDAL took for latin-1 it has made UTF-8 of: back to the file's own bytes first
            own = bytes_ if name is None else name.encode("latin-1", "replace")
            garbled.append(f"第 {place} 列按 {meant} 读是“{own.decode(meant, 'replace')}”")
    if garbled:
        raise ImportRefused(
            f"{path.name} 没有属性 {'、'.join(missing)}，但有列名是乱码：{'；'.join(garbled)}。",
            '在对照文件 [source] 中写明 encoding，常见的是 "GBK" 或 "UTF-8"。',
        )
    raise ImportRefused(
        f"{path.name} 没有属性 {'、'.join(missing)}；它有：{'、'.join(found) or '无'}。",
        "改正对照文件 [cells] 或 [parents]。",
    )


def _decoded(raw: bytes) -> str | None:
    """A column's name; None when it isn't UTF-8. A .dbf cuts names at ten bytes, also in the middle of a sign."""
    for cut in range(4):
        try:
            return raw[: len(raw) - cut].decode("utf-8") if cut < len(raw) or not cut else None
        except UnicodeDecodeError as error:
            if error.reason != "unexpected end of data":
                return None
    return None


def _shown(name: str) -> str:
    return name.encode("latin-1").decode("utf-8", "replace")


def _crs_of(layer: Layer, driver: str, said: str | None, path: Path) -> tuple[SourceCrs, CoordTransform | None]:
    if said is not None and not EPSG.fullmatch(said):
        raise ImportRefused(f"不认识的坐标系“{said}”。", '写成 EPSG 编号，例如 "EPSG:4549"。')
    own = layer.srs
    # "Undefined …" is how a GeoPackage says that it doesn't know.
    found = own if own is not None and not str(own.name).startswith("Undefined ") else None
    # GDAL gives WGS 84 to every GeoJSON file without a word of its own, so there the map file may know better.
    silent = found is None or (driver == "GeoJSON" and _epsg(found) == f"EPSG:{WGS84}")
    if silent and said is None and driver != "GeoJSON":
        raise ImportRefused(
            f"{path.name} 没有写明坐标系。",
            '补上 .prj，或在对照文件 [source] 中写明 crs，例如 crs = "EPSG:4490"。',
        )
    if said is None or not silent:
        assert found is not None
        if said is not None and _named(said).srid != found.srid:
            raise ImportRefused(
                f"文件写明的坐标系是 {found.name}，对照文件写的是 {said}，两者不一致。",
                "crs 只用于没有写明坐标系的文件；删去它，或先核实文件。",
            )
        crs = SourceCrs(_epsg(found), str(found.name), "format" if silent else "file")
        return crs, _transform(found)
    named = _named(said)
    return SourceCrs(_epsg(named) or said, str(named.name), "map"), _transform(named)


def _named(said: str) -> SpatialReference:
    try:
        return SpatialReference(said)
    except (SRSException, GDALException):
        raise ImportRefused(f"不认识的坐标系“{said}”。", '写成 EPSG 编号，例如 "EPSG:4549"。') from None


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
    try:
        return CoordTransform(reference, SpatialReference(CGCS2000))
    except (SRSException, GDALException):
        raise ImportRefused(
            f"坐标系 {reference.name} 无法转换到 CGCS2000。", "用 GIS 软件另存为 EPSG:4490 后导入。"
        ) from None


def _row(number: int, feature: Feature, columns: Mapping[str, int], transform: CoordTransform | None) -> SourceRow:
    row = SourceRow(number=number, values={}, geometry=None)
    for name, place in columns.items():
        field_ = feature[place]
        raw = (field_.as_string() or "").encode("latin-1")
        if isinstance(field_, OFTReal) and (whole := WHOLE.fullmatch(raw)):  # a code in a column of numbers
            raw = whole[1]
        try:
            text = raw.decode("utf-8").strip()
            meant = encoding_meant(text)
        except UnicodeDecodeError:
            text, meant = "", "GB18030"
        if meant is not None:
            row.faults.append(_wrong_encoding(number, name, meant))
        row.values[name] = text or None
    _take_geometry(row, feature, transform)
    return row


def _wrong_encoding(number: int, name: str, meant: str) -> Fault:
    return Fault(
        number=number,
        code=None,
        field=name,
        kind=FaultKind.ENCODING,
        why="文字按现有编码读出来是乱码。",
        remedy='在对照文件 [source] 中写明 encoding，常见的是 "GBK" 或 "UTF-8"'
        + (f"；这里像是 {meant}。" if meant else "；也可能原始数据里就是乱码。"),
    )


def _take_geometry(row: SourceRow, feature: Feature, transform: CoordTransform | None) -> None:
    """The feature's geometry in CGCS2000, flat; a fault when there is none or it can't be read."""

    def blame(kind: FaultKind, why: str, remedy: str) -> None:
        row.faults.append(Fault(number=row.number, code=None, field="geometry", kind=kind, why=why, remedy=remedy))

    try:
        found = feature.geom
    except TypeError:  # Django's word for a surface of triangles
        why = "几何是曲面（如 TIN、PolyhedralSurface），不是面。"
        return blame(FaultKind.NOT_A_POLYGON, why, "用 GIS 软件转换为多面（MultiPolygon）后重新导出。")
    except GDALException:
        found = None
    if found is None or found.empty:
        why = "这个要素没有几何，或坐标不是数字。"
        return blame(FaultKind.EMPTY_GEOMETRY, why, "在原始数据中补画边界，或删去这一行。")
    try:
        if found.has_curve:  # an arc as chords of 4°, the same from either side of it
            found = found.get_linear_geometry()
        if transform is not None:
            found.transform(transform)
        wkb = bytes(found.wkb)
        try:
            row.geometry = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="raise"))
        except shapely.GEOSException:  # a ring that isn't closed, or has too few corners
            row.geometry = shapely.force_2d(shapely.from_wkb(wkb, on_invalid="fix"))
            corners: Any = found
            row.open_by_m = _open_by_m(corners.tuple)
            if row.geometry is None or row.geometry.is_empty:  # a ring of one corner
                row.geometry = None
                blame(FaultKind.EMPTY_GEOMETRY, "边界的点太少，围不成面。", "在原始数据中补画边界，或删去这一行。")
    except (GDALException, shapely.GEOSException, ValueError) as error:
        row.geometry = None
        blame(
            FaultKind.WRONG_CRS if transform is not None else FaultKind.INVALID_RING,
            f"几何无法读入或无法转换到 CGCS2000（{error}）。",
            "核实坐标系；用 GIS 软件检查并修复这个要素的几何。",
        )
    return None


def _open_by_m(nested: Any) -> float | None:
    """Of rings however deep: the widest distance between a ring's ends, in metres; None when all are closed."""
    if not nested:
        return None
    if isinstance(nested[0][0], float | int):
        (west, south), (east, north) = nested[0][:2], nested[-1][:2]
        if (west, south) == (east, north):
            return None
        return math.hypot((east - west) * math.cos(math.radians(south)), north - south) * METRES_PER_DEGREE
    return max((apart for one in nested if (apart := _open_by_m(one)) is not None), default=None)
