"""An import that ends cells takes their open issues along, by facts, and only on the operator's word (M20)."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import shapely
from django.core.management import CommandError, call_command
from django.utils import timezone
from shapely.geometry import mapping

from command.access import Role
from command.organisations import administration
from command.people import actions as people
from command.people.models import Post
from command.units.models import Centre, Unit
from dispatch.matter.clock_law import fire_due
from dispatch.matter.custody.models import Hop
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.reading.issues import row_objects, snapshot_objects
from dispatch.verbs.amending import Amendment
from dispatch.verbs.moving import move_out_of_ended_cells
from gis.grid.models import Cell
from realtime.feed.clock import shifted
from realtime.feed.errors import Invalid
from realtime.feed.queries import all_facts
from server.duties import DUTIES
from tests.dispatch import issue_verbs as issues
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import MINUTE, Desk, make_desk
from tests.dispatch.desk import GivenPosition as Position

MAP = """
[cells]
tier = "micro_grid"
code = "CODE"
name = "NAME"
parent = "UP"
"""


@pytest.fixture
def desk(db: None) -> Desk:
    return make_desk()


@pytest.fixture
def cells(desk: Desk) -> list[Cell]:
    """The two micro-grids of the first grid; the file joins them under the first one's code."""
    grid = Cell.objects.filter(centre_id=desk.built.id, tier="grid").order_by("path")[0]
    return list(Cell.objects.filter(parent=grid).order_by("path"))


@pytest.fixture
def run(desk: Desk, cells: list[Cell], tmp_path: Path) -> Any:
    first = cells[0]
    whole = shapely.union_all([shapely.from_wkb(bytes(cell.polygon.wkb)) for cell in cells])
    properties = {"CODE": first.code, "NAME": first.name, "UP": first.path.split("/")[-2]}
    feature = {"type": "Feature", "properties": properties, "geometry": mapping(whole)}
    (tmp_path / "cells.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    (tmp_path / "map.toml").write_text(MAP)

    def imports(*words: str) -> str:
        out = StringIO()
        call_command(
            "import_grid", str(tmp_path / "cells.geojson"), "--map", str(tmp_path / "map.toml"), *words, stdout=out
        )
        return out.getvalue()

    return imports


def inside(cell: Cell) -> Position:
    point = cell.polygon.point_on_surface
    return Position(point.x, point.y, "CGCS2000", 1.0)


@pytest.mark.mechanism("M20")
def test_open_issues_go_along_and_closed_ones_stay(desk: Desk, cells: list[Cell], run: Any) -> None:
    kept, ended = cells[0], cells[1]
    in_kept = desk.reported(position=inside(kept))
    by_point = desk.dispatched(assists=["power"], position=inside(ended))
    by_name = desk.reported(cell=ended.code)
    closed = desk.closed(position=inside(ended))
    before = {issue.pk: issue.version for issue in Issue.objects.all()}

    assert "有 2 件未结事项" in run()
    with pytest.raises(CommandError, match="2 件未结事项"):
        run("--apply")
    assert Cell.objects.get(pk=ended.pk).valid_until is None
    assert "已把 3 件未结事项移到" in run("--apply", "--move-issues")

    now = Cell.objects.get(centre_id=desk.built.id, path=kept.path, valid_until=None)
    where = dict(Issue.objects.values_list("pk", "cell_id"))
    assert now.pk != kept.pk
    assert where == {in_kept: now.pk, by_point: now.pk, by_name: now.parent_id, closed: ended.pk}
    told = [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.name.endswith(".moved")]
    moved = {fact["object"]["id"]: fact for fact in told if fact["object"]["kind"] == "issue"}
    assert set(moved) == {str(in_kept), str(by_point), str(by_name)}
    assert moved[str(by_point)]["version"] == before[by_point] + 1
    assert sum(fact["object"]["kind"] == "order" for fact in told) == Order.objects.filter(issue_id=by_point).count()
    actor = desk.actor("duty1")
    shown = {(one.kind, one.id): one for one in snapshot_objects(actor.scope, actor.centre_id)}
    assert shown == {(one.kind, one.id): one for one in row_objects(actor.scope, actor.centre_id)}
    assert "没有改动" in run("--apply", "--move-issues")


def test_a_cell_that_somebody_answers_for_is_not_ended(desk: Desk, cells: list[Cell], run: Any) -> None:
    person, unit = desk.built.people["town"], desk.built.units["township"]
    people.give_post(person, Role.GRID_MEMBER, unit, cells[1].pk, cmd=desk.command("admin"))
    said = f"{Unit.objects.get(pk=unit).short} 1 个"
    assert f"岗位负责：{said}" in run()
    with pytest.raises(CommandError, match=said):
        run("--apply", "--move-issues")
    assert Cell.objects.get(pk=cells[1].pk).valid_until is None
    people.end_post(Post.objects.get(cell=cells[1]).pk, cmd=desk.command("admin"))
    assert "岗位" not in run("--apply")


def test_a_cell_that_a_unit_answers_for_is_not_ended(desk: Desk, cells: list[Cell], run: Any) -> None:
    unit = Unit.objects.create(
        centre_id=desk.built.id,
        code="patrol",
        name="东片巡防队",
        short="东巡",
        kind="group",
        stationing="on_call",
        cell_path=cells[1].path,
    )
    assert "单位管辖：东巡" in run()
    with pytest.raises(CommandError, match="单位管辖：东巡"):
        run("--apply", "--move-issues")
    assert Cell.objects.get(pk=cells[1].pk).valid_until is None
    administration.retire(unit.pk, expected=unit.version, cmd=desk.command("admin"))
    assert "单位管辖" not in run("--apply")


def test_what_is_taken_up_again_in_a_cell_that_ended_is_moved_by_the_duty(
    desk: Desk, cells: list[Cell], run: Any
) -> None:
    kept, ended = cells[0], cells[1]
    closed = desk.closed(position=inside(ended))
    run("--apply", "--move-issues")
    issues.reopen(closed, "又坏了", expected=desk.version(closed), cmd=desk.command("lead"))
    assert Issue.objects.get(pk=closed).cell_id == ended.pk
    duty = next(duty for duty in DUTIES if duty.name == "ended_cells")
    assert [duty.run(), duty.run()] == [1, 0]
    assert Issue.objects.get(pk=closed).cell == Cell.objects.get(path=kept.path, valid_until=None)


def test_what_leaves_the_place_of_its_desk_goes_to_the_duty_desk_and_its_breach_is_told_where_it_lies_now(
    desk: Desk,
) -> None:
    grid = Cell.objects.filter(centre_id=desk.built.id, tier="grid").order_by("path")[1]
    within = Cell.objects.filter(centre_id=desk.built.id, path__startswith=grid.path)
    Unit.objects.filter(pk=desk.unit("township")).update(cell_path=grid.path)
    issue_id = desk.reported(by="town", cell=within.order_by("-path")[0].code)
    with_order = desk.dispatched(cell=within.order_by("-path")[0].code)
    assert Issue.objects.get(pk=issue_id).responsible_id == desk.unit("township")
    with shifted(60 * MINUTE):
        fire_due()
    within.update(valid_until=timezone.now())
    with shifted(61 * MINUTE):
        assert move_out_of_ended_cells(desk.built.id) == 2

    issue, above = Issue.objects.get(pk=issue_id), grid.path.rsplit("/", 1)[0]
    assert (issue.place, issue.responsible_id, issue.holder_id) == (above, *[desk.unit("duty_desk")] * 2)
    last = Hop.objects.get(issue_id=issue_id, to_at=None)
    assert (last.holder_id, last.how, last.by) == (desk.unit("duty_desk"), "move", "system:import")
    assert Issue.objects.get(pk=with_order).responsible_id == desk.unit("law_enforcement")
    breaches = [json.loads(fact.audience) for fact in all_facts(desk.built.id) if fact.name == "escalation.readdressed"]
    assert len(breaches) == 3  # of the report that nobody accepted, and of the order and the issue that was sent
    for audience in breaches:
        assert f"place:{grid.path}" in audience["before"]["tokens"]
        assert f"place:{above}" in audience["after"]["tokens"]
    assert not stale_cards(desk)
    with shifted(62 * MINUTE):
        issues.accept(issue_id, cmd=desk.command("duty1"))


def test_a_correction_names_no_cell_that_ended(desk: Desk, cells: list[Cell], run: Any) -> None:
    ended, issue_id = cells[1], desk.reported()
    run("--apply")
    with pytest.raises(Invalid) as refused:
        issues.amend(
            issue_id, Amendment(cell_id=ended.pk), "在这里", expected=desk.version(issue_id), cmd=desk.command("duty1")
        )
    assert refused.value.code == "issue.cell_unknown"


def test_the_centres_extent_follows_its_district(desk: Desk, tmp_path: Path) -> None:
    wider = shapely.box(120.29, 30.59, 120.41, 30.71)
    root = Cell.objects.get(centre_id=desk.built.id, tier="district")
    properties = {"CODE": root.code, "NAME": root.name}
    feature = {"type": "Feature", "properties": properties, "geometry": mapping(wider)}
    (tmp_path / "cells.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    text = '[cells]\ntier = "district"\ncode = "CODE"\nname = "NAME"\n'
    (tmp_path / "map.toml").write_text(text)
    words = [str(tmp_path / "cells.geojson"), "--map", str(tmp_path / "map.toml"), "--apply", "--accept-gaps"]
    call_command("import_grid", *words, stdout=StringIO())
    assert Centre.objects.get(pk=desk.built.id).extent.extent == pytest.approx(wider.bounds)
