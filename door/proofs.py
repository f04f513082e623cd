"""`./relay test` and `./relay check`: everything that proves the product, with honest exit codes."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from door.layout import Layout
from door.progress import Progress
from door.services import Services, ensure_keys
from door.stamps import digest_of, is_fresh

LOCAL_TIME: Final = "Asia/Shanghai"
# A test waits for PostgreSQL as long as it computes: one process a core keeps both busy. tests/conftest.py says which
# tests stay in one process, and which begin first.
AT_ONCE: Final = ("-n", "auto", "--maxprocesses", "4", "--dist", "loadscope", "--no-loadscope-reorder")
# What the tests wrote need not survive the machine: nothing of it is kept, and nobody pulls its plug.
NOT_DURABLE: Final = (("PGOPTIONS", "-c synchronous_commit=off"),)
NPM_RUN: Final = ("npm", "run", "--silent")  # fails when there is no such script
PYTEST: Final = ("-m", "pytest", "-p", "no:cacheprovider")


@dataclass(frozen=True, slots=True)
class Proof:
    """One command that must end with 0."""

    name: str
    command: Sequence[str | Path]
    cwd: Path
    also: tuple[tuple[str, str], ...] = ()  # environment of this one

    def holds(self, progress: Progress, environment: Mapping[str, str]) -> bool:
        """Run it with its output on the terminal; whether it ended with 0."""
        progress.say(f"\n=== {self.name}")
        began = time.monotonic()
        try:
            status = subprocess.run(
                self.command,
                cwd=self.cwd,
                env={**environment, **dict(self.also)},
                check=False,
                stdin=subprocess.DEVNULL,
            ).returncode
        except FileNotFoundError as error:
            progress.say(f"there is no {error.filename}")
            status = 127
        verdict = "ok" if status == 0 else f"FAILED (exit {status})"
        progress.say(f"=== {self.name}: {verdict}, {time.monotonic() - began:.1f} s")
        return status == 0


def tests(layout: Layout, *, everything: bool) -> list[Proof]:
    """The frontend's tests, then Python's, whose summary so comes last.

    everything   the slow ones too, and all but the browsers' once more in another time zone
    """
    proofs = [Proof("tests of the screens (vitest)", [*NPM_RUN, "test"], layout.frontend)]
    python: list[str | Path] = [layout.python, *PYTEST, "tests", *AT_ONCE]
    if everything:
        in_utc = (("TZ", "UTC"), *NOT_DURABLE)
        proofs.append(Proof("tests in UTC (pytest)", [*python, "-m", "not slow and not browser"], layout.root, in_utc))
        proofs.append(Proof("all tests (pytest)", python, layout.root, NOT_DURABLE))
    else:
        proofs.append(Proof("tests (pytest)", [*python, "-m", "not slow"], layout.root, NOT_DURABLE))
    return proofs


def some_tests(layout: Layout, paths: Sequence[str], word: str | None) -> list[Proof]:
    """The tests that a developer names, slow ones and browsers' too, in one process: its start is what one waits for.

    paths   files or folders below the root; a name in one as pytest writes it (`FILE::test`); none: all tests
    word    an expression of pytest's -k

    The tests' database is kept for the next time, as long as what it was made from is the same: to migrate a new one
    takes longer than most of the tests.
    """
    chosen = ["-k", word] if word else []
    stamp, digest = layout.stamps / "tests-database", digest_of(_made_from(layout))
    kept = ["--reuse-db"] if is_fresh(stamp, digest) else ["--reuse-db", "--create-db"]
    line: list[str | Path] = [layout.python, *PYTEST, "-x", *kept, *chosen, *(paths or ["tests"])]
    return [Proof("some tests (pytest)", line, layout.root, (("RELAY_TESTS_STAMP", f"{stamp}={digest}"), *NOT_DURABLE))]


def _made_from(layout: Layout) -> Iterator[Path]:
    """What the tests' database is made from: migrations, the SQL beside them, and the packages that read both."""
    yield layout.root / "requirements.lock"
    for package in layout.root.glob("*/__init__.py"):
        for name in ("migrations", "sql"):
            yield from package.parent.rglob(name)


def triples(layout: Layout) -> Proof:
    """The convergence tests, writing down what they see."""
    line: list[str | Path] = [layout.python, *PYTEST, "tests/contract", *AT_ONCE]
    return Proof("convergence (pytest)", line, layout.root, (("RELAY_WRITE_CONTRACTS", "1"), *NOT_DURABLE))


def checks(layout: Layout) -> list[Proof]:
    """Style, types, import direction, what is generated, migrations, the frontend's own checks, the compose file."""
    root, tools = layout.root, layout.venv / "bin"
    return [
        Proof("ruff check", [tools / "ruff", "check", "--no-cache", "."], root),
        Proof("ruff format", [tools / "ruff", "format", "--no-cache", "--check", "."], root),
        Proof("mypy --strict", [tools / "mypy"], root),
        Proof("import contracts", [tools / "lint-imports", "--no-cache"], root),
        Proof("what is generated is fresh", [layout.python, "-m", "door.generating"], root),
        Proof("system checks", [layout.python, "-m", "django", "check"], root),
        Proof(
            "migrations are complete",
            [layout.python, "-m", "django", "makemigrations", "--check", "--dry-run"],
            root,
        ),
        Proof(
            "compose schema",
            [tools / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "docker-compose.yml"],
            root,
        ),
        Proof("types and lint of the screens", [*NPM_RUN, "check"], layout.frontend),
    ]


def run(
    proofs: list[Proof], layout: Layout, services: Services, node: Mapping[str, str], progress: Progress
) -> list[str]:
    """Run all of them, whatever fails; returns the names of those that failed.

    They get keys, anchors and uploads of their own: what they write must not be taken for the product's.
    """
    apart = replace(layout, run=layout.run / "test", data=layout.run / "test" / "data")
    shutil.rmtree(apart.run, ignore_errors=True)
    apart.make_directories()
    ensure_keys(apart)
    environment = services.environment(apart, mode="test")
    environment["RELAY_DATABASE_URL"] = services.owner_url  # who may make and drop test databases
    environment["PATH"] = f"{layout.venv / 'bin'}:{node['PATH']}"
    environment.setdefault("TZ", LOCAL_TIME)
    environment.setdefault("CI", "true")  # tools then print plain lines and ask nothing
    return [proof.name for proof in proofs if not proof.holds(progress, environment)]
