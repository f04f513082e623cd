"""The commands that bring and check boundaries, as an operator runs them."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from shapely import box
from shapely.geometry import mapping

from command.access import Role
from demo.seed.centre import Account, BuiltCentre, Plan, build_centre
from gis.grid.generation import Counts
from gis.grid.models import Cell

EXTENT = box(120.31, 30.62, 120.36, 30.66)
MAP = """
[cells]
tier = "community"
code = "CODE"
name = "NAME"
parent = "UP"
"""


@pytest.fixture
def centre(db: None) -> BuiltCentre:
    """A small centre: one township, two communities, four grids, twenty micro-grids."""
    account = Account("grid-duty", "林晓舟", Role.DUTY_OFFICER, "duty_desk")
    return build_centre(Plan("330197", "试导区综治中心", EXTENT, Counts(1, 2, 4, 20), accounts=(account,)))


@pytest.fixture
def files(tmp_path: Path, centre: BuiltCentre) -> tuple[Path, Path]:
    """A map file, and a file in which the first community has a new name."""
    cells = Cell.objects.filter(centre_id=centre.id, tier="community").order_by("path")
    features = [
        {
            "type": "Feature",
            "properties": {"CODE": cell.code, "NAME": cell.name, "UP": cell.path.split("/")[-2]},
            "geometry": json.loads(cell.polygon.geojson),
        }
        for cell in cells
    ]
    features[0]["properties"]["NAME"] = "新名社区"
    file = tmp_path / "communities.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    return file, tmp_path / "map.toml"


def run(name: str, *words: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, words), stdout=out)
    return out.getvalue()


def test_a_dry_run_says_what_would_change_and_writes_a_report(
    centre: BuiltCentre, files: tuple[Path, Path], tmp_path: Path
) -> None:
    said = run("import_grid", files[0], "--map", files[1], "--centre", "330197", "--report", tmp_path / "out")
    assert "变更：村社 1" in said
    assert "未变：村社 1" in said
    assert "什么也没有写入" in said
    assert "GCJ-02" in said
    assert json.dumps("新名社区")[1:-1] in (tmp_path / "out" / "import.html").read_text(encoding="utf-8")
    assert (tmp_path / "out" / "faults.csv").exists()
    assert not Cell.objects.filter(centre_id=centre.id, name="新名社区").exists()


def test_apply_writes_and_the_tree_still_tiles(centre: BuiltCentre, files: tuple[Path, Path]) -> None:
    assert "已写入" in run("import_grid", files[0], "--map", files[1], "--centre", "330197", "--apply")
    renamed = Cell.objects.get(centre_id=centre.id, name="新名社区")
    assert renamed.valid_until is None
    assert Cell.objects.filter(parent=renamed, valid_until=None, tier="grid").exists()
    assert "0 处不符" in run("check_grid")
    assert "没有改动" in run("import_grid", files[0], "--map", files[1], "--centre", "330197", "--apply")


def test_faults_end_a_dry_run_with_1(centre: BuiltCentre, files: tuple[Path, Path]) -> None:
    text = files[0].read_text(encoding="utf-8").replace('"NAME": "\\u65b0\\u540d\\u793e\\u533a"', '"NAME": ""')
    files[0].write_text(text, encoding="utf-8")
    with pytest.raises(SystemExit) as ended:
        run("import_grid", files[0], "--map", files[1], "--centre", "330197")
    assert ended.value.code == 1


def test_a_centre_nobody_knows_is_refused(centre: BuiltCentre, files: tuple[Path, Path]) -> None:
    with pytest.raises(CommandError, match="330197"):
        run("import_grid", files[0], "--map", files[1], "--centre", "110000")


@pytest.mark.mechanism("M20")
def test_the_check_reports_every_overlap_and_every_child_outside_its_parent(centre: BuiltCentre) -> None:
    assert "0 处不符" in run("check_grid")
    first, second = Cell.objects.filter(centre_id=centre.id, tier="community").order_by("path")
    wider = json.dumps(mapping(box(*first.polygon.extent).buffer(0.01)))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE grid_cell SET polygon = ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(%s), 4490)) WHERE id = %s",
            [wider, first.pk],
        )
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_grid", stdout=out)
    said = out.getvalue()
    assert f"{first.name} 与 {second.name}" in said
    assert f"{first.name} 超出上级" in said
    assert "上级范围内有缺口" in said  # the wider one's own grids don't fill it any more
