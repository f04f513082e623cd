"""Conversions against published points, and back again. Rules: docs/rules.md, "Places"."""

import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gis.coordinates.systems import (
    NotOnEarth,
    System,
    from_cgcs2000,
    gcj02_to_wgs84,
    to_cgcs2000,
    wgs84_to_gcj02,
)

METRE_DEG = 1 / 111_320
IN_CHINA = {"min_lon": 75.0, "max_lon": 134.0, "min_lat": 18.0, "max_lat": 53.0}


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    east = (one[0] - other[0]) * math.cos(math.radians(one[1]))
    return math.hypot(east, one[1] - other[1]) / METRE_DEG


def test_the_reference_point():
    lon, lat = wgs84_to_gcj02(120.0, 40.0)
    assert lon == pytest.approx(120.00567568355486, abs=1e-12)
    assert lat == pytest.approx(40.0013047896019, abs=1e-12)


def test_city_points_agree_to_about_a_metre(shared_data: Path):
    points = json.loads((shared_data / "coords" / "city_points_six_systems.json").read_text())
    assert len(points) == 332
    worst = {
        system: max(
            metres(to_cgcs2000(*point["coords"][system.value], system), tuple(point["coords"]["WGS84"]))
            for point in points
        )
        for system in (System.GCJ02, System.BD09, System.WGS84)
    }
    assert worst[System.WGS84] == 0
    assert worst[System.GCJ02] < 1.5
    assert worst[System.BD09] < 1.5


@given(
    st.floats(IN_CHINA["min_lon"], IN_CHINA["max_lon"]),
    st.floats(IN_CHINA["min_lat"], IN_CHINA["max_lat"]),
    st.sampled_from([System.GCJ02, System.BD09]),
)
def test_there_and_back_is_the_same_point(lon: float, lat: float, system: System):
    back = to_cgcs2000(*from_cgcs2000(lon, lat, system), system)
    assert back == pytest.approx((lon, lat), abs=1e-9)


@pytest.mark.parametrize("system", list(System))
@pytest.mark.parametrize("point", [(-71.0587, 42.3594), (2.35, 48.85), (139.7, 35.68), (-0.1, -33.0)])
def test_outside_china_nothing_is_shifted(system: System, point: tuple[float, float]):
    assert to_cgcs2000(*point, system) == point
    assert from_cgcs2000(*point, system) == point


def test_gcj02_is_hundreds_of_metres_off():
    assert 300 < metres((120.35, 30.65), gcj02_to_wgs84(120.35, 30.65)) < 800


@pytest.mark.parametrize(
    ("lon", "lat", "swapped"),
    [
        (30.65, 120.35, True),
        (200.0, 30.0, False),
        (math.nan, 30.0, False),
        (120.0, math.inf, False),
        (120.0, -90.1, False),
        (181.0, 91.0, False),
    ],
)
def test_what_is_not_on_earth_is_refused(lon: float, lat: float, swapped: bool):
    with pytest.raises(NotOnEarth) as refused:
        to_cgcs2000(lon, lat, System.CGCS2000)
    assert refused.value.swapped is swapped
