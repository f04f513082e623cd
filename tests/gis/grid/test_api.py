"""The map's cells over HTTP: GeoJSON, kept by ETag. Rules: docs/protocol.md, "Cells"."""

import gzip

import pytest
from django.contrib.gis.geos import Point
from django.test import Client
from shapely import box
from shapely.geometry import shape

from demo.seed.centre import ACCOUNTS, BuiltCentre, Plan, build_centre
from gis.grid.generation import Counts
from gis.grid.models import Cell

COUNTS = Counts(townships=1, communities=2, grids=6, micro_grids=24)


@pytest.fixture
def built(db: None) -> BuiltCentre:
    return build_centre(Plan("330199", "河湾区", box(120.3, 30.6, 120.4, 30.7), COUNTS, accounts=ACCOUNTS[:1]))


@pytest.fixture
def browser(built: BuiltCentre) -> Client:
    client = Client()
    credentials = {"username": "duty1", "password": "relay60-demo"}
    assert client.post("/api/v1/session", credentials, content_type="application/json").status_code == 200
    return client


def test_cells_are_geojson_with_whole_number_ids(browser: Client, built: BuiltCentre):
    answer = browser.get("/api/v1/cells")
    assert answer["Content-Type"].startswith("application/geo+json")
    cells = answer.json()
    assert cells["type"] == "FeatureCollection"
    assert [feature["id"] for feature in cells["features"]] == [1, 2, 3, 4, 5, 6]
    first = cells["features"][0]
    row = Cell.objects.get(pk=first["properties"]["id"])
    assert first["properties"] == {
        "id": str(row.pk),
        "code": row.code,
        "name": row.name,
        "path": row.path,
        "tier": "grid",
        "parent": str(row.parent_id),
    }
    assert first["geometry"]["type"] == "MultiPolygon"
    assert shape(first["geometry"]).area == pytest.approx(row.polygon.area, rel=1e-6)


@pytest.mark.parametrize(
    ("tier", "number"), [("district", 1), ("township", 1), ("community", 2), ("grid", 6), ("micro_grid", 24)]
)
def test_each_tier_is_asked_for_by_name(browser: Client, tier: str, number: int):
    assert len(browser.get(f"/api/v1/cells?tier={tier}").json()["features"]) == number


def test_an_unknown_tier_is_refused(browser: Client):
    assert browser.get("/api/v1/cells?tier=galaxy").status_code == 422


def test_unchanged_cells_are_not_sent_again(browser: Client, django_assert_max_num_queries):
    first = browser.get("/api/v1/cells", headers={"Accept-Encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.content).startswith(b'{"type"')
    with django_assert_max_num_queries(4):  # session, sign-in, posts, and whether any cell changed
        again = browser.get("/api/v1/cells", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_changed_cell_is_sent_again(browser: Client, built: BuiltCentre):
    tag = browser.get("/api/v1/cells")["ETag"]
    Cell.objects.filter(pk=Cell.objects.filter(centre_id=built.id, tier="grid").values("pk")[:1]).update(
        valid_until="2099-01-01T00:00Z"
    )
    changed = browser.get("/api/v1/cells", headers={"If-None-Match": tag})
    assert changed.status_code == 200
    assert len(changed.json()["features"]) == 5


def test_nobody_gets_no_cells(built: BuiltCentre):
    assert Client().get("/api/v1/cells").status_code == 401


def test_another_centres_cells_are_not_sent(browser: Client):
    build_centre(Plan("330198", "邻县", box(121.3, 30.6, 121.4, 30.7), COUNTS, accounts=()))
    assert all(
        feature["properties"]["path"].startswith("330199/")
        for feature in browser.get("/api/v1/cells").json()["features"]
    )


def test_a_map_learns_where_cells_are_without_their_outlines(browser: Client, built: BuiltCentre):
    answer = browser.get("/api/v1/cells/middles")
    found = answer.json()
    assert found["counts"] == {"district": 1, "township": 1, "community": 2, "grid": 6, "micro_grid": 24}
    assert [f["properties"]["tier"] for f in found["features"]].count("grid") == 6
    assert not [f for f in found["features"] if f["properties"]["tier"] == "micro_grid"]
    west, south, east, north = found["bbox"]
    assert (west, south, east, north) == pytest.approx((120.3, 30.6, 120.4, 30.7), abs=1e-6)
    for feature in found["features"]:
        row = Cell.objects.get(pk=feature["properties"]["id"])
        assert feature["properties"] == {"id": str(row.pk), "name": row.name, "path": row.path, "tier": row.tier}
        assert row.polygon.buffer(2e-5).contains(Point(*feature["geometry"]["coordinates"], srid=4490))
    again = browser.get("/api/v1/cells/middles", headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
