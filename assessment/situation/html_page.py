"""The situation report as one HTML file, made with folium, that opens offline from a USB stick.

folium draws the ground (areas and cells); a script of ours colours it, draws the marks and the heat, and moves through
time. Every file that is needed lies in the page; its policy forbids the browser to fetch anything (gis/offline_map.py).
"""

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any, Final

import folium
import shapely
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from assessment.situation.histories import Light
from assessment.situation.report import Place, Situation
from assessment.situation.rows import in_order, rows_of
from assessment.situation.tables import key_figures, lacking, local, method_of, rank_char, tables_of
from assessment.situation.words import TIERS, word
from gis.offline_map import blank_map, self_contained

PAGE: Final = Path(__file__).parent / "page"
GROUND_STYLE: Final = {"color": "#8492a3", "weight": 1, "fillColor": "#fbfcfd", "fillOpacity": 1}


@cache
def templates() -> Environment:
    """The templates beside this file: everything put into them is escaped."""
    return Environment(loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def title_of(report: Situation) -> str:
    """`河湾区综治中心态势报告`."""
    return f"{report.ground.centre_name}态势报告"


def html_page(report: Situation) -> str:
    """The whole file."""
    ground = report.ground
    drawn = blank_map(shapely.from_geojson(ground.place.outline))
    cells = _layer(ground.cells, 0.6).add_to(drawn)
    areas = _layer(ground.areas or (ground.place,), 1.6).add_to(drawn)
    data = _data(report) | {"map": drawn.get_name(), "areaLayer": areas.get_name(), "cellLayer": cells.get_name()}
    said = {
        "report": report,
        "title": title_of(report),
        "period": f"{local(report.period.start, report)} 至 {local(report.period.end, report)}",
        "counted": local(report.source.at, report),
        "figures": key_figures(report),
        "tables": tables_of(report),
        "method": method_of(report),
        "lacking": lacking(report),
        "area_tier": word(TIERS, ground.area_tier),
        "cell_tier": word(TIERS, ground.cell_tier),
        "same_tier": ground.area_tier == ground.cell_tier or not ground.cells,
    }
    embedded = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return self_contained(
        drawn,
        title=f"{title_of(report)} {said['period']}",
        words=templates().get_template("above.html").render(said),
        below=templates().get_template("below.html").render(said),
        style=(PAGE / "page.css").read_text(encoding="utf-8"),
        script=f"const REPORT={embedded};\n" + (PAGE / "page.js").read_text(encoding="utf-8"),
    )


def _layer(places: tuple[Place, ...], weight: float) -> folium.GeoJson:
    features = [
        {
            "type": "Feature",
            "id": place.path,
            "properties": {"name": place.name},
            "geometry": json.loads(place.outline),
        }
        for place in places
    ]
    style = GROUND_STYLE | {"weight": weight}
    # Without features folium can't choose one for its style.
    return folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        style_function=(lambda feature: style) if features else None,
        smooth_factor=0.5,
    )


def _data(report: Situation) -> dict[str, Any]:
    """What the script draws: times, counts per cell and frame, names and middles, and the rows behind each figure."""
    ground, frames = report.ground, report.frames
    middles = {place.path: place for place in (*ground.cells, *ground.areas, ground.place)}
    issues: dict[str, list[int]] = defaultdict(list)
    found = in_order(report)
    for place, shown in enumerate(found):
        issues[shown.cell or ""].append(place)
    return {
        "times": [local(moment, report) for moment in frames.times],
        "open": frames.open,
        "late": frames.late,
        "cells": frames.cells,
        "areas": [place.path for place in ground.areas] or [ground.place.path],
        "places": {
            path: [round(place.middle[1], 5), round(place.middle[0], 5), place.name] for path, place in middles.items()
        },
        "issues": issues,
        "lists": rows_of(report, found),
        "chars": [rank_char(light) for light in Light],
    }
