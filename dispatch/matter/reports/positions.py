"""Checks of a position before it is converted: is it a point of this centre, or one with its axes swapped? Pure.

A point outside every cell is kept and listed as unplaced; only what can't be meant is refused, and what is farther
away than the centre's setting says is no point that anybody's map should follow.
"""

import math
import sys
from dataclasses import dataclass
from typing import Final

from realtime.feed.errors import Invalid
from realtime.words import Word

RULE: Final = "地点·坐标"
FAR_DEG: Final = 1.0  # about 100 km: farther than any district reaches beyond its own box
_MAX_LON, _MAX_LAT = 180.0, 90.0
_KM_PER_DEG: Final = 111.2  # of latitude


class Placing(Word):
    """How sure the place of a report is."""

    PLACED = "placed", "已定位"
    AMBIGUOUS = "ambiguous", "跨网格，待确认"  # several cells are possible; a person confirms
    UNPLACED = "unplaced", "未定位"  # outside every cell
    NO_POSITION = "no_position", "无点位"


@dataclass(frozen=True, slots=True)
class GivenPosition:
    """A position as it came in: (lon, lat) degrees in `system`, good to `accuracy_m` metres (None: not said)."""

    lon: float
    lat: float
    system: str
    accuracy_m: float | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """The extent of a centre: (lon, lat) degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, lon: float, lat: float, *, margin: float = 0.0) -> bool:
        """Whether the point lies inside the box grown by `margin` degrees on each side."""
        return self.west - margin <= lon <= self.east + margin and self.south - margin <= lat <= self.north + margin

    def km_to(self, lon: float, lat: float) -> float:
        """Kilometres from the box to a point, 0 inside; good to some percent, the short way round the globe."""
        north = max(self.south - lat, 0.0, lat - self.north)
        east = 0.0 if self.west <= lon <= self.east else min(_turn(lon, self.west), _turn(lon, self.east))
        nearest = min(max(lat, self.south), self.north)
        return math.hypot(north, east * math.cos(math.radians((lat + nearest) / 2))) * _KM_PER_DEG


def _turn(one: float, other: float) -> float:
    apart = abs(one - other) % 360.0
    return min(apart, 360.0 - apart)


def is_placeholder(given: GivenPosition) -> bool:
    """Whether a source left the position empty: null island (0, 0) lies in no district."""
    return given.lon == 0 and given.lat == 0


def check(lon: float, lat: float, extent: Box) -> None:
    """Returns if (lon, lat) can be a position. Raises Invalid, naming swapped axes when that is what it looks like."""
    if any(0 < abs(degrees) < sys.float_info.min for degrees in (lon, lat)):
        raise Invalid(  # PostgreSQL keeps no such number, and no instrument measures one
            "request.unstorable",
            "坐标是无法保存的极小数。",
            field="position",
            rule=RULE,
            remedy="请检查坐标；没有位置的，请不填。",
        )
    swapped = extent.holds(lat, lon, margin=FAR_DEG) and not extent.holds(lon, lat, margin=FAR_DEG)
    if swapped:
        raise Invalid(
            "report.position_swapped",
            "经度与纬度疑似写反：对调后的点在本中心辖区附近。",
            field="position",
            rule=RULE,
            remedy="请把经度写入 lon，纬度写入 lat 后重新提交。",
        )
    if abs(lat) > _MAX_LAT:
        raise Invalid(
            "report.latitude_out_of_range",
            f"纬度 {lat} 超出 -90 至 90 的范围。",
            field="position.lat",
            rule=RULE,
            remedy="请检查坐标；若经度与纬度写反，请对调。",
        )
    if abs(lon) > _MAX_LON:
        raise Invalid(
            "report.longitude_out_of_range",
            f"经度 {lon} 超出 -180 至 180 的范围。",
            field="position.lon",
            rule=RULE,
            remedy="请检查坐标。",
        )


def far(km: float, most_km: int) -> Invalid:
    """The refusal of a point that is too far away, for somebody who can give another one."""
    return Invalid(
        "report.position_far",
        f"位置在辖区外约 {km:.0f} 公里，超过 {most_km} 公里。",
        field="position",
        rule=RULE,
        remedy="请核对坐标和坐标系后重新选点；位置不准的，可不报位置，只填地址或选网格。",
        extra={"km": round(km), "most_km": most_km},
    )
