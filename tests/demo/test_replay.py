"""A city's requests come in through the real API, every one accounted for. Rules: docs/rules.md, "The relay"."""

import threading
import time
from io import StringIO
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pytest_django.live_server_helper import LiveServer
from shapely import box

from command.people.models import ApiClient, Person
from command.people.queries import units_with_liaison
from command.units.models import Centre
from demo.replay.centre import NowhereToBe, centre_for, extent_of, known_numbers
from demo.replay.mapping import load
from demo.replay.requests import CityRequest, read
from demo.replay.run import Progress, Target, run
from demo.replay.tally import Fate
from demo.seed.centre import Plan, build_centre
from demo.seed.demonstration import RealInstallation
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from gis.grid.models import Cell
from tests.server.replay_city import spread, write

BOSTON = load("boston311")
pytestmark = pytest.mark.django_db(transaction=True)


def fates(done: Progress) -> dict[str, int]:
    return {fate.value: done.tally.of(fate) for fate in Fate if done.tally.of(fate)}


def replay(requests: list[CityRequest], target: Target, centre_id: UUID, **options: object) -> Progress:
    settings: dict[str, object] = {
        "speed": 36_000,
        "stop": threading.Event(),
        "show": lambda progress: None,
        "give_up_after_s": 2.0,
    }
    return run(requests, known_numbers(centre_id), target, **(settings | options))  # type: ignore[arg-type]


def test_every_request_is_in_or_refused_with_a_reason_and_again_changes_nothing(
    live_server: LiveServer, tmp_path: Path
):
    rows = spread(24)
    rows[3] |= {"LATITUDE": "42.3594", "LONGITUDE": "-71.0587"}  # the placeholder
    rows[5] |= {"CASE_TITLE": "x" * 20_000}
    rows[7] |= {"OPEN_DT": "yesterday"}
    rows[9] |= {"CASE_ENQUIRY_ID": "1001"}  # the number of the first row
    rows[11] |= {"TYPE": "Dragons"}  # goes by department
    path, out = write(tmp_path / "city.csv", rows), StringIO()
    arguments = (str(path), "--map=boston311", "--speed=36000", f"--base-url={live_server.url}")

    call_command("replay", *arguments, stdout=out)
    said = out.getvalue()
    assert "in                 21" in said
    assert "in already          1" in said
    assert "refused             2" in said
    assert "row.time_unreadable  (first: row 9)" in said
    assert "request.invalid  (first: row 7, 1006)" in said
    assert "24  of 24: every row" in said
    assert "by department: Dragons (1)" in said
    assert "boston_duty1, password relay60-demo" in said
    assert Report.objects.count() == Issue.objects.count() == 21
    assert Report.objects.get(source_number="1004").placing == "no_position"
    assert set(Issue.objects.values_list("state", flat=True)) == {"reported"}  # it files reports only

    again = StringIO()
    call_command("replay", *arguments, stdout=again)
    assert "in                  0" in again.getvalue()
    assert "in already         22" in again.getvalue()
    assert Report.objects.count() == 21


def test_the_clock_starts_when_it_reaches_us_and_the_citys_time_is_kept(live_server: LiveServer, tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", spread(5)), BOSTON)
    centre = centre_for(BOSTON, requests)
    replay(requests, Target(live_server.url, centre.key), centre.id)
    for report in Report.objects.all():
        assert report.source_received_at is not None
        assert report.source_received_at.year == 2015
        assert report.received_at.year > 2015
        assert report.given_system == "WGS84"


def test_the_pace_is_the_citys_times_the_speed(live_server: LiveServer, tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", spread(5)), BOSTON)  # four minutes
    centre = centre_for(BOSTON, requests)
    began = time.monotonic()
    replay(requests, Target(live_server.url, centre.key), centre.id, speed=240.0)
    assert time.monotonic() - began >= 1.0


def test_stopped_in_the_middle_it_goes_on_later(live_server: LiveServer, tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", spread(30)), BOSTON)
    centre = centre_for(BOSTON, requests)
    target, stop = Target(live_server.url, centre.key), threading.Event()
    threading.Timer(0.5, stop.set).start()
    first = replay(requests, target, centre.id, speed=1_200.0, stop=stop)  # 1.45 s if it were left alone
    assert first.tally.adds_up
    assert 0 < first.tally.of(Fate.NOT_SENT) < 30
    rest = replay(requests, target, centre.id)
    assert fates(rest) == {"in": 30 - first.tally.of(Fate.IN), "in already": first.tally.of(Fate.IN)}
    assert Report.objects.count() == 30


def test_a_server_that_is_away_loses_nothing(live_server: LiveServer, tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", spread(6)), BOSTON)
    centre = centre_for(BOSTON, requests)
    gone = replay(requests, Target("http://127.0.0.1:9", centre.key), centre.id, give_up_after_s=0.5)
    assert fates(gone) == {"unanswered": 6}
    assert any("ConnectionRefusedError" in line for line in gone.tally.lines())
    back = replay(requests, Target(live_server.url, centre.key), centre.id)
    assert fates(back) == {"in": 6}


def test_unanswered_requests_are_a_failure(tmp_path: Path):
    path = str(write(tmp_path / "city.csv", spread(3)))
    nobody = ("--base-url=http://127.0.0.1:9", "--give-up-after=0.5")
    with pytest.raises(CommandError, match="run it again"):
        call_command("replay", path, "--map=boston311", "--speed=36000", *nobody, stdout=StringIO())


def test_a_wrong_key_is_refused_and_accounted_for(live_server: LiveServer, tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", spread(3)), BOSTON)
    centre = centre_for(BOSTON, requests)
    done = replay(requests, Target(live_server.url, "guessed"), centre.id)
    assert fates(done) == {"refused": 3}
    assert any("session.none" in line for line in done.tally.lines())


def test_the_centre_is_made_once_over_the_files_extent(tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", spread(12)), BOSTON)
    first, second = centre_for(BOSTON, requests), centre_for(BOSTON, requests)
    assert (first.made, second.made, first.id) == (True, False, second.id)
    assert first.key != second.key
    assert ApiClient.objects.filter(centre_id=first.id, revoked_at=None).count() == 1
    assert Cell.objects.filter(centre_id=first.id, tier="micro_grid").count() == BOSTON.centre.counts.micro_grids
    assert Person.objects.filter(centre_id=first.id, username__startswith="boston_").count() == 22
    answering = set(ApiClient.objects.get(centre_id=first.id, revoked_at=None).channels)
    assert answering == BOSTON.all_channels()
    assert len(units_with_liaison(first.id)) == len(BOSTON.answering_units())


def test_a_file_without_places_has_no_extent(tmp_path: Path):
    requests = read(write(tmp_path / "city.csv", [{"LATITUDE": "", "LONGITUDE": ""}] * 3), BOSTON)
    with pytest.raises(NowhereToBe):
        extent_of(requests, 0.004)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["none.csv", "--map=boston311"], "none.csv"),
        (["none.csv", "--map=atlantis"], "no map atlantis"),
        (["none.csv", "--map=boston311", "--speed=0"], "more than 0"),
    ],
)
def test_a_mistake_on_the_command_line_is_named(arguments: list[str], said: str):
    with pytest.raises(CommandError, match=said):
        call_command("replay", *arguments)


def test_a_slice_of_the_real_month_is_all_in(live_server: LiveServer, shared_data: Path):
    requests = read(shared_data / "civic" / "boston311_2015-06.csv", BOSTON)
    centre = centre_for(BOSTON, requests)
    done = replay(requests[:60], Target(live_server.url, centre.key), centre.id, speed=360_000)
    assert fates(done) == {"in": 60}
    placed = Report.objects.filter(placing__in=["placed", "ambiguous"]).count()
    nowhere = sum(request.point is None for request in requests[:60])
    assert placed == 60 - nowhere  # the extent holds every position of the month


@pytest.mark.parametrize("command", ["replay", "demo_traffic", "seed_demo"])
def test_a_real_installation_gets_no_account_with_the_public_password(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    arguments = [str(write(tmp_path / "city.csv", spread(5))), "--map=boston311"] if command == "replay" else []
    monkeypatch.setattr(settings.ENV, "mode", "real")
    with pytest.raises(CommandError, match="RELAY_MODE=real"):
        call_command(command, *arguments)
    monkeypatch.undo()
    Centre.objects.create(code="330188", name="临湖区综治中心", extent="SRID=4490;MULTIPOLYGON EMPTY")
    with pytest.raises(CommandError, match="临湖区综治中心"):
        call_command(command, *arguments)
    assert (Person.objects.count(), ApiClient.objects.count(), Centre.objects.count()) == (0, 0, 1)


def test_nor_does_anything_else_that_makes_a_demonstration_centre(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(settings.ENV, "mode", "real")
    with pytest.raises(RealInstallation):
        build_centre(Plan("330199", "河湾区综治中心", box(120.3, 30.6, 120.4, 30.7)))
    assert not Person.objects.exists()
