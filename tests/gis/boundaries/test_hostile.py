"""A boundary file names an address, is a bomb, or is something else under its name: nothing is fetched, all is told."""

import json
import shutil
import socket
import sqlite3
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from gis.boundaries import opening
from gis.boundaries.faults import ImportRefused
from gis.boundaries.map_file import MapFile
from gis.boundaries.reading import read_boundaries
from tests.gis.boundaries.conftest import Desk, row, square

Convert = Callable[..., None]
ROWS = [row("330199001", square(0, 0), name="河湾镇"), row("330199002", square(1, 0), name="柳浦街道")]
MAP = MapFile.model_validate(
    {"covers": "centre", "district": "union", "cells": {"tier": "township", "code": "CODE", "name": "NAME"}}
)


class Ear:
    """A server of this machine that remembers who called."""

    def __init__(self) -> None:
        self.heard = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._socket.getsockname()[1]}/x.geojson"
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                caller, _ = self._socket.accept()
            except OSError:
                return
            self.heard += 1
            with caller:
                caller.sendall(b"HTTP/1.0 404 Not Found\r\nContent-Length: 0\r\n\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear() -> Iterator[Ear]:
    """It must hear nothing."""
    ear = Ear()
    yield ear
    ear.close()
    assert ear.heard == 0


def refused(path: Path) -> str:
    with pytest.raises(ImportRefused) as error:
        read_boundaries(path, MAP)
    assert error.value.remedy
    return error.value.why


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "ADDRESS", "type": "proj4"}},
        {"type": "LINK", "properties": {"href": "ADDRESS"}},
        {"type": "url", "properties": {"url": "ADDRESS"}},
        {"properties": {"url": "ADDRESS"}, "x": {}, "type": "URL"},
        {"type": "name", "properties": {"name": "ADDRESS"}},
        {"type": "name", "properties": {"name": "/vsicurl/ADDRESS"}},
    ],
)
@pytest.mark.parametrize("holder", ["file", "feature", "geometry"])
def test_a_coordinate_system_by_address_is_refused(desk: Desk, ear: Ear, crs: dict[str, Any], holder: str) -> None:
    said = json.loads(json.dumps(crs).replace("ADDRESS", ear.address))
    rows = json.loads(json.dumps(ROWS))
    members = {"crs": said} if holder == "file" else {}
    if holder == "feature":
        rows[0]["crs"] = said
    if holder == "geometry":
        rows[0]["geometry"]["crs"] = said
    assert "用网址写明坐标系" in refused(desk.file(rows, **members))


@pytest.mark.parametrize("name", ["EPSG:99999999", "foo", "urn:ogc:def:crs:EPSG::99999999", "+proj=longlat", "EPSG:"])
def test_a_coordinate_system_that_nobody_knows_is_not_taken_for_wgs84(desk: Desk, name: str) -> None:
    said = {"type": "name", "properties": {"name": name}}
    assert name in refused(desk.file(ROWS, crs=said))


@pytest.mark.parametrize("name", ["EPSG:4326", "urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4490"])
def test_a_coordinate_system_that_is_known_is_taken(desk: Desk, name: str) -> None:
    assert len(read_boundaries(desk.file(ROWS, crs={"type": "name", "properties": {"name": name}}), MAP).rows) == 2


def test_what_is_nested_too_deep_is_refused(desk: Desk) -> None:
    deep = desk.file(ROWS).read_text(encoding="utf-8").replace('"NAME"', f'"X": {"[" * 600}{"]" * 600}, "NAME"', 1)
    path = desk.folder / "deep.geojson"
    path.write_text(deep, encoding="utf-8")
    assert "嵌套过深" in refused(path)


def test_a_text_is_not_cut_at_nul_without_a_word(desk: Desk) -> None:
    file = desk.file([row("330199001", square(0, 0), name="河湾\0镇"), ROWS[1]])
    first, second = read_boundaries(file, MAP).rows
    assert [fault.kind.value for fault in first.faults] == ["encoding"] and not second.faults


def test_a_ring_of_one_corner_is_a_fault_and_does_not_vanish(desk: Desk) -> None:
    point = {"type": "Polygon", "coordinates": [[[120.0, 30.0]]]}
    file = desk.file([row("330199001", point, name="河湾镇"), ROWS[1]])
    first, _ = read_boundaries(file, MAP).rows
    assert [fault.kind.value for fault in first.faults] == ["empty_geometry"]


def test_an_address_behind_an_escape_or_said_twice_is_refused(desk: Desk, ear: Ear) -> None:
    link = json.dumps({"type": "link", "properties": {"href": ear.address}})
    text = desk.file(ROWS).read_text(encoding="utf-8")
    for crs in (f'"\\u0063rs": {link.replace("link", chr(92) + "u006cink")}', f'"crs": null, "crs": {link}'):
        path = desk.folder / "escaped.geojson"
        path.write_text(text.replace('"features"', f'{crs}, "features"'), encoding="utf-8")
        assert "用网址写明坐标系" in refused(path)
    first = desk.folder / "first.geojson"  # the last one counts: what GDAL gets has no other
    first.write_text(text.replace('"features"', f'"crs": {link}, "crs": null, "features"'), encoding="utf-8")
    assert len(read_boundaries(first, MAP).rows) == 2


@pytest.mark.parametrize("name", ["cells.geojson", "cells.json", "cells.shp", "cells.gpkg", "cells.zip"])
@pytest.mark.parametrize(
    "content",
    [
        "ADDRESS",
        '"ADDRESS"',
        '<OGRVRTDataSource><OGRVRTLayer name="x"><SrcDataSource>/vsicurl/ADDRESS</SrcDataSource></OGRVRTLayer>'
        "</OGRVRTDataSource>",
        "<OGRWFSDataSource><URL>ADDRESS</URL></OGRWFSDataSource>",
        '<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>ADDRESS</href></Link></NetworkLink></kml>',
        '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink">'
        '<gml:featureMember xlink:href="ADDRESS"/></gml:FeatureCollection>',
        '{"type":"Topology","objects":{},"arcs":[],"href":"ADDRESS"}',
    ],
    ids=["bare", "quoted", "vrt", "wfs", "kml", "gml", "topology"],
)
def test_another_format_under_the_name_is_refused_unfetched(desk: Desk, ear: Ear, name: str, content: str) -> None:
    path = desk.folder / name
    path.write_text(content.replace("ADDRESS", ear.address), encoding="utf-8")
    refused(path)


def test_an_archive_opens_nothing_but_its_shapefile(desk: Desk, ear: Ear, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=UTF-8", shp, desk.file(ROWS))
    path = desk.folder / "towns.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("towns.vrt", f"<OGRVRTDataSource><OGRVRTLayer name='x'>{ear.address}</OGRVRTLayer>")
        archive.writestr("__MACOSX/._towns.shp", b"")
        archive.writestr("read.geojson", json.dumps({"type": "FeatureCollection", "features": []}))
        for part in desk.folder.glob("towns.*"):
            if part.suffix in opening.PARTS:
                archive.write(part, f"deep/er/{part.name.upper()}")
    assert [one.values["NAME"] for one in read_boundaries(path, MAP).rows] == ["河湾镇", "柳浦街道"]

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("only.geojson", desk.file(ROWS).read_text(encoding="utf-8"))
    assert "没有 Shapefile" in refused(path)


def test_a_prj_that_is_an_address_is_refused(desk: Desk, ear: Ear, ogr2ogr: Convert) -> None:
    shp = desk.folder / "towns.shp"
    ogr2ogr("-lco", "ENCODING=UTF-8", shp, desk.file(ROWS))
    shp.with_suffix(".prj").write_text(ear.address, encoding="utf-8")
    assert "网址" in refused(shp)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE gpkg_spatial_ref_sys SET definition = 'ADDRESS', organization = 'NONE' WHERE srs_id = 4326",
        "CREATE VIEW more AS SELECT ogr_datasource_load_layers('/vsicurl/ADDRESS')",
        "CREATE VIRTUAL TABLE words USING fts5(a)",
    ],
)
def test_a_package_that_computes_or_links_is_refused(desk: Desk, ear: Ear, ogr2ogr: Convert, statement: str) -> None:
    path = desk.folder / "towns.gpkg"
    ogr2ogr(path, desk.file(ROWS))
    assert len(read_boundaries(path, MAP).rows) == 2
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(statement.replace("ADDRESS", ear.address))
    refused(path)


def test_a_bomb_is_refused_by_what_it_says_of_its_size(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opening, "MAX_UNPACKED_BYTES", 1_000_000)
    bomb = desk.folder / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.shp", bytes(1_000_001))
    assert "过大" in refused(bomb)
    with zipfile.ZipFile(bomb, "w") as archive:
        for number in range(opening.MAX_PARTS + 1):
            archive.writestr(f"{number}.txt", b"")
    assert "过大" in refused(bomb)
    monkeypatch.setattr(opening, "MAX_GEOJSON_BYTES", 100)
    assert "过大" in refused(desk.file(ROWS))


def test_a_deep_or_lying_json_is_refused(desk: Desk) -> None:
    path = desk.folder / "deep.geojson"
    path.write_text('{"type":"FeatureCollection","features":' + "[" * 5000 + "]" * 5000 + "}", encoding="utf-8")
    refused(path)
    path.write_bytes('{"type":"FeatureCollection","features":[],"name":"河湾"}'.encode("gb18030"))
    assert "UTF-8" in refused(path)
    for text in ("[]", "null", '{"type":"FeatureCollection","features":7}', '{"type":"FeatureCollection"}'):
        path.write_text(text, encoding="utf-8")
        refused(path)


def test_what_cannot_be_read_is_refused_not_raised(desk: Desk) -> None:
    folder = desk.folder / "folder.geojson"
    folder.mkdir()
    refused(folder)
    with pytest.raises(ImportRefused):
        desk.imports(desk.file(ROWS), "\x00")
    shutil.rmtree(folder)
    for words in ('encoding = "GBKK"', 'crs = "EPSG:999999"'):
        with pytest.raises(ImportRefused) as error:
            desk.imports(
                desk.file(ROWS),
                'covers = "centre"\ndistrict = "union"\n[source]\n'
                + words
                + '\n[cells]\ntier = "township"\ncode = "CODE"\nname = "NAME"\n',
            )
        assert "不认识" in error.value.why
