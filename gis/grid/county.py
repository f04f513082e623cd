"""The demonstration county: how much of everything, and an outline for it. Pure; numpy and shapely."""

import math
from typing import Final

import numpy as np
from shapely import Polygon

from gis.grid.generation import Counts

COUNTY: Final = Counts(townships=17, communities=245, grids=1_026, micro_grids=8_535)
METRES_PER_DEGREE: Final = 111_195.0
CORNERS: Final = 180
WAVES: Final = (2, 3, 5, 8, 13)  # how often the outline swings in and out on its way round; each wave half as deep


def outline(lon: float, lat: float, *, area_km2: float, seed: int) -> Polygon:
    """A county's outline around a point ((lon, lat) degrees, CGCS2000): one ring without crossings, of about that area.

    The same seed gives the same outline. Raises ValueError for an area that isn't positive.
    """
    if area_km2 <= 0:
        raise ValueError(f"an area is positive, not {area_km2}")
    random = np.random.default_rng(seed)
    angles = np.linspace(0.0, 2 * np.pi, CORNERS, endpoint=False)
    reach = np.ones(CORNERS)
    for depth, wave in enumerate(WAVES):
        reach += 0.18 * 0.5**depth * np.sin(wave * angles + random.uniform(0, 2 * np.pi))
    radius_m = math.sqrt(area_km2 * 1e6 / (np.mean(reach**2) * np.pi))
    north = reach * radius_m * np.sin(angles) / METRES_PER_DEGREE
    east = reach * radius_m * np.cos(angles) / (METRES_PER_DEGREE * math.cos(math.radians(lat)))
    return Polygon(np.round(np.column_stack([lon + east, lat + north]), 7))
