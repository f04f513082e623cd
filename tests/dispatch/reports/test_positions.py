"""Which positions can't be meant. A point outside every cell can: it is kept as unplaced."""

import pytest

from dispatch.matter.reports.positions import Box, check
from realtime.feed.errors import Invalid

HUZHOU = Box(120.3, 30.6, 120.4, 30.7)
BOSTON = Box(-71.19, 42.22, -70.98, 42.40)


@pytest.mark.parametrize(
    ("lon", "lat", "extent", "code"),
    [
        (30.65, 120.35, HUZHOU, "report.position_swapped"),  # latitude 120: no such thing, and swapped it fits
        (42.36, -71.06, BOSTON, "report.position_swapped"),  # both are degrees, but only swapped is it near
        (120.35, 95.0, HUZHOU, "report.latitude_out_of_range"),
        (200.0, 30.65, HUZHOU, "report.longitude_out_of_range"),
        (120.35, -90.5, HUZHOU, "report.latitude_out_of_range"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_remedy(lon: float, lat: float, extent: Box, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        check(lon, lat, extent)
    assert refused.value.code == code
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("lon", "lat", "extent"),
    [(120.35, 30.65, HUZHOU), (121.5, 31.2, HUZHOU), (-71.06, 42.36, BOSTON), (0.0, 0.0, HUZHOU), (0.0, 0.0, BOSTON)],
)
def test_what_is_far_away_is_kept(lon: float, lat: float, extent: Box) -> None:
    check(lon, lat, extent)


def test_a_centre_where_both_readings_are_near_trusts_what_was_said() -> None:
    check(45.0, 45.4, Box(44.9, 44.9, 45.5, 45.5))
