"""Which of the machine's packages are installed, and what is said to who may not install."""

import os
import shutil
from pathlib import Path

import pytest

from door import packages
from door.layout import layout_of
from door.packages import install_missing, missing_packages, postgres_packages
from door.progress import Failure, Progress

OFFERED = [
    "postgresql-postgis",
    "postgresql-13-postgis-3",
    "postgresql-15-postgis-3",
    "postgresql-16-postgis-3-scripts",
]


@pytest.mark.parametrize(
    ("offered", "servers", "major"),
    [
        (OFFERED, [], 15),
        ([*OFFERED, "postgresql-17-postgis-3"], [], 17),
        ([*OFFERED, "postgresql-17-postgis-3"], [15], 15),  # a server is there: only PostGIS is added to it
        (OFFERED, [14], 15),
    ],
)
def test_server_and_postgis_are_of_one_version(offered: list[str], servers: list[int], major: int) -> None:
    assert postgres_packages(offered, servers) == [f"postgresql-{major}", f"postgresql-{major}-postgis-3"]


def test_a_machine_that_offers_only_old_versions_is_refused() -> None:
    with pytest.raises(Failure, match="no PostGIS for PostgreSQL 15"):
        postgres_packages(["postgresql-13-postgis-3"], [])


def test_tests_need_browsers_and_running_does_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert not {"chromium", "firefox-esr"} & set(missing_packages(testing=False))
    assert {"chromium", "firefox-esr", "faketime"} <= set(missing_packages(testing=True))


def test_services_of_others_are_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(packages, "installed_postgres", lambda: None)
    assert missing_packages(testing=False)[:2] == ["postgresql", "redis-server"]
    left = missing_packages(testing=False, own_postgres=False, own_redis=False)
    assert not {"postgresql", "redis-server"} & set(left)
    assert "postgresql-client" in left


def test_who_may_not_install_is_told_the_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(shutil, "which", lambda name: "/usr/bin/apt-get" if name == "apt-get" else None)
    with pytest.raises(Failure) as caught:
        install_missing(layout_of({}, tmp_path), Progress(), ["postgresql", "redis-server"])
    assert caught.value.remedy.endswith(
        "sudo apt-get update && sudo apt-get install -y postgresql postgresql-postgis redis-server"
    )


def test_nothing_missing_means_nothing_is_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    install_missing(layout_of({}, tmp_path), Progress(), [])


def test_a_machine_that_offers_browsers_as_snaps_alone_is_told_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ubuntu's lists have neither: one clear line, before anything is installed."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, words in (("apt-get", 'echo "$@" >>' + f'"{tmp_path}/asked"'), ("apt-cache", "true")):
        program = programs / name
        program.write_text(f"#!/bin/sh\n{words}\n")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    layout = layout_of({}, tmp_path)
    layout.make_directories()
    with pytest.raises(Failure, match="no chromium and no firefox-esr") as caught:
        install_missing(layout, Progress(), ["chromium", "firefox-esr"])
    assert "snap" in caught.value.remedy
    assert (tmp_path / "asked").read_text() == "update\n"
