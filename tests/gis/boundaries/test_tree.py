"""Rows together: parents that don't exist, ground covered twice or not at all. Squares drawn by hand."""

from typing import Any

import pytest

from gis.boundaries.faults import FaultKind
from gis.grid.models import Cell
from tests.gis.boundaries.conftest import ONE_TIER, TWO_TIERS, Desk, row, square

SQUARE_M2 = 1111.95 * 1111.95 * 0.866  # a hundredth of a degree at 30° north


def town(code: str, *where: float, **others: Any) -> dict[str, Any]:
    return row(code, square(*where), LEVEL="3", UP="330199", **others)


def village(code: str, up: str | None, *where: float) -> dict[str, Any]:
    return row(code, square(*where), LEVEL="4", UP=up)


TOWN_OF_FOUR = [
    town("t", 0, 0, 2, 2),
    village("a", "t", 0, 0),
    village("b", "t", 1, 0),
    village("c", "t", 0, 1),
    village("d", "t", 1, 1),
]


def kinds(desk: Desk, rows: list[dict[str, Any]], mapping: str = TWO_TIERS) -> list[tuple[FaultKind, int | None]]:
    return [(fault.kind, fault.number) for fault in desk.imports(rows, mapping).faults]


def test_a_whole_tree_goes_in_with_its_paths(desk: Desk) -> None:
    outcome = desk.imports(TOWN_OF_FOUR, TWO_TIERS, apply=True)
    assert (outcome.faults, outcome.took_over) == ((), True)
    cells = Cell.objects.filter(centre_id=desk.centre.id).order_by("path")
    assert [(cell.path, cell.tier, cell.parent.code if cell.parent else None) for cell in cells] == [
        ("330199", "district", None),
        ("330199/t", "township", "330199"),
        ("330199/t/a", "community", "t"),
        ("330199/t/b", "community", "t"),
        ("330199/t/c", "community", "t"),
        ("330199/t/d", "community", "t"),
    ]


@pytest.mark.parametrize("up", ["nowhere", None])
def test_an_orphan_is_named(desk: Desk, up: str | None) -> None:
    [fault] = desk.imports([*TOWN_OF_FOUR[:4], village("d", up, 1, 1)], TWO_TIERS, skip_bad=True).survey.faults[:1]
    assert (fault.kind, fault.number, fault.field) == (FaultKind.ORPHAN, 5, "UP")


def test_rows_below_a_bad_parent_stay_out_with_it(desk: Desk) -> None:
    rows = [town("t", 0, 0, name=""), village("a", "t", 0, 0)]
    assert kinds(desk, rows) == [(FaultKind.NO_NAME, 1), (FaultKind.PARENT_AT_FAULT, 2)]


def test_a_parent_must_be_of_a_coarser_tier(desk: Desk) -> None:
    rows = [town("t", 0, 0), village("a", "t", 0, 0), village("b", "a", 0, 0)]
    assert (FaultKind.PARENT_NOT_COARSER, 3) in kinds(desk, rows)


def test_an_overlap_blames_both_and_tells_its_size(desk: Desk) -> None:
    rows = [*TOWN_OF_FOUR[:4], village("d", "t", 0.9, 1, 1.1, 1)]
    first, second = desk.imports(rows, TWO_TIERS).faults
    assert (first.kind, second.kind) == (FaultKind.OVERLAP, FaultKind.OVERLAP)
    assert {first.number, second.number} == {4, 5}
    assert first.where is not None
    assert f"{SQUARE_M2 / 10:,.0f}"[:4] in first.why  # a tenth of a square


def test_an_overlap_within_tolerance_is_rounding(desk: Desk) -> None:
    rows = [*TOWN_OF_FOUR[:4], village("d", "t", 0.9, 1, 1.1, 1)]
    assert kinds(desk, rows, TWO_TIERS + f"[tolerances]\noverlap_m2 = {SQUARE_M2 / 9}\n") == []


def test_cells_of_different_parents_must_not_overlap_either(desk: Desk) -> None:
    rows = [town("t", 0, 0), town("u", 1, 0), village("a", "t", 0, 0, 1.2, 1), village("b", "u", 1, 0)]
    found = kinds(desk, rows)
    assert (FaultKind.OVERLAP, 3) in found
    assert (FaultKind.OVERLAP, 4) in found
    assert (FaultKind.LEAVES_PARENT, 3) in found


def test_a_gap_is_the_parents_and_says_where(desk: Desk) -> None:
    [gap] = desk.imports(TOWN_OF_FOUR[:4], TWO_TIERS).faults
    assert (gap.kind, gap.number, gap.code, gap.blocks) == (FaultKind.GAP, 1, "t", False)
    assert "120.015000, 30.015000" in gap.why
    assert f"{SQUARE_M2:,.0f}"[:5] in gap.why


def test_a_gap_goes_in_only_when_it_is_meant(desk: Desk) -> None:
    refused = desk.imports(TOWN_OF_FOUR[:4], TWO_TIERS, apply=True)
    assert "1 处缺口" in str(refused.refused)
    assert "--accept-gaps" in str(refused.refused)
    assert desk.imports(TOWN_OF_FOUR[:4], TWO_TIERS, apply=True, accept_gaps=True).took_over


def test_a_hole_in_a_parent_made_of_its_children_is_a_gap(desk: Desk) -> None:
    ring = [row(f"{x}{y}", square(x, y), UP="t", TOWN="河湾镇") for x in range(3) for y in range(3) if (x, y) != (1, 1)]
    mapping = ONE_TIER.replace("township", "community") + 'parent = "UP"\n[parents]\ntier = "township"\nname = "TOWN"\n'
    outcome = desk.imports(ring, mapping)
    assert {(fault.kind, fault.code) for fault in outcome.faults} == {(FaultKind.GAP, "t"), (FaultKind.GAP, "330199")}
    assert "未定位" in outcome.faults[0].remedy
    [made] = [one for one in outcome.survey.rows if one.code == "t"]
    assert (made.name, made.number, made.path) == ("河湾镇", None, "330199/t")


def test_a_child_that_leaves_its_parent_is_named(desk: Desk) -> None:
    rows = [*TOWN_OF_FOUR[:4], village("d", "t", 1, 1, 1.5, 1)]
    [fault] = desk.imports(rows, TWO_TIERS).faults
    assert (fault.kind, fault.number) == (FaultKind.LEAVES_PARENT, 5)
    assert f"{SQUARE_M2 / 2:,.0f}"[:4] in fault.why


def test_a_centre_without_a_district_says_how_to_get_one(desk: Desk) -> None:
    mapping = ONE_TIER.replace('district = "union"', "")
    with pytest.raises(Exception, match='district = "union"'):
        desk.imports([row("1", square(0, 0))], mapping)
