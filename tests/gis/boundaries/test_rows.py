"""Each fault that a row can have by itself, told with feature, field, reason and remedy."""

from pathlib import Path
from typing import Any

import pytest

from gis.boundaries.faults import FaultKind, ImportRefused
from gis.grid.models import Cell
from tests.gis.boundaries.conftest import ONE_TIER, TWO_TIERS, Desk, row, square

BOW_TIE = {"type": "Polygon", "coordinates": [[[120, 30], [120.01, 30.01], [120.01, 30], [120, 30.01], [120, 30]]]}
LINE = {"type": "LineString", "coordinates": [[120, 30], [120.01, 30.01]]}
SWAPPED = {"type": "Polygon", "coordinates": [[[30, 120], [30, 120.01], [30.01, 120.01], [30, 120]]]}
METRES = {"type": "Polygon", "coordinates": [[[5e5, 33e5], [5.1e5, 33e5], [5.1e5, 33.1e5], [5e5, 33e5]]]}
OPEN_RING = {"type": "Polygon", "coordinates": [[[120, 30], [120.01, 30], [120.01, 30.01], [120, 30.01]]]}

BAD_ROWS = {
    FaultKind.INVALID_RING: (row("2", BOW_TIE), "geometry", "自相交，在（120.005000, 30.005000）"),
    FaultKind.NOT_A_POLYGON: (row("2", LINE), "geometry", "LineString"),
    FaultKind.EMPTY_GEOMETRY: (row("2", None), "geometry", "没有几何"),
    FaultKind.NO_NAME: (row("2", square(1, 0), name=" "), "NAME", "名称为空"),
    FaultKind.NO_CODE: (row(None, square(1, 0), name="无码村"), "CODE", "编码为空"),
    FaultKind.BAD_CODE: (row("一/二", square(1, 0)), "CODE", "一/二"),
    FaultKind.DUPLICATE_CODE: (row("1", square(1, 0)), "CODE", "第 1 个要素"),
    FaultKind.OVERLAP: (row("2", square(0.5, 0)), "geometry", "535,"),
}


@pytest.mark.parametrize("kind", BAD_ROWS)
def test_a_bad_row_is_named_with_field_reason_and_remedy(desk: Desk, kind: FaultKind) -> None:
    bad, field, said = BAD_ROWS[kind]
    outcome = desk.imports([row("1", square(0, 0)), bad])
    [fault] = [fault for fault in outcome.faults if fault.kind is kind and fault.number == 2]
    assert (fault.number, fault.field) == (2, field)
    assert said in fault.why
    assert fault.remedy
    assert "第 2 个要素" in fault.line()


@pytest.mark.parametrize("name", ["45991", "#N/A", "2026-01-02", "NULL", "???", "李\ue863村"])
def test_what_is_no_name_is_refused(desk: Desk, name: str) -> None:
    outcome = desk.imports([row("1", square(0, 0)), row("2", square(1, 0), name=name)], apply=True)
    [fault] = [fault for fault in outcome.faults if fault.blocks]
    assert (fault.number, fault.field, fault.kind) == (2, "NAME", FaultKind.BAD_NAME)
    assert outcome.refused is not None


@pytest.mark.parametrize(
    "name", ["绿城·桃花源社区", "〇八村", "\U00031350家村", "枫渚（二期）", "བོད་ལྗོངས", "ئۇيغۇر كەنتى"]
)
def test_names_are_taken_as_offices_write_them(desk: Desk, name: str) -> None:
    outcome = desk.imports([row("1", square(0, 0), name=name)])
    assert (outcome.faults, outcome.survey.rows[1].name) == ((), name)


@pytest.mark.parametrize("up", ["甲镇/乙", "330199/1", "NULL", "a b", "1" * 51, "1" * 5000])
def test_a_parents_code_is_judged_like_any_code(desk: Desk, up: str) -> None:
    mapping = (
        ONE_TIER.replace('"township"', '"community"') + 'parent = "UP"\n[parents]\ntier = "township"\nname = "TOWN"\n'
    )
    outcome = desk.imports([row("1", square(0, 0), UP=up, TOWN="甲镇")], mapping, apply=True)
    assert [(fault.field, fault.kind) for fault in outcome.faults] == [("UP", FaultKind.BAD_CODE)]
    assert not Cell.objects.filter(centre_id=desk.centre.id).exists()


def test_an_open_ring_is_refused_and_mended_only_aloud(desk: Desk) -> None:
    rows = [row("1", OPEN_RING)]
    [fault] = desk.imports(rows).faults
    assert (fault.kind, fault.field) == (FaultKind.INVALID_RING, "geometry")
    assert "首尾相距 1,112" in fault.why
    mended = desk.imports(rows, repair=True)
    assert mended.faults == ()
    assert [cell.repaired for cell in mended.survey.rows if cell.number] == [0.0]


@pytest.mark.parametrize(("geometry", "hint"), [(SWAPPED, "经纬度像是写反了"), (METRES, "像是平面坐标")])
def test_coordinates_outside_china_say_what_they_look_like(desk: Desk, geometry: dict[str, Any], hint: str) -> None:
    [fault] = desk.imports([row("1", geometry)]).faults
    assert fault.kind is FaultKind.WRONG_CRS
    assert hint in fault.why
    assert "crs" in fault.remedy


def test_a_tier_without_a_meaning_is_named(desk: Desk) -> None:
    [fault] = desk.imports([row("1", square(0, 0), LEVEL="9", UP="330199")], TWO_TIERS).faults
    assert (fault.kind, fault.field) == (FaultKind.UNKNOWN_TIER, "LEVEL")
    assert "9" in fault.why


def test_nothing_is_written_without_apply(desk: Desk) -> None:
    outcome = desk.imports([row("1", square(0, 0))])
    assert (outcome.faults, outcome.took_over) == ((), False)
    assert not Cell.objects.filter(centre_id=desk.centre.id).exists()


def test_one_bad_row_stops_all_unless_told_to_skip(desk: Desk) -> None:
    rows = [row("1", square(0, 0)), row("2", square(1, 0)), row("3", BOW_TIE)]
    refused = desk.imports(rows, apply=True)
    assert refused.took_over is False
    assert "1 个要素有错" in str(refused.refused)
    assert not Cell.objects.filter(centre_id=desk.centre.id).exists()

    done = desk.imports(rows, apply=True, skip_bad=True)
    assert done.took_over is True
    assert sorted(Cell.objects.filter(centre_id=desk.centre.id, tier="township").values_list("code", flat=True)) == [
        "1",
        "2",
    ]


def test_repair_mends_a_ring_and_tells_how_much_it_moved(desk: Desk) -> None:
    outcome = desk.imports([row("1", BOW_TIE)], apply=True, repair=True)
    assert outcome.faults == ()
    [mended] = [one for one in outcome.survey.rows if one.code == "1"]
    assert mended.repaired is not None
    assert len(mended.polygon.geoms) == 2
    assert Cell.objects.get(centre_id=desk.centre.id, code="1").polygon.valid


def test_a_ring_that_does_not_close_is_closed_or_refused_but_never_crashes(desk: Desk) -> None:
    outcome = desk.imports([row("1", OPEN_RING)])
    assert [fault.kind for fault in outcome.faults] in ([], [FaultKind.INVALID_RING])


def test_codes_may_come_from_the_map_file(desk: Desk) -> None:
    outcome = desk.imports([row("罗湖", square(0, 0))], ONE_TIER + '[codes]\n"罗湖" = "440303"\n')
    assert outcome.faults == ()
    assert [one.path for one in outcome.survey.rows] == ["330199", "330199/440303"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("cells = 3", "cells"),
        (ONE_TIER.replace("name =", "nmae ="), "nmae"),
        (ONE_TIER.replace('"township"', '"town"'), "cells.tier"),
        (ONE_TIER.replace('covers = "centre"', ""), 'covers = "centre"'),
        (ONE_TIER + '[parents]\ntier = "township"\nname = "UP"\n', "parent"),
        (ONE_TIER + "[cells", "TOML"),
        (ONE_TIER.replace('"CODE"', '"CODEX"'), "没有属性 CODEX"),
        (ONE_TIER + '[source]\nlayer = "roads"\n', "没有图层“roads”"),
        (ONE_TIER + '[source]\ncrs = "EPSG:999999"\n', "不认识的坐标系"),
    ],
)
def test_a_map_file_that_does_not_fit_is_refused_by_name(desk: Desk, text: str, said: str) -> None:
    with pytest.raises(ImportRefused) as refused:
        desk.imports([row("1", square(0, 0))], text)
    assert said in str(refused.value)
    assert refused.value.remedy


def test_every_fault_stands_in_the_documentation() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "imports.md").read_text(encoding="utf-8")
    assert [kind for kind in FaultKind if f"`{kind}`" not in page or kind.zh not in page] == []
