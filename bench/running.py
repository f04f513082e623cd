"""100,000 running clocks, and the real timer before them: how late it fires, how soon it has caught up, how often."""

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import psycopg

from bench.multiply import multiply, tell
from bench.processes import ROOT
from bench.progress import say
from bench.report import Row

RUNNING: Final = 100_000
OVERDUE: Final = 4_000
WATCHED_S: Final = 20.0
HOURS: Final = 6.0  # over which the running ones come due
FIRST_COPY: Final = 1_000_000  # numbers that no other copies have
WAITING: Final = (
    "SELECT i.id FROM issues_issue i WHERE i.state = 'reported'"
    " AND (SELECT count(*) FROM intake_report r WHERE r.issue_id = i.id AND r.placing = 'placed') = 1"
    " AND EXISTS (SELECT FROM clocks_due d WHERE d.issue_id = i.id AND d.fired_at IS NULL)"
    " AND EXISTS (SELECT FROM feed_fact f WHERE f.object_id = i.id AND f.name = 'issue.reported')"
)
OF_REPORT: Final = (
    "SELECT r.id, r.received_at AS at, true AS open, i.place,"
    " CASE WHEN i.sensitive THEN 'sensitive' ELSE 'desk' END AS class FROM intake_report r"
    " JOIN issues_issue i ON i.id = r.issue_id WHERE i.number > {0}"
)
OF_ISSUE: Final = (
    "SELECT i.id, i.reported_at AS at, true AS open, i.place,"
    " CASE WHEN i.sensitive THEN 'sensitive' ELSE 'public' END AS class FROM issues_issue i WHERE i.number > {0}"
)


def measure_running(env: Mapping[str, str], centre_id: UUID, logs: Path) -> list[Row]:
    """The rows of the timer's promises."""
    with psycopg.connect(env["RELAY_DATABASE_OWNER_URL"], autocommit=True) as owner:
        running = _make(owner, centre_id)
        say(f"timers: {running:,} clocks run")
        shift_s = float(_one(owner, "SELECT extract(epoch FROM due_at - clock_timestamp()) FROM clocks_due"
                             " WHERE fired_at IS NULL ORDER BY due_at OFFSET %s LIMIT 1", OVERDUE))  # fmt: skip
        shift = 'INSERT INTO simulated_shift ("only", shift) VALUES (true, make_interval(secs => %s))'
        owner.execute(shift, [shift_s])
        due = int(_one(owner, "SELECT count(*) FROM clocks_due WHERE fired_at IS NULL AND due_at <="
                       " clock_timestamp() + (SELECT shift FROM simulated_shift)"))  # fmt: skip
        # Copies of what had fired once are spread over the hours to come, with the lateness of then.
        owner.execute("CREATE TEMPORARY TABLE waiting AS SELECT id FROM clocks_due WHERE fired_at IS NULL")
        mark = int(_one(owner, "SELECT coalesce(max(seq), 0) FROM feed_fact"))
        timer = {**env, "RELAY_DATABASE_URL": env.get("RELAY_DATABASE_SIM_URL", env["RELAY_DATABASE_URL"])}
        with (logs / "timer.log").open("ab") as sink:
            began = time.monotonic()
            process = subprocess.Popen(
                [sys.executable, "-m", "django", "timer", "--skip-checks"],
                cwd=ROOT,
                env=timer,
                stdout=sink,
                stderr=sink,
            )
            try:
                first_s, caught_up_s = _watch_outage(owner, began)
                say(f"timers: {due:,} overdue fired, {caught_up_s:.1f} s after the process began")
                since = _one(owner, "SELECT clock_timestamp() + (SELECT shift FROM simulated_shift)")
                time.sleep(WATCHED_S)
            finally:
                process.terminate()
                process.wait(20)
        late = owner.execute(
            "SELECT count(*), max(extract(epoch FROM fired_at - due_at)) FROM clocks_due JOIN waiting USING (id)"
            " WHERE due_at > %s AND fired_at IS NOT NULL",
            [since],
        ).fetchone()
        fired, latest = late if late else (0, None)
        twice = _one(
            owner,
            "SELECT count(*) FROM (SELECT object_id FROM feed_fact WHERE seq > %s AND name = 'report.breached'"
            " GROUP BY object_id HAVING count(*) > 1) t",
            mark,
        )
    name = f"timers, {running:,} running"
    return [
        Row(name=f"{name}, latest firing after its due time", value=float(latest) if latest is not None else None,
            unit="s", target=1.0, note=f"{fired:,} fell due in {WATCHED_S:.0f} s"),
        Row(name=f"{name}, {due:,} that fell due meanwhile all fired", value=caught_up_s - first_s, unit="s",
            target=5.0,
            note=f"from the first to the last; {caught_up_s:.1f} s after the process began, Python's start in it"),
        Row(name=f"{name}, breaches told twice", value=float(twice), unit="facts", target=0.0),
    ]  # fmt: skip


def _make(owner: psycopg.Connection, centre_id: UUID) -> int:
    """Copies issues that wait to be accepted until so many clocks run; they come due over the next hours."""
    known = int(_one(owner, "SELECT max(number) FROM issues_issue"))
    seeds = int(_one(owner, f"SELECT count(*) FROM ({WAITING}) s"))
    still = f"SELECT count(*) FROM clocks_clock c WHERE c.stopped_at IS NULL AND c.issue_id IN ({WAITING})"
    clocks = int(_one(owner, still))
    copies = max(1, round(RUNNING / max(clocks, 1)))
    say(f"timers: {copies:,} copies of {seeds} issues that wait")
    multiply(owner, centre_id, WAITING, copies=copies, days=-HOURS / 24, first=FIRST_COPY, aside=False)
    tell(owner, centre_id, "issue", "issue.reported", OF_ISSUE.format(known), aside=False)
    tell(owner, centre_id, "report", "report.received", OF_REPORT.format(known), aside=False)
    owner.execute("ANALYZE clocks_clock")
    owner.execute("ANALYZE clocks_due")
    owner.execute("ANALYZE issues_issue")
    return int(_one(owner, "SELECT count(*) FROM clocks_clock WHERE stopped_at IS NULL"))


def _watch_outage(owner: psycopg.Connection, began: float) -> tuple[float, float]:
    """When the first of the overdue was fired and when none was left, in seconds from `began`."""
    first = None
    while True:
        left = int(_one(owner, "SELECT count(*) FROM clocks_due WHERE fired_at IS NULL AND due_at <="
                        " clock_timestamp() - interval '1 second' + (SELECT shift FROM simulated_shift)"))  # fmt: skip
        now = time.monotonic() - began
        if first is None and left < OVERDUE * 0.99:
            first = now
        if left == 0:
            return first or now, now
        if now > 120:
            raise TimeoutError(f"{left} clocks were not fired in two minutes")
        time.sleep(0.05)


def _one(owner: psycopg.Connection, statement: str, *values: Any) -> Any:
    row = owner.execute(statement.encode(), values or None).fetchone()
    assert row is not None
    return row[0]
