"""Boundary files as they come from other programs: curves, texts in Chinese encodings, parts that are missing."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gis.boundaries.faults import FaultKind, ImportRefused
from tests.gis.boundaries.conftest import ONE_TIER, Desk, row, square

Convert = Callable[..., None]
ROWS = [row("a1", square(0, 0), "白坪街道"), row("a2", square(1, 0), "河湾镇")]
NAMES = ["白坪街道", "河湾镇"]
LOCAL = (
    'PROJCS["河湾独立坐标系",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],'
    'PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],'
    'UNIT["Meter",1.0]]'
)


def names_of(desk: Desk, file: Path, mapping: str = ONE_TIER) -> list[str]:
    """The names that come in; nothing may be wrong."""
    outcome = desk.imports(file, mapping)
    assert outcome.faults == ()
    return [one.name for one in outcome.survey.rows[1:]]


def package_of(desk: Desk, ogr2ogr: Convert, wkt: str) -> Path:
    """A GeoPackage with one row of this geometry."""
    table, package = desk.folder / "cells.csv", desk.folder / "cells.gpkg"
    table.write_text(f'CODE,NAME,WKT\na1,白坪街道,"{wkt}"\n', encoding="utf-8")
    ogr2ogr(package, table, "-oo", "GEOM_POSSIBLE_NAMES=WKT", "-a_srs", "EPSG:4490", "-nlt", "GEOMETRY")
    return package


@pytest.mark.parametrize(
    "wkt",
    [
        "CURVEPOLYGON(CIRCULARSTRING(120 30,120.005 30.005,120.01 30,120.005 29.995,120 30))",
        "MULTISURFACE(((120 30,120.01 30,120.01 30.01,120 30)))",
    ],
)
def test_arcs_come_in_as_chords(desk: Desk, ogr2ogr: Convert, wkt: str) -> None:
    assert names_of(desk, package_of(desk, ogr2ogr, wkt)) == ["白坪街道"]


@pytest.mark.parametrize(
    "wkt",
    [
        "TIN(((120 30,120.01 30,120.01 30.01,120 30)))",
        "POLYHEDRALSURFACE(((120 30,120.01 30,120.01 30.01,120 30)))",
        "COMPOUNDCURVE(CIRCULARSTRING(120 30,120.005 30.005,120.01 30))",
    ],
)
def test_what_is_no_area_is_a_fault_of_its_row_and_no_crash(desk: Desk, ogr2ogr: Convert, wkt: str) -> None:
    [fault] = desk.imports(package_of(desk, ogr2ogr, wkt)).faults
    assert (fault.kind, fault.number) == (FaultKind.NOT_A_POLYGON, 1)


@pytest.mark.parametrize("srs", [-1, 0])
def test_a_package_that_does_not_know_its_coordinate_system_says_so(desk: Desk, ogr2ogr: Convert, srs: int) -> None:
    package = desk.folder / "cells.gpkg"
    ogr2ogr(package, desk.file(ROWS), "-a_srs", "EPSG:4490")
    with closing(sqlite3.connect(package)) as base:
        for table in ("gpkg_geometry_columns", "gpkg_contents"):
            base.execute(f"UPDATE {table} SET srs_id = ?", (srs,))
        base.commit()
    with pytest.raises(ImportRefused, match="没有写明坐标系"):
        desk.imports(package)
    assert names_of(desk, package, ONE_TIER + '[source]\ncrs = "EPSG:4490"\n') == NAMES


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("GBK", b"ANSI 936"), ("GBK", b"936\r\n"), ("GBK", b"\xef\xbb\xbfGBK"), ("UTF-8", b"\xef\xbb\xbfUTF-8")],
)
def test_an_encoding_is_known_however_it_is_said(desk: Desk, ogr2ogr: Convert, encoding: str, said: bytes) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", f"ENCODING={encoding}", shp, desk.file(ROWS))
    shp.with_suffix(".cpg").write_bytes(said)
    assert names_of(desk, shp) == NAMES
    assert shp.with_suffix(".cpg").read_bytes() == said  # the operator's file stays as it is


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_local_system_may_bear_a_chinese_name(desk: Desk, ogr2ogr: Convert, encoding: str) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-t_srs", "EPSG:4549", "-lco", "ENCODING=UTF-8", shp, desk.file(ROWS))
    shp.with_suffix(".prj").write_bytes(LOCAL.encode(encoding))
    outcome = desk.imports(shp)
    assert (outcome.faults, outcome.source.crs.name) == ((), "河湾独立坐标系")
    assert outcome.survey.rows[1].polygon.bounds == pytest.approx((120.0, 30.0, 120.01, 30.01), abs=1e-7)


def test_endings_may_be_written_large_and_the_table_must_be_there(desk: Desk, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=UTF-8", shp, desk.file(ROWS))
    for part in list(desk.folder.glob("towns.*")):
        part.rename(part.with_suffix(part.suffix.upper()))
    assert names_of(desk, desk.folder / "towns.SHP") == NAMES
    (desk.folder / "towns.DBF").unlink()
    with pytest.raises(ImportRefused, match=r"缺少配套的 \.dbf"):
        desk.imports(desk.folder / "towns.SHP")


def test_a_code_in_a_column_of_numbers_keeps_its_digits(desk: Desk, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    numbers = [row("a1", square(0, 0), "白坪街道"), row("a2", square(1, 0), "河湾镇")]
    for number, feature in enumerate(numbers):
        feature["properties"]["CODE"] = 330199001002.0 + number
    ogr2ogr("-lco", "ENCODING=UTF-8", shp, desk.file(numbers))
    assert names_of(desk, shp) == NAMES
    assert [one.code for one in desk.imports(shp).survey.rows[1:]] == ["330199001002", "330199001003"]


def test_a_garbled_name_is_not_called_empty_as_well(desk: Desk, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=GBK", shp, desk.file(ROWS))
    shp.with_suffix(".cpg").unlink()
    assert [(fault.number, fault.kind) for fault in desk.imports(shp).faults] == [
        (1, FaultKind.ENCODING),
        (2, FaultKind.ENCODING),
    ]
