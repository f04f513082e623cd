"""The map of the printed report: cells shaded by what is open, a mark for each cell with issues. SVG, pure."""

import math
from collections import Counter
from html import escape
from typing import Final

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from assessment.situation.counting import loads_by
from assessment.situation.histories import Light
from assessment.situation.report import Situation
from assessment.situation.tables import local, rank_char

WIDTH: Final = 1000.0  # of the drawing's own units; the page scales it
MAX_HEIGHT: Final = 760.0
EDGE: Final = 12.0
SHADES: Final = ("#fbfcfd", "#dbe6f2", "#b6cde5", "#85abd3", "#4d81b6", "#245a92")
FILLS: Final = {Light.GREEN: "#5b6b7d", Light.AMBER: "#f0a020", Light.RED: "#d0202a", Light.URGENT: "#8a1173"}
SHAPES: Final = {
    Light.GREEN: '<circle r="5"/>',
    Light.AMBER: '<path d="M0 -11 11 9H-11Z"/>',
    Light.RED: '<rect x="-9" y="-9" width="18" height="18" rx="2"/>',
    Light.URGENT: '<path d="M0 -12 12 0 0 12 -12 0Z"/>',
}


class Projection:
    """Degrees to the drawing: a metre is as long to the east as to the north."""

    def __init__(self, around: BaseGeometry) -> None:
        west, south, east, north = around.bounds
        self._shrink = math.cos(math.radians((south + north) / 2))
        wide, high = (east - west) * self._shrink, north - south
        self._scale = min((WIDTH - 2 * EDGE) / wide, (MAX_HEIGHT - 2 * EDGE) / high)
        self.width, self.height = wide * self._scale + 2 * EDGE, high * self._scale + 2 * EDGE
        self._west, self._north = west, north

    def at(self, lon: float, lat: float) -> tuple[float, float]:
        """Where a point is drawn."""
        return (lon - self._west) * self._shrink * self._scale + EDGE, (self._north - lat) * self._scale + EDGE

    def path(self, shape: BaseGeometry) -> str:
        """A polygon's outlines as the `d` of an SVG path."""
        parts = getattr(shape, "geoms", [shape])
        rings = [ring for part in parts if isinstance(part, Polygon) for ring in (part.exterior, *part.interiors)]
        return "".join(self._ring(ring.coords) for ring in rings)

    def _ring(self, corners: shapely.coords.CoordinateSequence) -> str:
        points = (self.at(corner[0], corner[1]) for corner in corners)
        return "M" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points) + "Z"


def map_svg(report: Situation) -> str:
    """The drawing as at the period's end."""
    ground = report.ground
    project = Projection(shapely.from_geojson(ground.place.outline))
    loads = loads_by(report.found, report.period.end, lambda shown: shown.cell)
    counts = Counter({path: load.open for path, load in loads.items()})  # reading it adds no key: no issue, no mark
    steps = _steps(max((counts[cell.path] for cell in ground.cells), default=0))
    drawn = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {project.width:.0f} {project.height:.0f}" class="map">'
    ]
    for cell in ground.cells:
        fill = SHADES[sum(counts[cell.path] >= step for step in steps)] if counts[cell.path] else SHADES[0]
        outline = project.path(shapely.from_geojson(cell.outline))
        drawn.append(f'<path d="{outline}" fill="{fill}" stroke="#c3cbd5" stroke-width="0.6"/>')
    for area in ground.areas or (ground.place,):
        outline = project.path(shapely.from_geojson(area.outline))
        drawn.append(f'<path d="{outline}" fill="none" stroke="#6d7b8c" stroke-width="1.6"/>')
    middles = {place.path: place.middle for place in (*ground.cells, *ground.areas, ground.place)}
    for path, load in sorted(loads.items(), key=lambda one: one[1].worst):  # the grave over the rest
        if path in middles:
            drawn.append(_mark(*project.at(*middles[path]), load.worst, load.of_worst))
    for area in ground.areas:
        x, y = project.at(*area.middle)
        halo = 'stroke="#fff" stroke-width="4" stroke-linejoin="round"'
        for more in (halo, ""):
            drawn.append(
                f'<text x="{x:.0f}" y="{y + 26:.0f}" text-anchor="middle" font-size="17" fill="#17202b" {more}>'
                f"{escape(area.name)}</text>"
            )
    return "".join(drawn) + "</svg>"


def trend_svg(report: Situation) -> str:
    """How many were open over the period, and how many of them late: two lines on one scale from 0."""
    frames = report.frames
    top = max(*frames.open, 1)
    width, height, left = 1000, 190, 46
    first, last = frames.times[0], frames.times[-1]

    def line(values: tuple[int, ...], style: str) -> str:
        points = (
            f"{left + (moment - first) / (last - first) * (width - left - 10):.1f},"
            f"{height - 24 - value / top * (height - 44):.1f}"
            for moment, value in zip(frames.times, values, strict=True)
        )
        return f'<polyline points="{" ".join(points)}" fill="none" {style}/>'

    text = 'font-size="15" fill="#4a5665"'
    under = f'y="{height - 5}" {text}'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" class="trend">'
        f'<path d="M{left} 20H{width - 10}M{left} {height - 24}H{width - 10}" stroke="#d5dae1"/>'
        f'<text x="{left - 8}" y="25" text-anchor="end" {text}>{top}</text>'
        f'<text x="{left - 8}" y="{height - 19}" text-anchor="end" {text}>0</text>'
        + line(frames.open, 'stroke="#1c4f8a" stroke-width="2.5"')
        + line(frames.late, 'stroke="#d0202a" stroke-width="2.5" stroke-dasharray="7 4"')
        + f'<text x="{left}" {under}>{local(first, report)}</text>'
        f'<text x="{width / 2:.0f}" text-anchor="middle" {under}>实线：在办　虚线：已超限</text>'
        f'<text x="{width - 10}" text-anchor="end" {under}>{local(last, report)}</text></svg>'
    )


def _steps(top: int) -> list[int]:
    steps = [1]
    for number in range(1, 5):
        steps.append(max(steps[-1] + 1, math.ceil(top * number / 5)))
    return steps


def _mark(x: float, y: float, light: Light, count: int) -> str:
    char = rank_char(light)
    low = 7 if light is Light.AMBER else 4
    ink = "#2b1a00" if light is Light.AMBER else "#fff"
    word = (
        f'<text y="{low}" text-anchor="middle" font-size="11" font-weight="700" fill="{ink}">{char}</text>'
        if char
        else ""
    )
    badge = f'<text x="12" y="-5" font-size="12" font-weight="700" fill="#17202b">{count}</text>'
    return (
        f'<g transform="translate({x:.1f} {y:.1f})" fill="{FILLS[light]}" stroke="#fff" stroke-width="1">'
        f'{SHAPES[light]}<g stroke="none">{word}{badge if count > 1 else ""}</g></g>'
    )
