"""Facts about issues at a steady rate, as screens get them in a busy hour: for benchmarks of screens.

Runs as `python -m bench.traffic RATE SECONDS` in the environment of a seeded database: issues that exist only in the
feed, spread over the centre's grids, opened at first and then changed by turns. Prints how many facts it recorded.
"""

import hashlib
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final
from uuid import UUID, uuid4

import django

django.setup()

from django.db import transaction  # noqa: E402  # what follows imports models, which need Django's set-up

from bench.facts import BenchActor  # noqa: E402
from command.units.models import Centre, Unit  # noqa: E402
from gis.grid.models import Cell  # noqa: E402
from realtime.feed import clock  # noqa: E402
from realtime.feed.actions import once, record, wire_time  # noqa: E402
from realtime.feed.contract import Audience, AudienceClass, Change, Command, Json  # noqa: E402

ISSUES: Final = 300
BATCH: Final = 5  # facts of one action, as a dispatch makes them
STATES: Final = ("reported", "accepted", "filed", "in_handling", "fed_back", "verified")
VERBS: Final = ("reported", "accepted", "filed", "dispatched", "fed_back", "verified")


@dataclass(slots=True)
class BenchIssue:
    """An issue of the feed alone."""

    id: UUID
    number: int
    cell: Mapping[str, Any]
    unit: str
    started: datetime
    version: int = 0

    def next(self) -> "IssueStep":
        """It goes one state on; at the end a new round begins."""
        self.version += 1
        turn = (self.version - 1) % len(STATES)
        card: dict[str, Json] = {
            "cell": dict(self.cell),
            "channel": "hotline_12345",
            "clocks": [
                {
                    "allowance_s": 3600,
                    "amber_at": wire_time(self.started + timedelta(minutes=48)),
                    "breached_at": None,
                    "due_at": wire_time(self.started + timedelta(minutes=60)),
                    "id": 1,
                    "kind": "relay_up",
                    "left_ms": None,
                    "light": None,
                    "paused_at": None,
                    "started_at": wire_time(self.started),
                    "stopped_at": None,
                    "uncounted": False,
                }
            ],
            "exercise": False,
            "item": "1401",
            "lead": None,
            "level": "general",
            "number": f"B{self.number:05}",
            "open": True,
            "outcome": None,
            "reported_at": wire_time(self.started),
            "responsible": self.unit,
            "round": 1 + self.version // len(STATES),
            "sensitive": False,
            "state": STATES[turn],
            "urgent": False,
        }
        return STEPS[turn](self.id, self.version, card)


@dataclass(frozen=True, slots=True)
class IssueStep:
    """A fact about one of them."""

    name: ClassVar[str] = "issue.reported"
    object_id: UUID
    version: int
    card: Mapping[str, Json]
    object_kind: ClassVar[str] = "issue"

    def body(self) -> Mapping[str, Json]:
        """Who."""
        return {"by": "system:bench"}


STEPS: Final[Sequence[type[IssueStep]]] = [type("Step", (IssueStep,), {"name": f"issue.{verb}"}) for verb in VERBS]


def issues_of(centre_id: UUID) -> list[BenchIssue]:
    """Spread over the grids; their relays began within the last hour, so that lights change meanwhile."""
    unit = str(Unit.objects.filter(centre_id=centre_id).values_list("pk", flat=True)[0])
    grids = list(
        Cell.objects.filter(centre_id=centre_id, tier="grid", valid_until=None).defer("polygon").order_by("path")
    )
    now = clock.at(None)
    made = []
    for number in range(ISSUES):
        grid = grids[number * len(grids) // ISSUES]
        cell = {"id": str(grid.pk), "code": grid.code, "name": grid.name, "path": grid.path, "tier": "grid"}
        made.append(BenchIssue(uuid4(), number, cell, unit, now - timedelta(seconds=12 * number)))
    return made


@transaction.atomic(durable=True)
def step(centre_id: UUID, issues: Sequence[BenchIssue]) -> None:
    """One action that takes some of them on."""
    key = uuid4().hex
    cmd = Command(BenchActor(centre_id), key, hashlib.sha256(key.encode()).digest())
    once(cmd)
    at = clock.at(None)
    changes = [
        Change(issue.next(), None, Audience.of([f"place:{issue.cell['path']}"], AudienceClass.PUBLIC))
        for issue in issues
    ]
    record(cmd, *changes, at=at)


def main(rate: float, seconds: float) -> int:
    """Records until the time is up; how many facts."""
    centre_id = Centre.objects.values_list("pk", flat=True)[0]
    issues = issues_of(centre_id)
    began, recorded = time.monotonic(), 0
    while (passed := time.monotonic() - began) < seconds:
        if recorded > passed * rate:
            time.sleep(BATCH / rate / 4)
            continue
        at = recorded % ISSUES
        step(centre_id, issues[at : at + BATCH])
        recorded += BATCH
    return recorded


if __name__ == "__main__":
    print(main(float(sys.argv[1]), float(sys.argv[2])))
