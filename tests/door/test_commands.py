"""The command line as a person or a machine meets it: exit codes, one at a time, honest verdicts."""

import ast
import io
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from door import proofs as offered
from door import status
from door.backup import described
from door.bringing_up import alone
from door.cli import PASSED_ON, main, parser
from door.layout import ROOT, Layout, layout_of
from door.product import write_down_duration
from door.progress import Failure, Progress
from door.proofs import Proof, checks, run
from door.services import Services
from door.stamps import mark

SUBCOMMANDS = {"up", "test", "check", "down", "stop", "start", "status", "logs", "reset", "backup", "restore"}
SERVICES = Services("postgresql://a/b", "postgresql://o/b", "postgresql://s/b", "redis://r/0")


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A run directory in which nothing was ever started, on services of others."""
    monkeypatch.setenv("RELAY_RUN_DIR", str(tmp_path / "run"))
    monkeypatch.delenv("RELAY_DATA_DIR", raising=False)
    monkeypatch.delenv("RELAY_DATABASE_URL", raising=False)
    monkeypatch.delenv("DATABASE_URL", raising=False)
    layout = layout_of()
    layout.make_directories()
    return layout


def test_every_subcommand_is_in_the_help() -> None:
    said = subprocess.run([ROOT / "relay", "--help"], capture_output=True, text=True, check=True).stdout
    words = set(said.replace(";", " ").split())
    assert words >= SUBCOMMANDS | set(PASSED_ON)


def test_an_unknown_subcommand_ends_with_two() -> None:
    said = subprocess.run([ROOT / "relay", "upp"], capture_output=True, text=True, check=False)
    assert said.returncode == 2
    assert "invalid choice: 'upp'" in said.stderr


def test_restore_needs_a_directory() -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["restore"])


def test_named_tests_go_to_pytest_as_they_were_named(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted: list[Proof] = []
    monkeypatch.setattr("door.cli.prove", lambda layout, progress, made, noun: wanted.extend(made()) or 0)
    assert main(["test", "tests/gis/grid", "-k", "edge or border"]) == 0
    assert [str(word) for word in wanted[0].command][-3:] == ["-k", "edge or border", "tests/gis/grid"]
    assert "slow" not in " ".join(map(str, wanted[0].command)), "what is named is run, slow or not"
    wanted.clear()
    assert main(["test"]) == 0
    assert [proof.name for proof in wanted] == ["tests of the screens (vitest)", "tests (pytest)"]


def test_the_door_needs_nothing_installed() -> None:
    imported = set()
    for file in [ROOT / "relay", *(ROOT / "door").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                imported |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
    assert imported - sys.stdlib_module_names == {"door"}


def test_only_one_at_a_time(bare: Layout) -> None:
    with alone(bare), pytest.raises(Failure, match=r"another \./relay"), alone(bare):
        pass
    with alone(bare):
        pass


def test_status_of_what_never_ran(bare: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert set(said) == {
        "url",
        "healthy",
        "versions",
        "ailments",
        "counts",
        "feed",
        "processes",
        "disks",
        "failing_ways",
        "past",
    }
    assert (said["url"], said["healthy"]) == (None, False)
    assert not said["processes"]["gateway"]["running"]


@pytest.mark.parametrize(
    ("stopped", "healthy"),
    [({"keeper", "watchman"}, False), ({"keeper"}, True), ({"watchman"}, True), (set(), True)],
)
def test_nothing_is_healthy_that_nobody_keeps(
    bare: Layout, monkeypatch: pytest.MonkeyPatch, stopped: set[str], healthy: bool
) -> None:
    monkeypatch.setattr(status, "current_port", lambda _: 8060)
    monkeypatch.setattr(status, "health", lambda _: {"healthy": True, "ailments": []})
    monkeypatch.setattr(status, "running_pid", lambda _, name: None if name in stopped else 1)
    found = status.status_of(bare)
    assert (found["healthy"], found["ailments"]) == (healthy, [] if healthy else ["keeper", "watchman"])
    first, second, *_ = status.as_text(found).splitlines()
    assert first.endswith("healthy" if healthy else "NOT healthy: keeper, watchman")
    assert ("./relay up" in second) is not healthy


def test_a_reader_that_goes_away_ends_it_quietly(bare: Layout) -> None:
    reads, writes = os.pipe()
    os.close(reads)
    ended = subprocess.run(
        [ROOT / "relay", "status", "--json"], stdout=writes, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(writes)
    assert (ended.returncode, ended.stderr) == (141, "")


def test_reset_removes_nothing_without_a_yes(bare: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    (bare.uploads / "photo").write_text("kept")
    monkeypatch.setattr(sys, "stdin", io.StringIO("yes\n"))  # the word asked for is another
    assert main(["reset"]) == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    assert main(["reset"]) == 1
    assert (bare.uploads / "photo").read_text() == "kept"


def test_a_log_that_is_not_there_names_those_that_are(bare: Layout, capsys: pytest.CaptureFixture[str]) -> None:
    (bare.log / "timer.log").write_text("fired\n")
    assert main(["logs", "gatewy"]) == 1
    assert "to do: there are: timer" in capsys.readouterr().err


def test_backup_of_somebody_elses_server_is_refused(
    bare: Layout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://db.example/relay60")
    assert main(["backup"]) == 1
    assert "private cluster only" in capsys.readouterr().err


def test_a_directory_that_is_no_backup_is_refused(bare: Layout, tmp_path: Path) -> None:
    from_elsewhere = tmp_path / "holiday-photos"
    from_elsewhere.mkdir()
    with pytest.raises(Failure, match="not a finished backup"):
        described(from_elsewhere)


def test_every_proof_runs_and_each_failure_is_named(bare: Layout) -> None:
    out = io.StringIO()
    proofs = [
        Proof("first", [sys.executable, "-c", "raise SystemExit(3)"], ROOT),
        Proof("second", [sys.executable, "-c", ""], ROOT),
        Proof("third", ["no-such-program"], ROOT),
    ]
    assert run(proofs, bare, SERVICES, {"PATH": "/usr/bin:/bin"}, Progress(out)) == ["first", "third"]
    assert "=== first: FAILED (exit 3)" in out.getvalue()
    assert "=== second: ok" in out.getvalue()


def test_proofs_run_in_local_time_and_in_utc_where_asked(bare: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TZ", raising=False)
    here = "import os, sys; sys.exit(os.environ['TZ'] != '{}')"
    proofs = [
        Proof("local", [sys.executable, "-c", here.format("Asia/Shanghai")], ROOT),
        Proof("utc", [sys.executable, "-c", here.format("UTC")], ROOT, (("TZ", "UTC"),)),
    ]
    assert run(proofs, bare, SERVICES, {"PATH": "/usr/bin:/bin"}, Progress(io.StringIO())) == []


def test_what_tests_write_is_not_taken_for_the_products(bare: Layout) -> None:
    (bare.anchors / "real.log").write_text("{}")
    write = "import os, pathlib; pathlib.Path(os.environ['RELAY_DATA_DIR'], 'anchors', 'toy.log').touch()"
    mode = (
        "import os, sys; sys.exit(os.environ['RELAY_MODE'] != 'test'"
        " or os.environ['RELAY_DATABASE_URL'] != os.environ['RELAY_DATABASE_OWNER_URL'])"
    )
    proofs = [Proof(name, [sys.executable, "-c", script], ROOT) for name, script in (("write", write), ("mode", mode))]
    assert run(proofs, bare, SERVICES, {"PATH": "/usr/bin:/bin"}, Progress(io.StringIO())) == []
    assert [file.name for file in bare.anchors.iterdir()] == ["real.log"]


def test_the_duration_on_a_bare_machine_outlives_later_starts(bare: Layout) -> None:
    write_down_duration(bare, 61.23, was_bare=True)
    write_down_duration(bare, 4.56, was_bare=False)
    assert json.loads((bare.run / "up.json").read_text()) == {"bare_s": 61.2, "last_s": 4.6}


def test_pythons_summary_comes_last_and_all_means_all() -> None:
    layout = layout_of()
    assert offered.tests(layout, everything=False)[-1].command[-2:] == ["-m", "not slow"]
    names = [proof.name for proof in offered.tests(layout, everything=True)]
    assert names[-2:] == ["tests in UTC (pytest)", "all tests (pytest)"]
    assert "slow" not in " ".join(map(str, offered.tests(layout, everything=True)[-1].command))


def test_checks_cover_style_types_imports_migrations_and_compose() -> None:
    names = {proof.name for proof in checks(layout_of())}
    assert names >= {"ruff check", "ruff format", "mypy --strict", "import contracts", "migrations are complete"}
    assert "compose schema" in names


def test_ci_runs_tests_and_checks_and_stops_at_the_first_failure() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert "set -euo pipefail" in script
    assert script.index("./relay test") < script.index("./relay check")


def test_a_kept_database_is_made_anew_when_what_it_is_made_from_changes(tmp_path: Path) -> None:
    root = tmp_path / "tree"
    migrations = root / "dispatch" / "noun" / "migrations"
    migrations.mkdir(parents=True)
    (root / "dispatch" / "__init__.py").touch()
    (migrations / "0001_begin.py").write_text("one")
    layout = replace(layout_of(), root=root, run=tmp_path / "run")

    def line() -> tuple[list[str], str]:
        [proof] = offered.some_tests(layout, ["tests/x.py"], None)
        return [str(word) for word in proof.command], dict(proof.also)["RELAY_TESTS_STAMP"]

    words, stamp = line()
    assert "--create-db" in words
    path, _, digest = stamp.rpartition("=")
    mark(Path(path), digest)  # as the tests do, once it stands
    assert "--create-db" not in line()[0] and "--reuse-db" in line()[0]
    (migrations / "0002_more.py").write_text("two")
    assert "--create-db" in line()[0]
