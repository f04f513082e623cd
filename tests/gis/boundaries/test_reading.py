"""Files as other systems make them: Shapefile in GBK and in metres, GeoPackage with layers; broken ones."""

from collections.abc import Callable
from pathlib import Path

import pytest

from gis.boundaries.faults import FaultKind, ImportRefused
from tests.gis.boundaries.conftest import ONE_TIER, Desk, row, square

Convert = Callable[..., None]
ROWS = [row("330199001", square(0, 0), name="河湾镇"), row("330199002", square(1, 0), name="柳浦街道")]


def test_a_shapefile_in_metres_and_gbk_comes_in_as_cgcs2000(desk: Desk, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-t_srs", "EPSG:4549", "-lco", "ENCODING=GBK", shp, desk.file(ROWS))
    outcome = desk.imports(shp)
    assert outcome.faults == ()
    assert [cell.name for cell in outcome.survey.rows] == ["河湾区", "河湾镇", "柳浦街道"]
    assert (outcome.source.crs.named_by, outcome.source.driver) == ("file", "ESRI Shapefile")
    assert "CGCS2000" in outcome.source.crs.name.replace("China Geodetic Coordinate System 2000", "CGCS2000")
    west, south, east, north = outcome.survey.rows[1].polygon.bounds
    assert (west, south, east, north) == pytest.approx((120.0, 30.0, 120.01, 30.01), abs=1e-8)


def test_a_zip_of_a_shapefile_is_one_file(desk: Desk, ogr2ogr: Convert) -> None:
    archive = desk.folder / "towns.zip"
    ogr2ogr("-lco", "ENCODING=UTF-8", f"{desk.folder / 'towns.shz'}", desk.file(ROWS))
    (desk.folder / "towns.shz").rename(archive)
    outcome = desk.imports(archive)
    assert [cell.name for cell in outcome.survey.rows][1:] == ["河湾镇", "柳浦街道"]


def test_text_without_its_encoding_is_a_fault_of_each_row_until_the_map_file_says_it(
    desk: Desk, ogr2ogr: Convert
) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=GBK", shp, desk.file(ROWS))
    shp.with_suffix(".cpg").unlink()
    dbf = bytearray(shp.with_suffix(".dbf").read_bytes())
    dbf[29] = 0x57  # "ANSI": what Windows programs write for any code page
    shp.with_suffix(".dbf").write_bytes(dbf)
    outcome = desk.imports(shp)
    assert {(fault.kind, fault.field) for fault in outcome.faults} == {(FaultKind.ENCODING, "NAME")}
    assert "GBK" in outcome.faults[0].remedy

    told = desk.imports(shp, ONE_TIER + '[source]\nencoding = "GBK"\n')
    assert (told.faults, told.survey.rows[1].name) == ((), "河湾镇")


CHINESE = """
covers = "centre"
district = "union"
[cells]
tier = "township"
code = "编码"
name = "名称"
"""
CHINESE_ROWS = [
    {"type": "Feature", "properties": {"编码": f"33019900{n}", "名称": f"河湾{n}镇"}, "geometry": square(n, 0)}
    for n in (1, 2)
]


@pytest.mark.parametrize("page", [0x00, 0x57, 0x4D])  # no word, "ANSI", GBK
def test_columns_in_gbk_without_a_word_are_named_with_the_remedy(desk: Desk, ogr2ogr: Convert, page: int) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=GBK", shp, desk.file(CHINESE_ROWS))
    shp.with_suffix(".cpg").unlink()
    dbf = bytearray(shp.with_suffix(".dbf").read_bytes())
    dbf[29] = page
    shp.with_suffix(".dbf").write_bytes(dbf)
    if page == 0x4D:  # the file says it in its own way
        assert desk.imports(shp, CHINESE).faults == ()
    else:
        with pytest.raises(ImportRefused) as refused:
            desk.imports(shp, CHINESE)
        assert "第 2 列按 GB18030 读是“名称”" in refused.value.why
        assert "GBK" in refused.value.remedy
    told = desk.imports(shp, CHINESE + '[source]\nencoding = "GBK"\n')
    assert (told.faults, told.survey.rows[1].name) == ((), "河湾1镇")


def test_a_column_cut_off_within_a_sign_keeps_its_whole_signs(desk: Desk, ogr2ogr: Convert) -> None:
    """A .dbf has room for ten bytes: three signs of UTF-8 and a third of the next."""
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=UTF-8", shp, desk.file(CHINESE_ROWS))
    dbf = shp.with_suffix(".dbf").read_bytes()
    name = "名称".encode()
    dbf = dbf.replace(name + bytes(11 - len(name)), "社区名".encode() + b"\xe7\0", 1)
    shp.with_suffix(".dbf").write_bytes(dbf)
    outcome = desk.imports(shp, CHINESE.replace("名称", "社区名"))
    assert (outcome.faults, outcome.survey.rows[1].name) == ((), "河湾1镇")


def test_a_file_without_a_coordinate_system_needs_the_map_files_word(desk: Desk, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-t_srs", "EPSG:4549", "-lco", "ENCODING=UTF-8", shp, desk.file(ROWS))
    shp.with_suffix(".prj").unlink()
    with pytest.raises(ImportRefused, match="没有写明坐标系"):
        desk.imports(shp)
    outcome = desk.imports(shp, ONE_TIER + '[source]\ncrs = "EPSG:4549"\n')
    assert outcome.faults == ()
    assert (outcome.source.crs.code, outcome.source.crs.named_by) == ("EPSG:4549", "map")
    assert outcome.survey.rows[1].polygon.bounds == pytest.approx((120.0, 30.0, 120.01, 30.01), abs=1e-8)


def test_metres_without_a_word_are_told_as_a_wrong_coordinate_system(desk: Desk, ogr2ogr: Convert) -> None:
    metres = desk.folder / "metres.geojson"
    ogr2ogr("-s_srs", "EPSG:4326", "-t_srs", "EPSG:4549", "-lco", "RFC7946=NO", metres, desk.file(ROWS))
    text = metres.read_text(encoding="utf-8")
    metres.write_text(text.replace('"crs":', '"was":'), encoding="utf-8")
    assert {fault.kind for fault in desk.imports(metres).faults} == {FaultKind.WRONG_CRS}
    assert desk.imports(metres, ONE_TIER + '[source]\ncrs = "EPSG:4549"\n').faults == ()


def test_the_map_file_does_not_contradict_the_file(desk: Desk, ogr2ogr: Convert) -> None:
    package = desk.folder / "towns.gpkg"
    ogr2ogr("-t_srs", "EPSG:4549", package, desk.file(ROWS))
    with pytest.raises(ImportRefused, match="两者不一致"):
        desk.imports(package, ONE_TIER + '[source]\ncrs = "EPSG:4490"\n')


def test_a_geopackage_with_layers_needs_to_be_told_which(desk: Desk, ogr2ogr: Convert) -> None:
    package = desk.folder / "county.gpkg"
    ogr2ogr("-nln", "towns", package, desk.file(ROWS))
    ogr2ogr("-update", "-nln", "roads", package, desk.file(ROWS, "roads.geojson"))
    with pytest.raises(ImportRefused, match=r"多个图层：towns、roads"):
        desk.imports(package)
    assert len(desk.imports(package, ONE_TIER + '[source]\nlayer = "towns"\n').survey.rows) == 3


def test_numbers_as_codes_keep_their_digits(desk: Desk, ogr2ogr: Convert) -> None:
    package = desk.folder / "numbers.gpkg"
    rows = [row("", square(0, 0), name="河湾镇") | {}, row("", square(1, 0), name="柳浦街道")]
    for number, one in enumerate(rows, start=1):
        one["properties"]["CODE"] = 330199001000 + number
    ogr2ogr(package, desk.file(rows))
    assert [cell.code for cell in desk.imports(package).survey.rows][1:] == ["330199001001", "330199001002"]


@pytest.mark.parametrize("name", ["cells.geojson", "cells.shp", "cells.gpkg", "cells.zip"])
@pytest.mark.parametrize("content", [b"", b"{", b"PK\x03\x04 no archive", b"\x00\x00\x27\x0a" * 40])
def test_a_broken_file_is_refused_with_a_remedy(desk: Desk, name: str, content: bytes) -> None:
    path = desk.folder / name
    path.write_bytes(content)
    with pytest.raises(ImportRefused) as refused:
        desk.imports(path)
    assert refused.value.remedy


@pytest.mark.parametrize("name", ["cells.csv", "cells.dwg", "absent.geojson"])
def test_other_files_are_refused(desk: Desk, name: str) -> None:
    path = desk.folder / name
    if "absent" not in name:
        path.write_text("CODE,NAME\n", encoding="utf-8")
    with pytest.raises(ImportRefused):
        desk.imports(Path(path))


def test_a_cut_off_file_is_refused_whole(desk: Desk) -> None:
    whole = desk.file(ROWS).read_bytes()
    cut = desk.folder / "cut.geojson"
    cut.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ImportRefused):
        desk.imports(cut)


def test_a_coordinate_system_by_address_is_never_looked_up(desk: Desk) -> None:
    link = {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}}
    file = desk.file(ROWS, crs=link)
    with pytest.raises(ImportRefused, match="用网址写明坐标系"):
        desk.imports(file)
    with pytest.raises(ImportRefused, match="不认识的坐标系"):
        desk.imports(desk.file(ROWS), ONE_TIER + '[source]\ncrs = "http://127.0.0.1:9/crs"\n')


def test_what_is_inside_counts_not_the_name(desk: Desk) -> None:
    path = desk.folder / "cells.geojson"
    inside = '<OGRVRTLayer name="x"><SrcDataSource>x.csv</SrcDataSource></OGRVRTLayer>'
    path.write_text(f"<OGRVRTDataSource>{inside}</OGRVRTDataSource>", encoding="utf-8")
    with pytest.raises(ImportRefused):
        desk.imports(path)
