"""Invented reports come in through every door of a running demonstration, and nobody accepts them."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer
from shapely import box

from command.catalogue.contract import listed
from demo.seed.centre import Plan, build_centre
from demo.seed.demo import CODE, NAME
from demo.seed.traffic import Door
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from gis.grid.generation import Counts

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def demonstration() -> None:
    build_centre(Plan(CODE, NAME, box(120.3, 30.6, 120.4, 30.7), Counts(1, 2, 4, 20)))


def test_reports_come_in_by_every_door(live_server: LiveServer, demonstration: None):
    out = StringIO()
    call_command(
        "demo_traffic", f"--base-url={live_server.url}", "--per-minute=6000", "--reports=24", "--seed=3", stdout=out
    )
    said = out.getvalue()
    assert said.startswith("24 reports sent")
    for door in ("system", "grid member", "QR page"):
        assert f"  {door:<12} 201" in said
    rows = Report.objects.select_related("issue")
    assert rows.count() == 24
    assert {row.placing for row in rows} == {"placed"}
    assert {"grid_report", "hotline_12345", "public_qr"} <= {row.channel for row in rows}
    assert not any(listed()[row.issue.item].sensitive for row in rows)
    assert set(Issue.objects.values_list("state", flat=True)) == {"reported"}


def test_a_server_that_is_away_is_said(demonstration: None):
    with pytest.raises(CommandError, match="grid1 could not sign in"):
        call_command("demo_traffic", "--base-url=http://127.0.0.1:9", "--reports=1")


def test_a_refusal_is_told_by_its_code(live_server: LiveServer, demonstration: None):
    assert Door(live_server.url, {}).ask("POST", "/reports", {}).startswith(("session.", "request.", "csrf."))


def test_without_a_demonstration_nothing_is_sent(db: None):
    with pytest.raises(CommandError, match="no demonstration centre"):
        call_command("demo_traffic", "--reports=1")
