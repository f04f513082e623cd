"""The demonstration's past, filled in behind what runs: by a process of its own, which ends when all of it is in.

Nobody keeps it: one that was killed goes on at the next `./relay up`, and `./relay status` says so.
"""

import subprocess
from dataclasses import dataclass
from typing import Any, Final

from door.cluster import psql
from door.layout import Layout
from door.processes import alive, read_pid, stop_process
from door.progress import Failure, Progress
from door.services import Services

NAME: Final = "past"
WORD: Final = "seed_demo"  # in its command line
NICE: Final = 10  # the people who look come first
STOPS_WITHIN_S: Final = 10.0
_ASKED: Final = (
    "SELECT filled_in, issues, to_char(reached, 'YYYY-MM-DD'), completed_at IS NOT NULL FROM issues_past LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Past:
    """How far a past has come: so many of its issues are in, the latest of them reported on a day (None: none is)."""

    filled_in: int
    issues: int
    reached: str | None
    complete: bool


def past_in(url: str) -> Past | None:
    """The past that a database has; None without one, and where the database can't be asked."""
    try:
        row = psql("psql", url, _ASKED)
    except Failure:  # before the first migration, too
        return None
    if not row:
        return None
    filled_in, issues, reached, complete = row.split("|")
    return Past(int(filled_in), int(issues), reached or None, complete == "t")


def pid(layout: Layout) -> int | None:
    """The process that fills it in, when it lives."""
    found = read_pid(layout.pids / f"{NAME}.pid")
    return found if alive(found, WORD) else None


def fill_in(layout: Layout, services: Services, progress: Progress) -> None:
    """Start filling the demonstration's past in, or go on with it; returns at once. Nothing where it is complete."""
    past = past_in(services.owner_url)
    if past is None or past.complete or pid(layout) is not None:
        return
    command = [str(layout.python), "-m", "django", "seed_demo", "--skip-checks"]
    with (layout.log / f"{NAME}.log").open("ab") as sink:
        started = subprocess.Popen(
            ["nice", "-n", str(NICE), *command],
            cwd=layout.root,
            env=services.environment(layout) | {"RELAY_DATABASE_URL": services.sim_url},
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    (layout.pids / f"{NAME}.pid").write_text(str(started.pid))
    progress.say(f"           the past is filled in behind: {past.filled_in} of {past.issues} issues (./relay status)")


def stop(layout: Layout) -> None:
    """Stop it where it stands; what it had under way is undone, and told by the next one."""
    stop_process(pid(layout), within_s=STOPS_WITHIN_S)
    (layout.pids / f"{NAME}.pid").unlink(missing_ok=True)


def as_status(url: str | None, layout: Layout) -> dict[str, Any] | None:
    """For `./relay status`: how far a past has come that is not complete; None otherwise."""
    past = past_in(url) if url else None
    if past is None or past.complete:
        return None
    running = pid(layout) is not None
    return {"filled_in": past.filled_in, "issues": past.issues, "reached": past.reached, "running": running}


def as_line(said: dict[str, Any]) -> str:
    """The same for people."""
    reached = f", up to {said['reached']}" if said["reached"] else ""
    doing = "being filled in" if said["running"] else "stopped: ./relay up goes on"
    return f"  {NAME:<10} {said['filled_in']} of {said['issues']} issues{reached}; {doing}"
