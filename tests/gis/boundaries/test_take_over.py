"""Importing again: what is the same is not touched, what changed ends and begins anew, what is gone ends."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from gis.boundaries import actions
from gis.boundaries.faults import FaultKind, ImportRefused
from gis.boundaries.models import BoundaryImport, ImportedCell
from gis.boundaries.plan import Aspect
from gis.grid.models import Cell
from realtime.feed.queries import all_facts
from tests.gis.boundaries.conftest import ONE_TIER, TWO_TIERS, Desk, row, square
from tests.gis.boundaries.test_tree import TOWN_OF_FOUR, town, village

KEPT = ONE_TIER.replace('district = "union"', "")
Picture = list[tuple[str, str, datetime, datetime | None]]


def picture(desk: Desk) -> Picture:
    """Every row of the centre as it stands."""
    rows = Cell.objects.filter(centre_id=desk.centre.id).order_by("path", "valid_from")
    return [(row.path, row.name, row.valid_from, row.valid_until) for row in rows]


def valid(desk: Desk) -> dict[str, Cell]:
    return {cell.code: cell for cell in Cell.objects.filter(centre_id=desk.centre.id, valid_until=None)}


def begin(desk: Desk, rows: list[dict[str, Any]] = TOWN_OF_FOUR, mapping: str = TWO_TIERS) -> None:
    assert desk.imports(rows, mapping, apply=True).took_over


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    begin(desk)
    before = picture(desk)
    again = desk.imports(TOWN_OF_FOUR, TWO_TIERS, apply=True)
    assert again.plan.does_nothing
    assert len(again.plan.unchanged) == 6
    assert picture(desk) == before
    assert BoundaryImport.objects.filter(centre_id=desk.centre.id).count() == 1


def test_a_renamed_cell_ends_and_begins_anew_the_rest_is_untouched(desk: Desk) -> None:
    begin(desk)
    before = valid(desk)
    renamed = [*TOWN_OF_FOUR[:1], row("a", square(0, 0), name="新村", LEVEL="4", UP="t"), *TOWN_OF_FOUR[2:]]
    outcome = desk.imports(renamed, TWO_TIERS, apply=True)
    assert [(change.held.code, change.aspects) for change in outcome.plan.changed] == [("a", (Aspect.NAME,))]
    after = valid(desk)
    assert after["a"].name == "新村"
    assert after["a"].path == before["a"].path
    old = Cell.objects.get(pk=before["a"].pk)
    assert old.valid_until == after["a"].valid_from
    assert {code: cell.pk for code, cell in after.items() if code != "a"} == {
        code: cell.pk for code, cell in before.items() if code != "a"
    }


def test_children_of_a_changed_parent_hang_below_its_new_row(desk: Desk) -> None:
    begin(desk)
    before = valid(desk)
    only_town = [row("t", square(0, 0, 2, 2), name="新镇")]
    outcome = desk.imports(only_town, KEPT, apply=True)
    assert outcome.refused is None
    after = valid(desk)
    assert after["t"].pk != before["t"].pk
    assert {after[code].parent_id for code in "abcd"} == {after["t"].pk}
    assert {after[code].pk for code in "abcd"} == {before[code].pk for code in "abcd"}


def test_what_the_file_leaves_out_ends(desk: Desk) -> None:
    begin(desk)
    wider = [TOWN_OF_FOUR[0], village("a", "t", 0, 0, 2, 1), *TOWN_OF_FOUR[3:]]  # a takes over b
    outcome = desk.imports(wider, TWO_TIERS, apply=True)
    assert [cell.code for cell in outcome.plan.ended] == ["b"]
    assert sorted(valid(desk)) == ["330199", "a", "c", "d", "t"]
    done = BoundaryImport.objects.filter(centre_id=desk.centre.id).latest("applied_at")
    marks = ImportedCell.objects.filter(boundary_import=done).values_list("cell__code", "mark", "feature")
    assert sorted(marks, key=str) == sorted([("a", "begun", 2), ("a", "ended", None), ("b", "ended", None)], key=str)


def test_a_file_about_one_parent_ends_nothing_elsewhere(desk: Desk) -> None:
    begin(desk, [town("t", 0, 0), town("u", 1, 0), village("a", "t", 0, 0), village("b", "u", 1, 0)])
    mapping = KEPT.replace('covers = "centre"', "").replace("township", "community") + 'parent = "UP"\n'
    outcome = desk.imports([row("a2", square(0, 0), UP="t")], mapping, apply=True)
    assert outcome.refused is None
    assert [cell.code for cell in outcome.plan.ended] == ["a"]
    assert "b" in valid(desk)


@pytest.mark.mechanism("M20")
def test_open_issues_are_orphaned_only_on_the_operators_word(desk: Desk) -> None:
    begin(desk)
    before = picture(desk)
    desk.issues = {valid(desk)["b"].pk: 2}
    wider = [TOWN_OF_FOUR[0], village("a", "t", 0, 0, 2, 1), *TOWN_OF_FOUR[3:]]
    dry = desk.imports(wider, TWO_TIERS)
    assert (dry.orphans, dry.moved, dry.refused) == (2, 0, None)
    outcome = desk.imports(wider, TWO_TIERS, apply=True)
    assert (outcome.took_over, outcome.orphans) == (False, 2)
    assert "2 件未结事项" in str(outcome.refused)
    assert "--move-issues" in str(outcome.refused)
    assert picture(desk) == before
    done = desk.imports(wider, TWO_TIERS, apply=True, move_issues=True)
    assert (done.took_over, done.orphans, done.moved) == (True, 2, 2)


def test_an_import_is_told_and_the_district_has_its_outline(desk: Desk) -> None:
    begin(desk)
    [told] = all_facts(desk.centre.id)
    assert told.name == "cells.imported"
    card = json.loads(told.bytes)["card"]
    assert (card["begun"], card["changed"], card["ended"], card["open"]) == (6, 0, 0, False)
    assert json.loads(told.audience)["after"] == {"class": "public", "tokens": ["place:330199"]}
    begin(desk)  # the same file again: nothing to tell
    renamed = [town("t", 0, 0, 2, 2, name="新镇"), *TOWN_OF_FOUR[1:]]
    begin(desk, renamed)
    begin(desk, [*renamed, town("u", 2, 0)])
    district = Cell.objects.get(centre_id=desk.centre.id, tier="district", valid_until=None)
    assert len(desk.outlines) == 2  # when it began, and when it grew
    assert desk.outlines[-1].area == pytest.approx(district.polygon.area)
    assert len(list(all_facts(desk.centre.id))) == 3


def test_a_cell_with_others_below_it_does_not_end_alone(desk: Desk) -> None:
    begin(desk)
    outcome = desk.imports([row("v", square(0, 0, 2, 2))], KEPT, apply=True)
    [fault] = outcome.plan.faults
    assert (fault.kind, fault.code) == (FaultKind.STILL_HAS_CHILDREN, "t")
    assert outcome.took_over is False


def test_a_new_boundary_must_still_hold_the_cells_below(desk: Desk) -> None:
    begin(desk)
    outcome = desk.imports([row("t", square(0, 0, 2, 1.5), name="t村")], ONE_TIER, apply=True)
    assert {fault.kind for fault in outcome.plan.faults} == {FaultKind.LEAVES_PARENT}
    assert outcome.took_over is False


def test_a_row_at_fault_leaves_its_cell_as_it_is(desk: Desk) -> None:
    begin(desk)
    before = valid(desk)["d"].pk
    outcome = desk.imports(
        [*TOWN_OF_FOUR[:4], row("d", square(1, 1), name="", LEVEL="4", UP="t")], TWO_TIERS, apply=True, skip_bad=True
    )
    assert outcome.refused is None
    assert valid(desk)["d"].pk == before


def test_nothing_ends_while_a_row_does_not_say_its_code(desk: Desk) -> None:
    begin(desk)
    outcome = desk.imports(
        [*TOWN_OF_FOUR[:4], row(None, square(1, 1), LEVEL="4", UP="t")], TWO_TIERS, apply=True, skip_bad=True
    )
    assert outcome.plan.ended == ()
    assert "d" in valid(desk)


def test_a_boundary_holds_from_the_day_that_was_said(desk: Desk) -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    assert desk.imports(TOWN_OF_FOUR, TWO_TIERS, apply=True, valid_from=long_ago).took_over
    assert valid(desk)["t"].valid_from == long_ago
    renamed = [town("t", 0, 0, 2, 2, name="新镇"), *TOWN_OF_FOUR[1:]]
    assert desk.imports(renamed, TWO_TIERS, apply=True, valid_from=datetime(2026, 3, 1, tzinfo=UTC)).took_over
    assert [cell[3] for cell in picture(desk) if cell[1] == "t村"] == [datetime(2026, 3, 1, tzinfo=UTC)]

    earlier = desk.imports(TOWN_OF_FOUR, TWO_TIERS, apply=True, valid_from=datetime(2026, 2, 1, tzinfo=UTC))
    assert "不晚于将终止的网格的起始时间" in str(earlier.refused)


def test_a_boundary_does_not_hold_from_a_day_to_come(desk: Desk) -> None:
    to_come = datetime(2126, 1, 1, tzinfo=UTC)
    outcome = desk.imports(TOWN_OF_FOUR, TWO_TIERS, apply=True, valid_from=to_come)
    assert "在将来" in str(outcome.refused)
    assert picture(desk) == []


def test_a_plan_is_worth_nothing_once_the_cells_have_changed(desk: Desk) -> None:
    begin(desk)
    renamed = [town("t", 0, 0, 2, 2, name="新镇"), *TOWN_OF_FOUR[1:]]
    plan = desk.imports(renamed, TWO_TIERS).plan
    rival = [town("t", 0, 0, 2, 2, name="抢先镇"), *TOWN_OF_FOUR[1:]]
    begin(desk, rival)
    before = picture(desk)

    origin = actions.Origin(desk.imports(renamed, TWO_TIERS).source, bytes(32), "", 0)
    with pytest.raises(ImportRefused, match="已被改动"):
        actions.take_over(desk.centre.id, plan, origin=origin, valid_from=None, surroundings=desk)
    assert picture(desk) == before


def test_an_import_says_where_its_boundaries_come_from(desk: Desk) -> None:
    begin(desk)
    done = BoundaryImport.objects.get(centre_id=desk.centre.id)
    assert (done.file_name, done.source_crs, done.crs_named_by) == ("cells.geojson", "EPSG:4326", "format")
    assert (done.features, done.skipped, done.unchanged) == (5, 0, 0)
    assert 'code = "CODE"' in done.mapping
    assert done.applied_at - done.valid_from == timedelta(0)


def test_the_statements_of_an_import_do_not_grow_with_its_cells(desk: Desk, django_assert_max_num_queries: Any) -> None:
    many = [row(f"{x}-{y}", square(x, y)) for x in range(20) for y in range(20)]
    with django_assert_max_num_queries(30):
        assert desk.imports(many, apply=True).took_over
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM grid_cell WHERE centre_id = %s", [desk.centre.id])
        assert cursor.fetchone() == (401,)


def test_a_row_left_out_leaves_a_gap_that_must_be_wished(desk: Desk) -> None:
    rows = [*TOWN_OF_FOUR[:4], row("d", square(1, 1), name="", LEVEL="4", UP="t")]
    outcome = desk.imports(rows, TWO_TIERS, apply=True, skip_bad=True)
    assert outcome.refused is not None
    assert "1 处缺口" in outcome.refused.why
    assert desk.imports(rows, TWO_TIERS, apply=True, skip_bad=True, accept_gaps=True).took_over


def test_a_cell_that_stays_is_not_grown_over(desk: Desk) -> None:
    """Its own row is at fault, so it stays as it is; its neighbour's new boundary would cover it."""
    assert desk.imports(TOWN_OF_FOUR, TWO_TIERS, apply=True).took_over
    wide = row("c", square(0, 1, wide=2), LEVEL="4", UP="t")
    bad = row("d", square(1, 1), name="", LEVEL="4", UP="t")
    rows = [*TOWN_OF_FOUR[:3], wide, bad]
    outcome = desk.imports(rows, TWO_TIERS, apply=True, skip_bad=True, accept_gaps=True)
    assert outcome.refused is not None
    assert {fault.kind for fault in outcome.plan.faults} == {FaultKind.OVERLAP}
