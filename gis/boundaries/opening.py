"""Opens a boundary file so that nothing but this one file is read: bounded, of the named format, without a network.

GDAL follows addresses out of files: a virtual data set, a coordinate system by link, a view of a database. So each
format goes to its own driver alone, and what a driver would follow is refused, or rewritten, before it sees the file.
"""

import ctypes
import re
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from ctypes import c_char_p, c_int
from pathlib import Path
from typing import Any, Final

import orjson
from django.contrib.gis.gdal import DataSource, Driver, GDALException, SpatialReference, SRSException
from django.contrib.gis.gdal.libgdal import function
from django.contrib.gis.gdal.prototypes import ds as capi

from gis.boundaries.faults import ImportRefused

DRIVERS: Final = {
    ".geojson": "GeoJSON",
    ".json": "GeoJSON",
    ".shp": "ESRI Shapefile",
    ".zip": "ESRI Shapefile",
    ".gpkg": "GPKG",
}
MAX_GEOJSON_BYTES: Final = 128 * 1024 * 1024  # it is read into memory whole
MAX_FILE_BYTES: Final = 2 * 1024 * 1024 * 1024
MAX_UNPACKED_BYTES: Final = 1024 * 1024 * 1024
MAX_PARTS: Final = 2_000
PARTS: Final = frozenset({".shp", ".shx", ".dbf", ".prj", ".cpg"})
_EPSG: Final = re.compile(r"(?:EPSG:(?:[\d.]*:)?|^)(\d{1,9})$", re.IGNORECASE)
_CODE_PAGE: Final = re.compile(r"(?:ANSI|OEM|CP|MS|WINDOWS)?[\s_-]*(\d{3,5})", re.IGNORECASE)
_PAGES: Final = {"936": "GBK", "54936": "GB18030", "65001": "UTF-8"}
_SMALL: Final = 65_536  # no .prj or .cpg is longer
_VECTOR: Final = 0x04
_CHUNK: Final = 1024 * 1024
_enable_proj_network: Any = function("OSRSetPROJEnableNetwork", [c_int], None)


@contextmanager
def opened(path: Path) -> Iterator[DataSource]:
    """The data source of a boundary file. Its texts come as latin-1, byte for byte: who reads them decodes them.

    Raises ImportRefused for a file that is absent, too large, of another format, or names an address.
    """
    driver = DRIVERS.get(path.suffix.lower())
    if driver is None:
        raise ImportRefused(
            f"不认识的文件类型“{path.suffix}”。", "请给出 GeoJSON、Shapefile（.shp 或 .zip）或 GeoPackage。"
        )
    path = path.resolve()
    if not path.is_file() or (path.parts[1:2] and path.parts[1].startswith("vsi")):
        raise ImportRefused(f"找不到文件 {path}。", "检查路径。")
    with tempfile.TemporaryDirectory(prefix="relay60-boundaries-") as folder:
        try:
            yield _data_source(_made_safe(path, Path(folder)), driver, path)
        except OSError as error:
            raise ImportRefused(f"无法读取 {path.name}：{error.strerror or error}。", "检查文件和读取权限。") from None


def _data_source(safe: Path, driver: str, path: Path) -> DataSource:
    Driver.ensure_registered()
    _enable_proj_network(0)
    allowed = (c_char_p * 2)(driver.encode(), None)
    try:
        found = capi.open_ds(bytes(safe), _VECTOR, allowed, None, None)
        return DataSource(found, capi.get_dataset_driver(found), encoding="latin-1")
    except GDALException:
        raise ImportRefused(
            f"无法打开 {path.name}：内容不是所称的格式，或缺少配套文件。",
            "Shapefile 须连同 .shx、.dbf（最好还有 .prj、.cpg）一起给出，或打包为 .zip。",
        ) from None


def _made_safe(path: Path, folder: Path) -> Path:
    suffix = path.suffix.lower()
    if path.stat().st_size > (MAX_GEOJSON_BYTES if DRIVERS[suffix] == "GeoJSON" else MAX_FILE_BYTES):
        raise ImportRefused(f"{path.name} 过大。", "分层分片导出；很大的文件请用 GeoPackage。")
    if DRIVERS[suffix] == "GeoJSON":
        return _geojson(path, folder)
    if suffix == ".zip":
        return _unpacked(path, folder)
    if suffix == ".gpkg":
        _check_package(path)
    else:
        return _gathered(path, folder)
    return path


def _gathered(path: Path, folder: Path) -> Path:
    """A Shapefile's parts side by side under plain names, wherever they lie and however their endings are written."""
    for part in sorted(path.parent.iterdir()):
        if part.stem == path.stem and part.suffix.lower() in PARTS:
            target = folder / f"{part.stem}{part.suffix.lower()}"
            if not target.exists():
                target.symlink_to(part)
    layer = folder / f"{path.stem}.shp"
    _check_layer(layer)
    return layer


def _check_layer(layer: Path) -> None:
    """Refuses a Shapefile without its table; what says its coordinate system and encoding is made readable."""
    if not layer.with_suffix(".dbf").is_file():
        raise ImportRefused(
            f"{layer.name} 缺少配套的 .dbf，属性（编码、名称）都在里面。",
            "Shapefile 须连同 .shx、.dbf（最好还有 .prj、.cpg）一起给出，或打包为 .zip。",
        )
    _check_prj(layer.with_suffix(".prj"))
    for suffix, plain in ((".prj", _in_utf8), (".cpg", _encoding_of)):
        part = layer.with_suffix(suffix)
        if part.is_file():
            said = plain(part.read_bytes()[:_SMALL])
            part.unlink()  # of a link only the link
            part.write_text(said, encoding="utf-8")


def _in_utf8(raw: bytes) -> str:
    """A .prj's text. A local system may bear a Chinese name, in whatever encoding."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("gb18030", "replace")


def _encoding_of(raw: bytes) -> str:
    """What a .cpg says, as GDAL knows it: `ANSI 936` is GBK. Notepad puts a mark before it that GDAL trips over."""
    said = raw.decode("utf-8-sig", "replace").strip()
    page = _CODE_PAGE.fullmatch(said)
    return _PAGES.get(page[1], said) if page else said


def _geojson(path: Path, folder: Path) -> Path:
    """The file written again from what was understood here, so that GDAL reads exactly what was checked."""
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            raise ImportRefused(f"{path.name} 不是 UTF-8 文本。", "另存为 UTF-8 编码的 GeoJSON。") from None
        raise ImportRefused(
            f"无法打开 {path.name}：不是完整的 JSON（第 {error.lineno} 行第 {error.colno} 列）。", "重新导出 GeoJSON。"
        ) from None
    if not isinstance(said, dict):
        raise ImportRefused(f"无法打开 {path.name}：内容不是 GeoJSON。", "重新导出 GeoJSON。")
    for holder in _holders_of_crs(said):
        _check_crs(holder.get("crs"), path)
        _mark_nul(holder.get("properties"))
    safe = folder / path.name
    try:
        safe.write_bytes(orjson.dumps(said))
    except orjson.JSONEncodeError:  # nested deeper than it writes, though it reads that deep
        raise ImportRefused(f"无法打开 {path.name}：嵌套过深。", "重新导出 GeoJSON。") from None
    return safe


def _mark_nul(properties: Any) -> None:
    """A text ends at NUL for GDAL: what follows would be gone without a word. It is told as garbled instead."""
    for key, value in properties.items() if isinstance(properties, dict) else ():
        if isinstance(value, str) and "\0" in value:
            properties[key] = value.replace("\0", "\ufffd")


def _holders_of_crs(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Every object of a GeoJSON file of which GDAL reads a coordinate system."""
    waiting: list[Any] = [said]
    while waiting:
        one = waiting.pop()
        if not isinstance(one, dict):
            continue
        yield one
        waiting.append(one.get("geometry"))
        for key in ("features", "geometries"):
            if isinstance(one.get(key), list):
                waiting += one[key]


def _check_crs(crs: Any, path: Path) -> None:
    if crs is None:
        return
    kind = str(crs.get("type")).casefold() if isinstance(crs, dict) else ""
    inside = crs.get("properties") if isinstance(crs, dict) else None
    name = str(inside.get("name", inside.get("code", ""))) if isinstance(inside, dict) else ""
    if kind in ("name", "epsg") and name and "/" not in name:
        if _is_unknown(name):  # GDAL would take it for WGS 84 without a word
            raise ImportRefused(f"{path.name} 写明的坐标系“{name}”不认识。", "另存为写明 EPSG 编号的文件。")
        return
    how = "用网址写明坐标系" if kind in ("link", "url") or "/" in name else "写明坐标系的方式不认识"
    raise ImportRefused(f"{path.name} {how}，不予打开。", "另存为写明 EPSG 编号的文件。")


def _is_unknown(name: str) -> bool:
    """Whether a name of a coordinate system is none that GDAL knows: `EPSG:99999999`, `foo`."""
    found = _EPSG.search(name)
    if found is None:
        return "CRS84" not in name
    try:
        SpatialReference(int(found[1]))
    except (SRSException, GDALException, OverflowError, ctypes.ArgumentError):
        return True
    return False


def _unpacked(path: Path, folder: Path) -> Path:
    """The folder of the Shapefiles in an archive, and of nothing else that may lie in it."""
    damaged = ImportRefused(f"无法打开 {path.name}：压缩包已损坏或有密码。", "去掉密码，重新打包为 .zip。")
    try:
        with zipfile.ZipFile(path) as archive:
            parts = [part for part in archive.infolist() if Path(_name_in(part)).suffix.lower() in PARTS]
            if len(archive.infolist()) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED_BYTES:
                raise ImportRefused(f"{path.name} 展开后过大。", "只打包需要导入的 Shapefile。")
            for part in parts:
                name = Path(_name_in(part)).name
                target = folder / f"{Path(name).stem}{Path(name).suffix.lower()}"
                if name.startswith("._"):  # what macOS puts beside each file
                    continue
                if target.exists():
                    raise ImportRefused(f"{path.name} 里有两个“{name}”。", "每个压缩包只放一份。")
                with archive.open(part) as source, target.open("wb") as out:
                    while chunk := source.read(_CHUNK):
                        out.write(chunk)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError):
        raise damaged from None
    layers = sorted(folder.glob("*.shp"))
    if not layers:
        raise ImportRefused(
            f"无法打开 {path.name}：里面没有 Shapefile。", "把 .shp、.shx、.dbf、.prj 一起打包为 .zip。"
        )
    for layer in layers:
        _check_layer(layer)
    return layers[0] if len(layers) == 1 else folder


def _name_in(part: zipfile.ZipInfo) -> str:
    """A part's name: without the UTF-8 flag Chinese programs write GBK, which zipfile reads as code page 437."""
    if part.flag_bits & 0x800:
        return part.filename
    raw = part.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return part.filename


def _check_prj(prj: Path) -> None:
    if prj.is_file() and b"://" in prj.read_bytes()[:_SMALL].partition(b"[")[0]:
        raise ImportRefused(
            f"{prj.name} 里是网址，不是坐标系。", "从原系统重新导出，或在对照文件 [source] 中写明 crs。"
        )


def _check_package(path: Path) -> None:
    """Refuses a GeoPackage whose schema computes or fetches: views, virtual tables but the spatial index, links."""
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            made = base.execute("SELECT name, coalesce(sql, '') FROM sqlite_master WHERE type IN ('view', 'table')")
            for name, sql in made.fetchall():
                words = " ".join(str(sql).split()).upper()
                virtual = words.startswith("CREATE VIRTUAL TABLE") and " USING RTREE" not in words
                if virtual or not words.startswith(("CREATE TABLE", "CREATE VIRTUAL TABLE")):
                    raise ImportRefused(
                        f"{path.name} 里的“{name}”不是普通的表，不予打开。", "另存为只含图层的 GeoPackage。"
                    )
            for (definition,) in base.execute("SELECT definition FROM gpkg_spatial_ref_sys").fetchall():
                if "://" in str(definition).partition("[")[0]:
                    raise ImportRefused(f"{path.name} 用网址写明坐标系，不予打开。", "另存为写明 EPSG 编号的文件。")
    except (sqlite3.DatabaseError, ValueError, UnicodeDecodeError):
        raise ImportRefused(f"无法打开 {path.name}：内容不是 GeoPackage。", "重新导出 GeoPackage。") from None
