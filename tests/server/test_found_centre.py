"""`./relay up --empty`: a real centre with nobody in it but its first administrator."""

import argparse
import io
import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from command.catalogue.queries import items
from command.channels.queries import channels
from command.people.models import Person
from command.units.models import Centre, Unit
from dispatch.matter.issues.models import Issue
from door import founding
from door.layout import layout_of
from door.progress import Failure
from gis.grid.models import Cell
from realtime.feed.queries import head
from tests.command.test_administration import Office, sign_in_as


def found(code: str = "330188", name: str = "临湖区综治中心", admin: str = "guanliyuan") -> Any:
    """What the command prints."""
    out = io.StringIO()
    call_command("found_centre", code=code, name=name, admin=admin, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
def test_a_real_centre_is_empty_and_its_administrator_begins() -> None:
    said = found()
    centre = Centre.objects.get()
    assert (said["name"], centre.code, centre.is_demonstration) == ("临湖区综治中心", "330188", False)
    assert (Issue.objects.count(), Cell.objects.count(), Person.objects.count()) == (0, 0, 1)
    assert Unit.objects.filter(centre=centre, kind="desk").count() == 1
    assert not Unit.objects.filter(kind="township_centre").exists()
    assert len(items(centre.pk)) == 128
    assert len(channels(centre.pk)) == 23
    assert head(centre.pk).seq == 1  # the administrator's own access
    browser, status = sign_in_as("guanliyuan", said["first_password"])
    assert status == 200
    change = {"old": said["first_password"], "new": "第一位管理员的新口令2026"}
    headers = {"Idempotency-Key": "first"}
    assert browser.post("/api/v1/session/password", change, "application/json", headers=headers).status_code == 204
    office = Office(browser)
    office.does("/people", {"username": "zhiban1", "name": "某值班员"})


@pytest.mark.django_db
def test_nothing_is_seeded_beside_a_real_centre_whatever_the_machine_was_told() -> None:
    found()
    with pytest.raises(CommandError, match="临湖区综治中心"):
        call_command("seed_demo", plan="township", stdout=io.StringIO())
    assert Person.objects.count() == 1


@pytest.mark.django_db
def test_a_second_run_changes_nothing_and_tells_no_password() -> None:
    found()
    assert found() == {"name": "临湖区综治中心", "first_password": None}
    assert Person.objects.count() == 1
    with pytest.raises(CommandError, match="already"):
        found(code="330177")


@pytest.mark.django_db
def test_a_demonstration_does_not_become_a_real_centre(request: pytest.FixtureRequest) -> None:
    Centre.objects.create(code="330188", name="演示", extent="SRID=4490;MULTIPOLYGON EMPTY", is_demonstration=True)
    with pytest.raises(CommandError, match="already"):
        found()


def options(**said: str | None) -> argparse.Namespace:
    return argparse.Namespace(**{"centre_code": "330188", "centre_name": "临湖区综治中心", "admin": "admin", **said})


def test_what_is_not_said_is_asked() -> None:
    answers = iter(["330188", "临湖区综治中心", "admin"])
    asked: list[str] = []

    def ask(question: str) -> str:
        asked.append(question)
        return next(answers)

    who = founding.wanted(options(centre_code=None, centre_name=None, admin=None), ask)
    assert (who.code, who.name, who.admin) == ("330188", "临湖区综治中心", "admin")
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("flag", "value"),
    [("centre_code", "3301/88"), ("centre_name", "中"), ("centre_name", "中\n心"), ("admin", "Admin X")],
)
def test_an_answer_that_wont_do_is_refused(flag: str, value: str) -> None:
    with pytest.raises(Failure) as refused:
        founding.wanted(options(**{flag: value}), lambda question: value)
    assert refused.value.remedy


def test_without_a_terminal_a_missing_flag_is_named() -> None:
    done = subprocess.run(
        ["./relay", "up", "--empty", "--centre-code", "330188"],
        cwd=Path(founding.__file__).parents[1],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "--centre-name is missing" in done.stderr


def test_an_installation_of_a_real_centre_is_never_a_demonstration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RELAY_RUN_DIR", str(tmp_path))
    monkeypatch.delenv("RELAY_MODE", raising=False)
    layout = layout_of(os.environ)
    assert layout.mode == "demo"
    layout.real_mark.parent.mkdir(parents=True)
    layout.real_mark.write_text("330188")
    assert layout.mode == "real"
