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
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from bench.database import NoDatabase, bench_database
from bench.door import measure_door
from bench.duplicates import folder, measure_duplicates
from bench.processes import ROOT
from bench.report import Row, as_json, as_markdown, as_table

NAMES: Final = ("core", "duplicates")
CORE_PARTS: Final = ("w1", "crowd", "stock", "commands", "feed")
PAGE: Final = ROOT / "docs" / "benchmarks.md"
BEGIN: Final = "<!-- measured: begin -->"
END: Final = "<!-- measured: end -->"


def parser() -> argparse.ArgumentParser:
    """What can be asked for."""
    line = argparse.ArgumentParser(prog="./relay bench", description="Measure what docs/benchmarks.md promises.")
    line.add_argument("name", choices=NAMES)
    line.add_argument("--json", action="store_true", help="rows as JSON, for machines")
    line.add_argument("--only", nargs="+", choices=(*CORE_PARTS, "door"), help="some parts instead of all")
    line.add_argument("--write-docs", action="store_true", help="put the table into docs/benchmarks.md")
    return line


def measure_core(parts: Sequence[str]) -> tuple[list[Row], bool]:
    """Runs `bench.core` in an environment whose database is fresh. What it measured, and whether it came to its end.

    Raises NoDatabase.
    """
    with bench_database() as env, tempfile.TemporaryDirectory(prefix="relay60-bench-") as folder:
        out = Path(folder) / "rows.json"
        line = [sys.executable, "-m", "bench.core", str(out), "--only", *parts]
        done = subprocess.run(line, cwd=ROOT, env=env, check=False)
        rows = json.loads(out.read_text()) if out.exists() else []
        return [Row(**row) for row in rows], done.returncode == 0


def write_docs(rows: Sequence[Row], page: Path = PAGE) -> None:
    """Replaces what stands between the two marks. Raises ValueError when a mark is missing."""
    text = page.read_text()
    before, begun, rest = text.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not begun or not ended:
        raise ValueError(f"{page} has no {BEGIN} … {END}")
    day = datetime.now(UTC).date().isoformat()
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    page.write_text(f"{before}{BEGIN}\nMeasured {day}: {machine}.\n\n{as_markdown(rows)}{END}{after}")


def main_duplicates(as_rows: Callable[[Sequence[Row]], str]) -> int:
    """Measures on real pairs, without a database, and prints. 2 where the pairs are not there."""
    try:
        rows = measure_duplicates(folder())
    except OSError as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    print(as_rows(rows))
    return 0


def main() -> int:
    """Measures and prints."""
    options = parser().parse_args()
    if options.name == "duplicates":
        return main_duplicates(as_rows=as_json if options.json else as_table)
    wanted = options.only or (*CORE_PARTS, "door")
    parts = [part for part in CORE_PARTS if part in wanted]
    try:
        rows, whole = measure_core(parts) if parts else ([], True)
    except NoDatabase as error:
        print(f"cannot measure: {error}", file=sys.stderr)
        return 2
    if "door" in wanted:
        rows += measure_door(os.environ)
    if options.write_docs and whole:
        write_docs(rows)
    print(as_json(rows) if options.json else as_table(rows))
    if not whole:
        print("a part could not be measured: its error stands above", file=sys.stderr)
        return 2
    return 0 if all(row.holds is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
