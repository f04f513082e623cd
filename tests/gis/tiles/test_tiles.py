"""Vector tiles, read back by GDAL: four square grids around (120.005, 30.005), drawn by hand."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.contrib.gis.gdal import DataSource
from django.db import connection
from django.test import Client
from shapely import MultiPolygon, box

from command.access import Role
from demo.seed.centre import PASSWORD, Account, BuiltCentre, Plan, build_centre
from gis.grid import actions
from gis.grid.generation import Counts, PlannedCell
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from gis.tiles import api, queries

SQUARE = 0.005
HERE = (14, 13653, 6759)  # the tile of zoom 14 that holds (120.005, 30.005)


@pytest.fixture
def squares(db: None) -> UUID:
    """A centre of one township with four square grids, two east of 120.005 and two west."""
    centre_id = uuid4()
    actions.lay(
        centre_id,
        [
            _square("d", Tier.DISTRICT, 0, 0, 2, 2),
            _square("d/t", Tier.TOWNSHIP, 0, 0, 2, 2),
            _square("d/t/k", Tier.COMMUNITY, 0, 0, 2, 2),
            *(_square(f"d/t/k/{x}{y}", Tier.GRID, x, y, x + 1, y + 1) for x in (0, 1) for y in (0, 1)),
        ],
    )
    return centre_id


def _square(path: str, tier: Tier, west: int, south: int, east: int, north: int) -> PlannedCell:
    shape = box(120 + west * SQUARE, 30 + south * SQUARE, 120 + east * SQUARE, 30 + north * SQUARE)
    *above, code = path.split("/")
    return PlannedCell(code, f"第{code}格", tier, path, "/".join(above) or None, MultiPolygon([shape]))


def read_back(tile: bytes, folder: Path, z: int, x: int, y: int) -> list[dict[str, Any]]:
    """What a tile holds: its features' ids, properties and outlines in degrees."""
    path = folder / str(z) / str(x) / f"{y}.mvt"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tile)
    [layer] = DataSource(path)
    assert layer.name == queries.LAYER
    found = []
    for feature in layer:
        outline = feature.geom.clone()
        outline.srid = 3857
        outline.transform(4326)
        values = {name: feature.get(name) for name in ("id", "code", "name", "path")}
        found.append({"feature": feature.get("mvt_id"), "bounds": outline.extent, **values})
    return found


def test_a_tile_holds_the_cells_that_it_shows(squares: UUID, tmp_path: Path) -> None:
    found = read_back(queries.tile(squares, Tier.GRID, *HERE), tmp_path, *HERE)
    assert [one["path"] for one in found] == ["d/t/k/00", "d/t/k/01", "d/t/k/10", "d/t/k/11"]
    first = found[0]
    cell = Cell.objects.get(centre_id=squares, code="00")
    assert (first["id"], first["code"], first["name"]) == (str(cell.pk), "00", "第00格")
    assert first["feature"] == cell.pk.int >> 80
    assert first["bounds"] == pytest.approx((120.0, 30.0, 120.005, 30.005), abs=1e-5)  # a step of the tile's raster


def test_a_tile_shows_one_tier_of_one_centre_only(squares: UUID, tmp_path: Path) -> None:
    found = read_back(queries.tile(squares, Tier.TOWNSHIP, *HERE), tmp_path, *HERE)
    assert [one["path"] for one in found] == ["d/t"]
    assert queries.tile(uuid4(), Tier.GRID, *HERE) == b""
    assert queries.tile(squares, Tier.MICRO_GRID, *HERE) == b""


def test_a_cell_that_ended_is_not_drawn(squares: UUID, tmp_path: Path) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE grid_cell SET valid_until = valid_from + interval '1 s' WHERE code = '00'")
    found = read_back(queries.tile(squares, Tier.GRID, *HERE), tmp_path, *HERE)
    assert [one["code"] for one in found] == ["01", "10", "11"]


def test_a_tile_elsewhere_is_empty(squares: UUID) -> None:
    assert queries.tile(squares, Tier.GRID, 14, 0, 0) == b""


@pytest.mark.parametrize(("z", "x", "y"), [(-1, 0, 0), (23, 0, 0), (3, 8, 0), (3, 0, 8), (0, 0, 1)])
def test_a_tile_that_does_not_exist_is_refused(z: int, x: int, y: int) -> None:
    with pytest.raises(ValueError, match=f"{z}/{x}/{y}"):
        queries.tile(uuid4(), Tier.GRID, z, x, y)


def test_the_statement_finds_cells_by_their_place(db: None) -> None:
    """Of 1,600 grids it reads those near the tile, by the index on their polygons."""
    centre_id = uuid4()
    above = [_square(path, tier, 0, 0, 40, 40) for path, tier in zip(("d", "d/t", "d/t/k"), Tier, strict=False)]
    grids = [_square(f"d/t/k/{x}-{y}", Tier.GRID, x, y, x + 1, y + 1) for x in range(40) for y in range(40)]
    actions.lay(centre_id, [*above, *grids])
    z, x, y = HERE
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE grid_cell")
        asked = {"z": z, "x": x, "y": y, "centre": centre_id, "tier": "grid", "layer": "cells"}
        cursor.execute("EXPLAIN " + queries._TILE, asked)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "on grid_cell_polygon" in plan or "using grid_cell_polygon" in plan
    assert "Seq Scan on grid_cell" not in plan


# Over HTTP


@pytest.fixture
def founded(db: None) -> Iterator[BuiltCentre]:
    """A small centre with one person at the desk."""
    api._stamp.cache_clear()
    extent = box(120.31, 30.62, 120.36, 30.66)
    account = Account("tiles-duty", "林晓舟", Role.DUTY_OFFICER, "duty_desk")
    plan = Plan("330198", "瓦片区综治中心", extent, Counts(1, 2, 4, 20), accounts=(account,))
    yield build_centre(plan)


@pytest.fixture
def browser(founded: BuiltCentre) -> Client:
    """The desk's browser, signed in."""
    client = Client()
    body = {"username": "tiles-duty", "password": PASSWORD}
    assert client.post("/api/v1/session", body, content_type="application/json").status_code == 200
    return client


URL = "/api/v1/tiles/grid/14/13668/6725.mvt"


def test_a_tile_is_answered_compressed_with_its_etag(browser: Client) -> None:
    first = browser.get(URL, headers={"Accept-Encoding": "gzip"})
    assert first.status_code == 200
    assert first["Content-Type"] == "application/vnd.mapbox-vector-tile"
    assert first["Content-Encoding"] == "gzip"
    again = browser.get(URL, headers={"If-None-Match": first["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.content) == (304, b"")
    plain = browser.get(URL)
    assert "Content-Encoding" not in plain or plain["Content-Encoding"] == "gzip"
    assert len(plain.content) > 100


def test_an_empty_tile_has_no_content(browser: Client) -> None:
    answer = browser.get("/api/v1/tiles/grid/14/0/0.mvt")
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_changed_cell_changes_the_etag(
    browser: Client, founded: BuiltCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api, "monotonic", lambda: 100.0)
    before = browser.get(URL)["ETag"]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_cell SET valid_until = valid_from + interval '1 s' WHERE centre_id = %s AND tier = 'grid'",
            [founded.id],
        )
    assert browser.get(URL)["ETag"] == before  # held for a second
    monkeypatch.setattr(api, "monotonic", lambda: 101.0)
    assert browser.get(URL).status_code == 204


@pytest.mark.parametrize("path", ["grid/23/0/0", "grid/3/8/0", "grid/3/0/8"])
def test_there_is_no_tile_outside_the_world(browser: Client, path: str) -> None:
    answer = browser.get(f"/api/v1/tiles/{path}.mvt")
    assert answer.status_code == 404
    assert answer.json()["code"] == "tiles.no_such_tile"


def test_an_unknown_tier_is_a_fault_of_the_request(browser: Client) -> None:
    assert browser.get("/api/v1/tiles/street/3/0/0.mvt").status_code == 422


def test_nobody_reads_tiles_unknown(founded: BuiltCentre) -> None:
    assert Client().get(URL).status_code == 401
