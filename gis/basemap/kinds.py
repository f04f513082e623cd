"""What a base map shows below the cells. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """One kind of feature. Roads and rivers are lines, lakes are areas."""

    RIVER = "river"
    STREAM = "stream"
    LAKE = "lake"
    TRUNK_ROAD = "trunk_road"  # crosses the county
    MAIN_ROAD = "main_road"  # joins townships
    STREET = "street"  # runs between grids


WATER = frozenset({Kind.RIVER, Kind.STREAM, Kind.LAKE})
ROADS = (Kind.TRUNK_ROAD, Kind.MAIN_ROAD, Kind.STREET)  # the more important first
