"""`python -m bench NAME [--json]`: the benchmarks behind docs/benchmarks.md. Exit 0 when every promise holds.

Needs a PostgreSQL and a Redis (`./relay bench NAME` brings both); works in a database of its own and drops it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.database import NoDatabase, bench_database
from bench.door import measure_door
from bench.duplicates import folder, measure_duplicates
from bench.processes import ROOT
from bench.progress import say
from bench.report import Row, as_json, as_markdown, as_table
from bench.template import county_database

NAMES: Final = ("calls", "commands", "core", "county", "duplicates", "open-doors", "screens")
CORE_PARTS: Final = ("w1", "crowd", "stock", "commands", "feed")
COUNTY_PARTS: Final = ("commands", "place", "board", "tiles", "search", "duplicates", "import", "timers")
SCREEN_PARTS: Final = ("weights", "drawn", "acknowledged", "load", "pan", "situation", "endurance")
LOOP_PARTS: Final = ("cost", "facts", "past")
CALL_PARTS: Final = ("sound", "due", "now", "storm")
DOOR_PARTS: Final = ("routes", "w1", "flood")
MODULES: Final = {
    "calls": "bench.calls",
    "core": "bench.core",
    "open-doors": "bench.open_doors",
    "screens": "bench.glass",
}
PAST: Final = 1_000_000
PAST_TIMES: Final = 1.3
SEED_TARGET_S: Final = 150.0
PAGE: Final = ROOT / "docs" / "benchmarks.md"
MARKS: Final = {
    "core": "measured",
    "county": "county",
    "screens": "screens",
    "open-doors": "open doors",
    "commands": "commands",
    "calls": "calls",
}


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    line = argparse.ArgumentParser(prog="./relay bench", description="Measure what docs/benchmarks.md promises.")
    line.add_argument("name", choices=NAMES)
    line.add_argument("--json", action="store_true", help="rows as JSON, for machines")
    parts = tuple(
        dict.fromkeys(
            (*CORE_PARTS, *LOOP_PARTS, *COUNTY_PARTS, *SCREEN_PARTS, *DOOR_PARTS, *CALL_PARTS, "seed", "door")
        )
    )
    line.add_argument("--only", nargs="+", choices=parts, help="some parts instead of all")
    line.add_argument("--browsers", type=int, default=8, help="screens: how many are open at once (8)")
    line.add_argument("--minutes", type=float, default=10.0, help="screens: how long memory is watched (10)")
    line.add_argument("--pairs", type=int, default=5, help="open-doors: how often W1 is measured alone and beside (5)")
    line.add_argument("--past", type=int, default=PAST, help="how many past issues the county has (1,000,000)")
    line.add_argument("--write-docs", action="store_true", help="put the table into docs/benchmarks.md")
    return line


def measured(module: str, parts: Sequence[str], *size: str) -> tuple[list[Row], bool]:
    """Runs a module in an environment whose database is fresh. What it measured, and whether it came to its end.

    size   what else its command line is given

    Raises NoDatabase.
    """
    with bench_database() as env, tempfile.TemporaryDirectory(prefix="relay60-bench-") as folder:
        out = Path(folder) / "rows.json"
        line = [sys.executable, "-m", module, str(out), *size, "--only", *parts]
        done = subprocess.run(line, cwd=ROOT, env=env, check=False)
        rows = json.loads(out.read_text()) if out.exists() else []
        return [Row(**row) for row in rows], done.returncode == 0


def measure_county(parts: Sequence[str], past: int) -> tuple[list[Row], bool]:
    """Runs `bench.at_scale` in a county's database, and times the demonstration's seed in a fresh one.

    Raises NoDatabase.
    """
    rows: list[Row] = []
    whole = True
    wanted = [part for part in parts if part in COUNTY_PARTS]
    if wanted:
        with county_database(past) as env, tempfile.TemporaryDirectory(prefix="relay60-bench-") as folder:
            out = Path(folder) / "rows.json"
            line = [sys.executable, "-m", "bench.at_scale", str(out), str(past), "--only", *wanted]
            done = subprocess.run(line, cwd=ROOT, env=env, check=False)
            rows += [Row(**row) for row in (json.loads(out.read_text()) if out.exists() else [])]
            whole = done.returncode == 0
    if "seed" in parts:
        rows += _measure_seed()
    return rows, whole


def _measure_seed() -> list[Row]:
    """How long `./relay up` waits for its demonstration, and how long the past takes that is filled in behind it."""
    with bench_database() as env:
        sim = {**env, "RELAY_DATABASE_URL": env.get("RELAY_DATABASE_SIM_URL", env["RELAY_DATABASE_URL"])}
        return [
            _seeded(sim, "demonstration seed, until the screens open", SEED_TARGET_S, "--today"),
            _seeded(sim, "demonstration seed, the past behind them", None),
        ]


def _seeded(env: Mapping[str, str], name: str, target: float | None, *more: str) -> Row:
    say(name)
    line = [sys.executable, "-m", "django", "seed_demo", "--skip-checks", *more]
    began = time.monotonic()
    done = subprocess.run(line, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    took_s = time.monotonic() - began
    said = " ".join(done.stdout.split("\n")[:2]) if done.returncode == 0 else done.stderr[-300:]
    return Row(name=name, value=took_s if done.returncode == 0 else None, unit="s", target=target, note=said)


def measure_loop(parts: Sequence[str], past: int) -> tuple[list[Row], bool]:
    """Runs `bench.loop_costs` in a fresh database, and the desk's commands beside past issues. Raises NoDatabase."""
    wanted = [part for part in parts if part != "past"]
    rows, whole = measured("bench.loop_costs", wanted) if wanted else ([], True)
    if "past" in parts:
        fresh, _ = measured("bench.core", ["commands"])
        laden, _ = measure_county(["commands"], past)
        rows += beside_a_new_centre(laden, fresh)
    return rows, whole


def beside_a_new_centre(laden: Sequence[Row], fresh: Sequence[Row]) -> list[Row]:
    """The p95 of each command with past issues, at most 1.3 times that of a new centre in the same run."""
    return [
        replace(row, target=PAST_TIMES * new.value, peer=new.value, peer_name="a new centre")
        for row, new in zip(laden, fresh, strict=True)
        if new.value
    ]


def write_docs(rows: Sequence[Row], page: Path = PAGE, *, name: str = "core") -> None:
    """Replaces what stands between the two marks. Raises ValueError when a mark is missing."""
    begin, end = f"<!-- {MARKS[name]}: begin -->", f"<!-- {MARKS[name]}: end -->"
    text = page.read_text()
    before, begun, rest = text.partition(begin)
    _, ended, after = rest.partition(end)
    if not begun or not ended:
        raise ValueError(f"{page} has no {begin} … {end}")
    day = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    page.write_text(f"{before}{begin}\nMeasured {day}: {machine}.\n\n{as_markdown(rows)}{end}{after}")


def main_duplicates(as_rows: Callable[[Sequence[Row]], str]) -> int:
    """Measures on real pairs, without a database, and prints. 2 where the pairs are not there."""
    try:
        rows = measure_duplicates(folder())
    except OSError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    print(as_rows(rows))
    return 0


def _measure(options: argparse.Namespace, parts: Sequence[str]) -> tuple[list[Row], bool]:
    if options.name == "commands":
        return measure_loop(parts, options.past)
    if options.name == "county":
        return measure_county(parts, options.past)
    size = {
        "open-doors": ("--pairs", str(options.pairs)),
        "screens": ("--browsers", str(options.browsers), "--minutes", str(options.minutes)),
    }
    return measured(MODULES[options.name], parts, *size.get(options.name, ()))


def main() -> int:
    """Measures and prints."""
    options = parser().parse_args()
    if options.name == "duplicates":
        return main_duplicates(as_rows=as_json if options.json else as_table)
    known = {
        "commands": LOOP_PARTS,
        "core": CORE_PARTS,
        "county": (*COUNTY_PARTS, "seed"),
        "screens": SCREEN_PARTS,
        "open-doors": DOOR_PARTS,
        "calls": CALL_PARTS,
    }[options.name]
    wanted = options.only or ((*known, "door") if options.name in ("core", "county") else known)
    parts = [part for part in known if part in wanted]
    rows: list[Row] = []
    whole = True
    try:
        if parts:
            rows, whole = _measure(options, parts)
    except NoDatabase as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    if "door" in wanted:
        rows += measure_door(os.environ)[0 if options.name == "core" else 1 :]
    if options.write_docs and whole:
        write_docs(rows, name=options.name)
    print(as_json(rows) if options.json else as_table(rows))
    if not whole:
        print("a part could not be measured: its error stands above", file=sys.stderr)
        return 2
    return 0 if all(row.holds is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
