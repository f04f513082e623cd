"""Values outside reason: times to come, times long past, points on another continent. None is stored to be followed."""

from datetime import timedelta
from typing import Any

import pytest

from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.positions import Box
from gis.grid.models import Cell
from realtime.feed import clock
from tests.dispatch.browser import report_body, signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.reports.test_channels import system

PARIS = {"lon": 2.35, "lat": 48.85, "system": "WGS84"}
CHANGSHA = {"lon": 112.94, "lat": 28.23, "system": "WGS84"}


def said(**ago: float) -> str:
    """A time that long ago; negative: to come."""
    return (clock.at(None) - timedelta(**ago)).isoformat()


@pytest.mark.parametrize(
    ("field", "ago", "code"),
    [
        ("observed_at", {"days": -3_650}, "report.time_to_come"),
        ("observed_at", {"hours": -25}, "report.time_to_come"),
        ("observed_at", {"days": 367}, "report.time_too_old"),
        ("source_received_at", {"days": -3_650}, "report.time_to_come"),
        ("source_received_at", {"hours": -1}, "report.time_to_come"),
        ("source_received_at", {"days": 7_306}, "report.time_too_old"),
        ("observed_at", {"minutes": -9}, None),
        ("observed_at", {"days": 365}, None),
        ("source_received_at", {"days": 4_000}, None),
        ("source_received_at", {"days": 7_304}, None),
    ],
)
def test_times_that_cannot_be_meant_are_refused(
    desk: Desk, field: str, ago: dict[str, float], code: str | None
) -> None:
    for door in (signed_in("grid1"), system(desk, "hotline_12345")):
        answer = door.post("/reports", report_body(channel="hotline_12345", **{field: said(**ago)}))
        if code is None:
            assert answer.status_code == 201, answer.content
        else:
            problem = answer.json()
            assert (answer.status_code, problem["code"], problem["field"]) == (422, code, field)
            assert problem["rule"] and problem["remedy"]
    assert Issue.objects.exists() is (code is None)


@pytest.mark.parametrize("position", [PARIS, CHANGSHA, {"lon": -71.06, "lat": 42.36, "system": "GCJ02"}])
def test_a_person_is_told_that_a_point_is_far_away(desk: Desk, position: dict[str, Any]) -> None:
    for name in ("duty1", "grid1"):
        refused = signed_in(name).post("/reports", report_body(position=position))
        assert (refused.status_code, refused.json()["code"]) == (422, "report.position_far")
        assert refused.json()["field"] == "position" and refused.json()["remedy"]
    assert not Issue.objects.exists()


@pytest.mark.parametrize("position", [PARIS, CHANGSHA])
def test_what_a_system_says_of_a_far_point_is_kept_and_no_map_follows_it(desk: Desk, position: dict[str, Any]) -> None:
    taken = system(desk, "hotline_12345").post("/reports", report_body(position=position, address="中华路"))
    assert taken.status_code == 201, taken.content
    report = Report.objects.get()
    assert (report.position, report.cell, report.placing) == (None, None, "unplaced")
    assert (report.given_lon, report.given_lat, report.given_system) == (position["lon"], position["lat"], "WGS84")
    duty = signed_in("duty1")
    [row] = duty.get("/reports/unplaced").json()
    assert (row["position"], row["given"]) == (None, f"{position['lon']}, {position['lat']} (WGS84)")
    issue = row["issue"]
    [shown] = duty.get(f"/issues/{issue}").json()["reports"]
    assert (shown["position"], shown["given"]) == (None, row["given"])

    grid = Cell.objects.filter(centre_id=desk.built.id, tier="grid")[0]
    placed = duty.post(f"/issues/{issue}/amend", {"cell": str(grid.pk), "reason": "电话核实"}, version=row["version"])
    assert placed.status_code == 200, placed.content
    assert duty.get("/reports/unplaced").json() == []


def test_a_far_point_beside_a_named_cell_is_placed_there(desk: Desk) -> None:
    grid = Cell.objects.filter(centre_id=desk.built.id, tier="grid")[0]
    system(desk, "hotline_12345").post("/reports", report_body(position=PARIS, cell=grid.code))
    report = Report.objects.get()
    assert (report.position, report.cell_id, report.placing, report.given_lon) == (None, grid.pk, "no_position", 2.35)


def test_how_far_is_the_centres_setting(desk: Desk) -> None:
    duty = signed_in("duty1")
    beyond = {"lon": 121.5, "lat": 31.2, "system": "WGS84"}
    assert duty.post("/reports", report_body(position=beyond)).status_code == 201
    changed = signed_in("admin").post("/admin/settings/far_point_km", {"value": 50}, version=0)
    assert changed.status_code == 200, changed.content
    assert duty.post("/reports", report_body(position=beyond)).json()["code"] == "report.position_far"


@pytest.mark.parametrize(
    "position",
    [
        {"lon": "NaN", "lat": 30.65, "system": "WGS84"},
        {"lon": 120.35, "lat": 1e400, "system": "WGS84"},
        {"lon": 120.35, "lat": 30.65, "system": "WGS84", "accuracy_m": -1},
        {"lon": 120.35, "lat": 30.65, "system": "WGS84", "accuracy_m": 1e9},
        {"lon": 120.35, "lat": 30.65, "system": "WGS84", "accuracy_m": "Infinity"},
        {"lon": 30.65, "lat": 120.35, "system": "WGS84"},
        {"lon": 1e9, "lat": 30.65, "system": "WGS84"},
    ],
)
def test_positions_that_are_none_are_refused(desk: Desk, position: dict[str, Any]) -> None:
    refused = signed_in("duty1").post("/reports", report_body(position=position))
    assert refused.status_code == 422, refused.content
    assert refused.json()["field"].startswith("position") and refused.json()["remedy"]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"outcome": "followed", "next_on": "2099-12-31"}, "issue.next_look_too_late", "next_on"),
        (
            {"outcome": "not_resolved", "reason": "无法", "told_at": "2003-01-01T00:00:00Z"},
            "issue.told_too_early",
            "told_at",
        ),
        (
            {"outcome": "not_resolved", "reason": "无法", "told_at": "2036-01-01T00:00:00Z"},
            "issue.told_in_the_future",
            "told_at",
        ),
    ],
)
def test_days_of_a_closing_lie_within_reason(desk: Desk, more: dict[str, Any], code: str, field: str) -> None:
    issue_id = desk.verified()
    asked = {"followed_up": True, **more}
    refused = signed_in("duty1").post(f"/issues/{issue_id}/close", asked, version=desk.version(issue_id))
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)


@pytest.mark.parametrize(
    ("at", "code"),
    [("2003-01-01T00:00:00Z", "issue.told_too_early"), ("2036-01-01T00:00:00Z", "issue.told_in_the_future")],
)
def test_an_emergency_was_told_about_when_it_happened(desk: Desk, at: str, code: str) -> None:
    duty = signed_in("duty1")
    issue_id = duty.reports()
    refused = duty.post(f"/issues/{issue_id}/refer_emergency", {"to": "110", "at": at, "answer": "已出警"})
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, "at")


def test_kilometres_to_a_box() -> None:
    box = Box(120.3, 30.6, 120.4, 30.7)
    assert box.km_to(120.35, 30.65) == 0
    assert round(box.km_to(120.35, 31.7)) == 111
    assert round(box.km_to(121.4, 30.65)) == 96
    assert box.km_to(2.35, 48.85) > 8_000
    assert Box(179.0, -1.0, 179.9, 1.0).km_to(-179.9, 0.0) < 30


def test_a_line_is_kept_as_it_is_seen(desk: Desk) -> None:
    body = report_body(address="中华\u202e路\u2028一\u200b号\ufeff", source_number="ZZ\u200b-\u200e0001")
    taken = signed_in("duty1").post("/reports", body)
    assert taken.status_code == 201, taken.content
    issue = signed_in("duty1").get(f"/issues/{taken.json()['object']['id']}").json()
    assert "中华路 一号" in str(issue) and "ZZ-0001" in str(issue)
