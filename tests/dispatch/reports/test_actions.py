"""A report comes in: numbered, placed, sealed; or refused with a reason."""

from dataclasses import replace

import pytest

from command.catalogue.contract import Level
from command.people.machines import ApiActor
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.positions import GivenPosition
from dispatch.verbs import report as intake
from dispatch.verbs.report import AlreadyReported, NewReport
from gis.coordinates.systems import System, from_cgcs2000
from realtime.feed.contract import Command
from realtime.feed.errors import Conflict, Forbidden, Invalid
from realtime.feed.queries import all_facts
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, PERSONAL, STREET_LIGHT, Desk, read

TELLING = NewReport("hotline_12345", STREET_LIGHT, PERSONAL)


def test_a_report_begins_an_issue(desk: Desk) -> None:
    answer = read(intake.report(replace(TELLING, position=desk.inside()), cmd=desk.command("duty1")))
    issue, report = Issue.objects.get(), Report.objects.get()
    assert (issue.state, issue.number, issue.responsible_id) == ("reported", 1, desk.unit("duty_desk"))
    assert report.placing == "placed"
    assert report.cell is not None and report.cell.tier == "micro_grid"
    assert answer["card"]["cell"]["tier"] == "grid"  # others see the grid, never the household's cell
    assert report.cell.path.startswith(answer["card"]["cell"]["path"] + "/")
    assert [fact.name for fact in all_facts(desk.built.id)][-2:] == ["issue.reported", "report.received"]
    clock = Clock.objects.get()
    assert (clock.kind, clock.started_at) == ("relay_up", report.received_at)


@pytest.mark.mechanism("M03")
def test_every_channel_takes_its_number_from_one_sequence(desk: Desk) -> None:
    for channel in ("hotline_12345", "police_source", "grid_report", "public_qr", "superior_assignment"):
        intake.report(replace(TELLING, channel=channel), cmd=desk.command("duty1"))
    assert list(Issue.objects.order_by("number").values_list("number", "channel")) == [
        (1, "hotline_12345"),
        (2, "police_source"),
        (3, "grid_report"),
        (4, "public_qr"),
        (5, "superior_assignment"),
    ]


@pytest.mark.mechanism("M05")
def test_a_guessed_number_shows_nobody_an_issue_that_is_not_theirs(desk: Desk) -> None:
    telling = replace(TELLING, item=DOMESTIC_VIOLENCE, source_number="12345-0002")
    intake.report(telling, cmd=desk.command("duty1"))
    guess = replace(TELLING, source_number="12345-0002")
    for username in ("grid1", "town"):
        with pytest.raises(Conflict) as refused:
            intake.report(guess, cmd=desk.command(username))
        assert refused.value.code == "report.number_known"
        assert DOMESTIC_VIOLENCE not in str(refused.value.extra)
    with pytest.raises(AlreadyReported):
        intake.report(guess, cmd=desk.command("lead"))
    assert Issue.objects.count() == 1


@pytest.mark.mechanism("M05")
def test_who_brought_a_number_gets_its_answer_again_whatever_they_see(desk: Desk) -> None:
    telling = replace(TELLING, item=DOMESTIC_VIOLENCE, channel="grid_report", source_number="G-1")
    first = intake.report(telling, cmd=desk.command("grid1"))
    with pytest.raises(AlreadyReported) as known:
        intake.report(telling, cmd=desk.command("grid1"))
    assert known.value.answer == first


def test_each_centre_counts_for_itself(desk: Desk, other_desk: Desk) -> None:
    intake.report(TELLING, cmd=desk.command("duty1"))
    intake.report(TELLING, cmd=other_desk.command("o_duty1"))
    assert sorted(Issue.objects.values_list("number", flat=True)) == [1, 1]


@pytest.mark.mechanism("M05")
def test_a_number_that_came_before_makes_no_second_issue(desk: Desk) -> None:
    telling = replace(TELLING, source_number="12345-0001")
    first = intake.report(telling, cmd=desk.command("duty1"))
    with pytest.raises(AlreadyReported) as known:
        intake.report(replace(telling, item=GAS_LEAK), cmd=desk.command("duty2"))
    assert known.value.answer == first
    assert Report.objects.get().source_number == "12345-0001"
    intake.report(replace(telling, channel="hotline_12338"), cmd=desk.command("duty1"))  # another channel's number
    assert Issue.objects.count() == 2


def test_level_and_urgency_default_to_the_catalogue(desk: Desk) -> None:
    for item, level, shown in [
        (STREET_LIGHT, None, ("general", False, False)),
        (GAS_LEAK, None, ("major", True, False)),
        (DOMESTIC_VIOLENCE, None, ("major", True, True)),
        (STREET_LIGHT, Level.SPECIAL_RISK, ("special_risk", False, False)),
    ]:
        card = read(intake.report(replace(TELLING, item=item, level=level), cmd=desk.command("duty1")))["card"]
        assert (card["level"], card["urgent"], card["sensitive"]) == shown


@pytest.mark.parametrize("system", System)
def test_a_position_is_kept_in_cgcs2000_beside_what_came_in(desk: Desk, system: System) -> None:
    inside = desk.inside()
    lon, lat = from_cgcs2000(inside.lon, inside.lat, system)
    intake.report(replace(TELLING, position=GivenPosition(lon, lat, system, 5.0)), cmd=desk.command("duty1"))
    report = Report.objects.get()
    assert report.position is not None
    assert (report.position.x, report.position.y) == pytest.approx((inside.lon, inside.lat), abs=1e-8)
    assert (report.given_lon, report.given_lat, report.given_system) == (lon, lat, system)
    assert report.position.srid == 4490


@pytest.mark.parametrize(
    ("position", "placing"),
    [
        (GivenPosition(121.5, 31.2, "WGS84"), "unplaced"),
        (GivenPosition(0.0, 0.0, "WGS84"), "no_position"),  # a source's placeholder
        (None, "no_position"),
    ],
)
def test_what_lies_in_no_cell_is_kept_for_the_desk(desk: Desk, position: GivenPosition | None, placing: str) -> None:
    intake.report(replace(TELLING, position=position), cmd=desk.command("duty1"))
    issue, report = Issue.objects.get(), Report.objects.get()
    assert (report.placing, report.cell, issue.cell) == (placing, None, None)
    assert issue.place == desk.built.root
    assert (report.position is None) == (placing == "no_position")


def test_a_wide_circle_is_ambiguous_and_lists_its_cells(desk: Desk) -> None:
    intake.report(replace(TELLING, position=desk.inside(accuracy_m=5_000.0)), cmd=desk.command("duty1"))
    report = Report.objects.get()
    assert report.placing == "ambiguous"
    assert report.cell is not None
    assert len(report.candidates) > 1


@pytest.mark.parametrize(
    ("telling", "code", "field"),
    [
        (replace(TELLING, item="9999"), "report.item_unknown", "item"),
        (replace(TELLING, channel="pigeon"), "report.channel_unknown", "channel"),
        (replace(TELLING, personal=replace(PERSONAL, text=" ")), "text.empty", "text"),
        (replace(TELLING, personal=replace(PERSONAL, text="字" * 5_001)), "text.too_long", "text"),
        (replace(TELLING, personal=replace(PERSONAL, text="字" * 20_000)), "text.too_long", "text"),
        (replace(TELLING, position=GivenPosition(120.35, 30.65, "WGS72")), "report.system_unknown", "position.system"),
        (replace(TELLING, position=GivenPosition(30.65, 120.35, "WGS84")), "report.position_swapped", "position"),
        (
            replace(TELLING, position=GivenPosition(120.35, 91.0, "WGS84")),
            "report.latitude_out_of_range",
            "position.lat",
        ),
    ],
)
def test_what_is_refused_names_field_rule_and_remedy(desk: Desk, telling: NewReport, code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        intake.report(telling, cmd=desk.command("duty1"))
    assert (refused.value.code, refused.value.field) == (code, field)
    assert refused.value.rule and refused.value.remedy
    assert not Issue.objects.exists()


def test_the_longest_text_is_taken(desk: Desk) -> None:
    intake.report(replace(TELLING, personal=replace(PERSONAL, text="字" * 5_000)), cmd=desk.command("duty1"))
    assert Issue.objects.count() == 1


def test_who_may_report(desk: Desk) -> None:
    for username in ("duty1", "lead", "town", "grid1"):
        intake.report(TELLING, cmd=desk.command(username))
    for username in ("leader", "chengguan"):
        with pytest.raises(Forbidden):
            intake.report(TELLING, cmd=desk.command(username))


def test_a_system_reports_through_its_own_channels(desk: Desk) -> None:
    actor = ApiActor(desk.unit("duty_desk"), desk.built.id, frozenset({"hotline_12345"}))
    intake.report(TELLING, cmd=Command(actor, "a", b""))
    with pytest.raises(Forbidden) as refused:
        intake.report(replace(TELLING, channel="police_source"), cmd=Command(actor, "b", b""))
    assert refused.value.code == "report.channel_not_yours"
