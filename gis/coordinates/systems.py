"""The coordinate systems that positions arrive in, and their conversion. Pure.

Positions are kept in CGCS2000 (EPSG:4490). WGS 84 differs from it by centimetres and is taken as equal; which one came
in is recorded beside the position. GCJ-02 and BD-09 are shifted systems of Chinese maps, converted at import only; both
are the identity outside China. Points are (lon, lat) in degrees. Source: docs/rules.md, "Places".
"""

import math
from collections.abc import Callable
from enum import StrEnum
from typing import Final

SEMI_MAJOR_M: Final = 6378245.0  # Krasovsky's ellipsoid, which GCJ-02 is defined on
ECCENTRICITY_SQUARED: Final = 0.00669342162296594323
BD_TURN: Final = math.pi * 3000.0 / 180.0
BD_SHIFT_LON: Final = 0.0065
BD_SHIFT_LAT: Final = 0.006
INVERSE_WITHIN_DEG: Final = 1e-9  # a tenth of a millimetre
MAX_STEPS: Final = 30  # five or six are enough anywhere in China

Point = tuple[float, float]


class System(StrEnum):
    """A coordinate system by the name that reports give it."""

    CGCS2000 = "CGCS2000"
    WGS84 = "WGS84"
    GCJ02 = "GCJ02"
    BD09 = "BD09"


class NotOnEarth(ValueError):
    """Longitude or latitude is no number within ±180, ±90. `swapped` says that the other way round it would be."""

    def __init__(self, lon: float, lat: float) -> None:
        self.lon, self.lat = lon, lat
        self.swapped = _is_on_earth(lat, lon)
        hint = "; longitude and latitude look swapped" if self.swapped else ""
        super().__init__(f"({lon}, {lat}) is no (longitude, latitude) in degrees{hint}")


def to_cgcs2000(lon: float, lat: float, system: System) -> Point:
    """A point of `system` in CGCS2000, to 1e-9 degrees. Raises NotOnEarth."""
    if not _is_on_earth(lon, lat):
        raise NotOnEarth(lon, lat)
    match system:
        case System.CGCS2000 | System.WGS84:
            return lon, lat
        case System.GCJ02:
            return gcj02_to_wgs84(lon, lat)
        case System.BD09:
            return gcj02_to_wgs84(*bd09_to_gcj02(lon, lat))


def from_cgcs2000(lon: float, lat: float, system: System) -> Point:
    """A point of CGCS2000 in `system`. Raises NotOnEarth."""
    if not _is_on_earth(lon, lat):
        raise NotOnEarth(lon, lat)
    match system:
        case System.CGCS2000 | System.WGS84:
            return lon, lat
        case System.GCJ02:
            return wgs84_to_gcj02(lon, lat)
        case System.BD09:
            return gcj02_to_bd09(*wgs84_to_gcj02(lon, lat))


def is_in_china(lon: float, lat: float) -> bool:
    """Whether GCJ-02 shifts this point: the box that its published form uses, seas and neighbours included."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def wgs84_to_gcj02(lon: float, lat: float) -> Point:
    """The shifted point; (120, 40) → (120.00567568355486, 40.0013047896019). The identity outside China."""
    if not is_in_china(lon, lat):
        return lon, lat
    shift_lon, shift_lat = _shift(lon, lat)
    return lon + shift_lon, lat + shift_lat


def gcj02_to_wgs84(lon: float, lat: float) -> Point:
    """The point that `wgs84_to_gcj02` takes to this one, by fixed-point iteration to 1e-9 degrees."""
    if not is_in_china(lon, lat):
        return lon, lat
    return _invert(wgs84_to_gcj02, lon, lat)


def gcj02_to_bd09(lon: float, lat: float) -> Point:
    """Baidu's second shift. The identity outside China."""
    if not is_in_china(lon, lat):
        return lon, lat
    radius = math.hypot(lon, lat) + 0.00002 * math.sin(lat * BD_TURN)
    angle = math.atan2(lat, lon) + 0.000003 * math.cos(lon * BD_TURN)
    return radius * math.cos(angle) + BD_SHIFT_LON, radius * math.sin(angle) + BD_SHIFT_LAT


def bd09_to_gcj02(lon: float, lat: float) -> Point:
    """The point that `gcj02_to_bd09` takes to this one, to 1e-9 degrees. The published inverse is off by a metre."""
    if not is_in_china(lon, lat):
        return lon, lat
    return _invert(gcj02_to_bd09, lon, lat)


def _invert(forward: Callable[[float, float], Point], lon: float, lat: float) -> Point:
    guess_lon, guess_lat = lon, lat
    for _ in range(MAX_STEPS):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        error_lon, error_lat = there_lon - lon, there_lat - lat
        guess_lon, guess_lat = guess_lon - error_lon, guess_lat - error_lat
        if max(abs(error_lon), abs(error_lat)) < INVERSE_WITHIN_DEG / 10:
            break
    return guess_lon, guess_lat


def _shift(lon: float, lat: float) -> Point:
    """How far GCJ-02 moves a point of WGS 84, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    waves = (20.0 * math.sin(6.0 * x * math.pi) + 20.0 * math.sin(2.0 * x * math.pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + waves
    north += (20.0 * math.sin(y * math.pi) + 40.0 * math.sin(y / 3.0 * math.pi)) * 2.0 / 3.0
    north += (160.0 * math.sin(y / 12.0 * math.pi) + 320.0 * math.sin(y * math.pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + waves
    east += (20.0 * math.sin(x * math.pi) + 40.0 * math.sin(x / 3.0 * math.pi)) * 2.0 / 3.0
    east += (150.0 * math.sin(x / 12.0 * math.pi) + 300.0 * math.sin(x / 30.0 * math.pi)) * 2.0 / 3.0
    radians = math.radians(lat)
    magic = 1.0 - ECCENTRICITY_SQUARED * math.sin(radians) ** 2
    root = math.sqrt(magic)
    lat_deg = north * 180.0 / (SEMI_MAJOR_M * (1.0 - ECCENTRICITY_SQUARED) / (magic * root) * math.pi)
    lon_deg = east * 180.0 / (SEMI_MAJOR_M / root * math.cos(radians) * math.pi)
    return lon_deg, lat_deg


def _is_on_earth(lon: float, lat: float) -> bool:
    return math.isfinite(lon) and math.isfinite(lat) and abs(lon) <= 180.0 and abs(lat) <= 90.0
