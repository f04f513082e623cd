"""Every figure of a report, counted a second time: from the first fact on, and by the database's own functions."""

import json
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from assessment.figures import today as days
from assessment.situation.reading import Material, read_material
from assessment.situation.report import Situation
from assessment.situation.tables import tables_of
from assessment.situation.words import FAMILIES
from command.catalogue.queries import items
from command.channels.queries import channels
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN
from dispatch.verbs import report as intake
from dispatch.verbs.report import NewReport
from realtime.feed.queries import all_facts, head
from tests.assessment.situation.world import DAY, PERIOD, World
from tests.dispatch.desk import NOISE, PERSONAL

SENSITIVE_OR_CONTROL = {"sensitive", "control"}


def told(world: World, report: Situation, place: str) -> list[tuple[datetime, str, str, dict[str, Any]]]:
    """(at, name, issue, card) of all facts about issues that a place sees, up to the report's position and period."""
    found = []
    for fact in all_facts(world.centre_id):
        audience = json.loads(fact.audience)["after"]
        here = [token for token in audience["tokens"] if f"{token}/".startswith(f"place:{place}/")]
        if fact.seq > report.source.seq or fact.object_kind != "issue" or fact.at.timestamp() >= report.period.end:
            continue
        if here and audience["class"] not in SENSITIVE_OR_CONTROL:
            found.append((fact.at, fact.name, str(fact.object_id), json.loads(fact.bytes)["card"]))
    return found


def is_red(card: dict[str, Any], end: float) -> bool:
    """Whether a clock of the card still runs past its due time."""
    running = [clock for clock in card["clocks"] if clock["stopped_at"] is None and clock["due_at"]]
    return any(datetime.fromisoformat(clock["due_at"]).timestamp() <= end for clock in running)


@pytest.mark.parametrize("whose", ["root", "here", "there"])
def test_every_count_is_what_the_facts_add_up_to(world: World, whose: str) -> None:
    place = getattr(world, whose)
    report = world.counted(place=place)
    facts = told(world, report, place)
    start = datetime.fromtimestamp(report.period.start, UTC)
    last = {issue: card for _, _, issue, card in facts}
    now_open = {issue: card for issue, card in last.items() if card["open"]}

    assert report.load.open == len(now_open) == len(report.found)
    assert {state: load.open for state, load in report.by_state.items() if load.open} == Counter(
        card["state"] for card in now_open.values()
    )
    assert {unit: load.open for unit, load, _ in report.by_holder} == Counter(
        (card["holder"] or {"unit": card["responsible"]})["unit"] for card in now_open.values()
    )
    late = {issue for issue, card in now_open.items() if is_red(card, report.period.end)}
    assert {row.id for row in report.late} == late
    assert report.load.red == len(late) == sum(load.red for load in report.by_state.values())

    names = Counter(name for at, name, _, _ in facts if at >= start)
    assert report.flow.entered == +Counter(reported=names["issue.reported"])
    assert report.flow.left == +Counter(closed=names["issue.closed"], declined=names["issue.declined"])
    before = {issue: card["open"] for at, _, issue, card in facts if at < start}
    assert report.open_at_start == sum(before.values())

    categories = {code: item.category_zh for code, item in items(world.centre_id).items()}
    assert {name: load.open for name, load, _ in report.by_category if load.open} == Counter(
        categories[card["item"]] for card in now_open.values()
    )
    assert sum(row.load.open for row in report.by_area) == len(now_open)
    for row in report.by_area:
        inside = [
            card
            for card in now_open.values()
            if row.path and ((card["cell"] or {}).get("path", "") + "/").startswith(row.path + "/")
        ]
        assert row.path is None or row.load.open == len(inside)
    assert report.frames.open[-1] == len(now_open)
    assert report.frames.open[0] == report.open_at_start


@pytest.mark.mechanism("M04")
def test_what_is_open_entered_and_left_is_split_by_source_family(world: World) -> None:
    by_a_member = NewReport(
        channel="grid_report", item=NOISE, personal=PERSONAL, position=world.inside(world.here), source_number="1"
    )
    intake.report(by_a_member, cmd=world.desk.command("grid1"))
    report = world.counted()
    families = {code: FAMILIES[channel.source_family] for code, channel in channels(world.centre_id).items()}
    open_now = Issue.objects.filter(sensitive=False, state__in=sorted(OPEN)).values_list("channel", flat=True)
    assert {name: load.open for name, load, _ in report.by_family if load.open} == Counter(
        families[channel] for channel in open_now
    )
    assert len([name for name, load, _ in report.by_family if load.open]) > 1
    flows = [flow for _, _, flow in report.by_family]
    assert sum((flow.entered for flow in flows), Counter()) == report.flow.entered
    assert sum((flow.left for flow in flows), Counter()) == report.flow.left
    (table,) = [table for table in tables_of(report) if table.id == "families"]
    assert {row.cells[0] for row in table.rows} <= set(FAMILIES.values())


def test_the_world_has_something_of_everything(world: World) -> None:
    """Else the equalities above would hold of nothing."""
    report = world.counted()
    assert report.load.red >= 2
    assert report.load.urgent == 1
    assert report.flow.entered["reported"] >= 5
    assert set(report.flow.left) == {"closed", "declined"}
    assert report.open_at_start >= 2
    assert any(row.path is None for row in report.by_area)  # one lies nowhere
    assert [relays.finished for relays in report.relays if relays.finished] != []
    assert [relays.late_now for relays in report.relays if relays.late_now] != []


RELAYS = """
SELECT count(*), count(*) FILTER (WHERE c.stopped_at IS NULL), count(*) FILTER (WHERE c.breached_at IS NULL),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.stopped_at - c.started_at)::float8 / 60)
         FILTER (WHERE c.stopped_at IS NOT NULL),
       percentile_cont(0.9) WITHIN GROUP (ORDER BY extract(epoch FROM c.stopped_at - c.started_at)::float8 / 60)
         FILTER (WHERE c.stopped_at IS NOT NULL)
FROM clocks_clock c JOIN issues_issue i ON i.id = c.issue_id
WHERE i.centre_id = %s AND c.kind = %s AND NOT i.sensitive AND NOT i.exercise AND NOT c.uncounted
  AND (c.stopped_at >= to_timestamp(%s) AND c.stopped_at < to_timestamp(%s)
       OR c.stopped_at IS NULL AND c.breached_at IS NOT NULL)
"""


MICROSECOND = 1.1e-6 / 60  # in minutes: what an instant on the wire is rounded to


def test_relays_are_what_the_database_counts_from_the_rows(world: World) -> None:
    report = world.counted()
    for row in report.relays:
        with connection.cursor() as cursor:
            cursor.execute(RELAYS, [world.centre_id, row.kind, report.period.start, report.period.end])
            due, late_now, on_time, p50, p90 = cursor.fetchone()
        assert (len(row.due), row.late_now, row.on_time) == (due, late_now, on_time)
        assert (row.p50, row.p90) == (pytest.approx(p50, abs=MICROSECOND), pytest.approx(p90, abs=MICROSECOND))


def test_a_period_that_is_over_is_counted_as_it_was_then(world: World) -> None:
    """The same instant, looked at later from another position of the feed, shows the same."""
    report = world.counted(ago=PERIOD, until_ago=DAY / 2)
    facts = told(world, report, world.root)
    last = {issue: card for _, _, issue, card in facts}
    assert report.load.open == sum(card["open"] for card in last.values())
    world.desk.closed(position=world.inside(world.here))
    again = world.counted(ago=PERIOD, until_ago=DAY / 2)
    assert again.source.seq > report.source.seq
    assert again.by_state == report.by_state
    assert again.flow == report.flow


def test_today_is_counted_by_the_same_rules(world: World) -> None:
    now = days.today(actor=world.desk.actor("leader"))
    report = world.counted(ago=now.at - now.start)
    assert now.flow.entered.total() == sum(now.hours["today_entered"])
    assert now.flow.left.total() == sum(now.hours["today_left"])
    assert now.flow == report.flow
    assert now.now["open"] == report.load.open
    assert {state: now.now[state] for state in report.by_state} == {
        state: load.open for state, load in report.by_state.items()
    }
    assert now.sensitive is not None
    assert sum(count for _, _, count in now.sensitive) == 2
    assert sum(row.sensitive for row in report.by_area) == report.sensitive == 2


def test_a_loop_of_questions_costs_one_reading_of_the_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[str] = []

    def counted_reading(centre_id: UUID, place: str, start: datetime) -> Material:
        reads.append(place)
        return read_material(centre_id, place, start)

    monkeypatch.setattr(days, "read_material", counted_reading)
    leader, town = world.desk.actor("leader"), world.here
    asked = [days.today(actor=leader) for _ in range(5)]
    assert {day.at for day in asked} == {asked[0].at}
    assert asked[0].counted == head(world.centre_id)
    days.today(actor=leader, place=town)
    assert reads == [world.root, town]
