"""The import of a whole county's cells from a file: read, judged, compared, taken over."""

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

from shapely import MultiPolygon
from shapely.geometry import mapping

from bench.report import Row
from gis.boundaries.run import ImportInto, Wishes, run_import
from gis.grid.county import COUNTY, outline
from gis.grid.generation import generate
from realtime.feed.actions import open_centre

CODE: Final = "990199"
MAP: Final = """
covers = "centre"
[cells]
tier = { property = "TIER", values = { "1" = "district", "2" = "township", "3" = "community", "4" = "grid",
         "5" = "micro_grid" } }
code = "CODE"
name = "NAME"
parent = "UP"
"""


class Nobody:
    """A centre without issues."""

    def open_issues_in(self, cell_ids: Sequence[UUID]) -> int:
        """None."""
        return 0

    def posts_of(self, cell_ids: Sequence[UUID]) -> Mapping[str, int]:
        """None."""
        return {}

    def units_of(self, centre_id: UUID, paths: Sequence[str]) -> Sequence[str]:
        """None."""
        return ()

    def outline_changed(self, centre_id: UUID, outline: MultiPolygon) -> None:
        """Nobody asks."""

    def cells_ended(self, centre_id: UUID) -> int:
        """Nothing lies there."""
        return 0


def measure_import() -> Row:
    """Writes the county as GeoJSON, imports it into a new centre, and again, which changes nothing."""
    cells = generate(outline(120.37, 30.645, area_km2=1_300, seed=61), code=CODE, name="量测县", counts=COUNTY, seed=61)
    tiers = {tier: str(number) for number, tier in enumerate(dict.fromkeys(cell.tier for cell in cells), start=1)}
    features = [
        {
            "type": "Feature",
            "properties": {
                "CODE": cell.code,
                "NAME": cell.name,
                "TIER": tiers[cell.tier],
                "UP": cell.parent_path.rpartition("/")[2] if cell.parent_path else None,
            },
            "geometry": mapping(cell.polygon),
        }
        for cell in cells
    ]
    centre = ImportInto(uuid4(), CODE, "量测县")
    open_centre(centre.id)
    with tempfile.TemporaryDirectory(prefix="relay60-bench-") as folder:
        file, map_file = Path(folder) / "cells.geojson", Path(folder) / "map.toml"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        map_file.write_text(MAP.replace(",\n         ", ", "))
        began = time.monotonic()
        done = run_import(file, map_file, centre, Wishes(apply=True), surroundings=Nobody())
        took_s = time.monotonic() - began
        began = time.monotonic()
        again = run_import(file, map_file, centre, Wishes(apply=True), surroundings=Nobody())
        again_s = time.monotonic() - began
    note = (
        f"{len(done.plan.begun):,} cells of five tiers, {len(done.faults)} faults; the same file again {again_s:.1f} s"
    )
    if not done.took_over or not again.plan.does_nothing:
        note += f"; refused: {done.refused}"
    return Row(name="import of 8,535 micro-grids with all above them", value=took_s, unit="s", note=note)
