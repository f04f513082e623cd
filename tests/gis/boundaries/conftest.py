"""Boundary files drawn by hand: squares of a hundredth of a degree around (120.0, 30.0), one per row."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely import MultiPolygon, box
from shapely.geometry import mapping

from gis.boundaries.run import ImportInto, Outcome, Wishes, run_import
from gis.grid.models import Cell
from realtime.feed.actions import open_centre

STEP = 0.01  # degrees: 1,112 m north, 963 m east
ONE_TIER = """
covers = "centre"
district = "union"
[cells]
tier = "township"
code = "CODE"
name = "NAME"
"""
TWO_TIERS = """
covers = "centre"
district = "union"
[cells]
tier = { property = "LEVEL", values = { "3" = "township", "4" = "community" } }
code = "CODE"
name = "NAME"
parent = "UP"
"""


def square(east: float, north: float, wide: float = 1, high: float = 1) -> dict[str, Any]:
    """A square whose lower left corner lies so many steps east and north of (120, 30)."""
    west, south = 120 + east * STEP, 30 + north * STEP
    return mapping(box(west, south, west + wide * STEP, south + high * STEP))


def row(code: str | None, geometry: dict[str, Any] | None, name: str | None = None, **others: Any) -> dict[str, Any]:
    """One feature."""
    properties = {"CODE": code, "NAME": name if name is not None else f"{code}村", **others}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@dataclass
class Desk:
    """An operator with a folder of files and a centre."""

    folder: Path
    centre: ImportInto = field(default_factory=lambda: ImportInto(uuid4(), "330199", "河湾区"))
    issues: dict[UUID, int] = field(default_factory=dict)  # open issues by cell
    outlines: list[MultiPolygon] = field(default_factory=list)  # that the district was said to have
    asked_to_move: int = 0

    def file(self, rows: Sequence[dict[str, Any]], name: str = "cells.geojson", **members: Any) -> Path:
        """Writes the rows as GeoJSON."""
        path = self.folder / name
        collection = {"type": "FeatureCollection", **members, "features": list(rows)}
        path.write_text(json.dumps(collection, ensure_ascii=False), encoding="utf-8")
        return path

    def map(self, text: str = ONE_TIER) -> Path:
        """Writes a map file."""
        path = self.folder / "map.toml"
        path.write_text(text, encoding="utf-8")
        return path

    def imports(self, rows: Sequence[dict[str, Any]] | Path, mapping: str = ONE_TIER, **wishes: Any) -> Outcome:
        """Runs an import of rows, or of a file."""
        file = rows if isinstance(rows, Path) else self.file(rows)
        return run_import(
            file,
            self.map(mapping),
            self.centre,
            Wishes(**wishes),
            surroundings=self,
        )

    def open_issues_in(self, cell_ids: Sequence[UUID]) -> int:
        """As those who know issues would answer."""
        return sum(self.issues.get(one, 0) for one in cell_ids)

    def posts_of(self, cell_ids: Sequence[UUID]) -> Mapping[str, int]:
        return {}

    def units_of(self, centre_id: UUID, paths: Sequence[str]) -> Sequence[str]:
        return ()

    def outline_changed(self, centre_id: UUID, outline: MultiPolygon) -> None:
        """Remembers it."""
        assert centre_id == self.centre.id
        self.outlines.append(outline)

    def cells_ended(self, centre_id: UUID) -> int:
        """All that lie in cells that have ended are moved."""
        assert centre_id == self.centre.id
        self.asked_to_move += 1
        ended = Cell.objects.filter(centre_id=centre_id, valid_until__isnull=False).values_list("pk", flat=True)
        return sum(self.issues.pop(one, 0) for one in ended)


@pytest.fixture
def desk(tmp_path: Path, db: None) -> Desk:
    """An operator whose centre has no cells yet."""
    desk = Desk(tmp_path)
    open_centre(desk.centre.id)
    return desk


@pytest.fixture
def ogr2ogr() -> Callable[..., None]:
    """GDAL's own converter, to make Shapefiles and GeoPackages as other systems do."""

    def convert(*words: str | Path, **environment: str) -> None:
        subprocess.run(["ogr2ogr", *map(str, words)], check=True, capture_output=True, env=environment or None)

    return convert
