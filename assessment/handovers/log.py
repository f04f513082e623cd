"""The log of a shift: what happened at the desk between two handovers, read from the feed. Only reads.

For paper, which leaves the house: of sensitive issues counts only, no text, no name. Who answered a call is a post's
unit and role; nothing is counted by persons.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from dispatch.matter.issues.models import Issue, number_text
from realtime.feed.contract import Actor, Audience
from realtime.feed.models import StoredFact

MOST_LINES: Final = 1_000
_ISSUE: Final = (
    "reported passed_up accepted declined settled filed dispatched redispatched assist_added merged unmerged suspended"
    " resumed reworked verified closed reopened reconsidered voided withdrawn amended emergency_referred lead_lost"
    " acknowledgment_struck breached"
)
_ORDER: Final = "acknowledged started forwarded forward_acknowledged fed_back recalled returned breached"
TOLD: Final = (
    *(f"issue.{one}" for one in _ISSUE.split()),
    *(f"order.{one}" for one in _ORDER.split()),
    *("report.added", "report.breached", "return.requested", "return.granted", "return.compelled"),
    *("call.listed", "call.answered", "call.telephoned"),
)
"""The facts that the log tells. What a step brings with it elsewhere, and what only looks otherwise, is no line."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One step. unit: that it is about; of an answered call that of the post which answered, with its role.

    how  of a telephone call what came of it; of a call its kind
    """

    at: datetime
    issue: UUID
    number: str
    item: str
    name: str
    unit: str | None
    role: str | None
    how: str | None


@dataclass(frozen=True, slots=True)
class ShiftLog:
    """All that happened in `since` (included) until `until` (not included), the first first.

    counts     of each step, without sensitive issues
    left_out   how many lines there are behind the last one
    sensitive  steps of sensitive issues, and how many issues they are of
    """

    since: datetime
    until: datetime
    counts: Mapping[str, int]
    lines: tuple[LogLine, ...]
    left_out: int
    sensitive: tuple[int, int]


def log_of(actor: Actor, since: datetime, until: datetime) -> ShiftLog:
    """The log of a span, as far as the actor sees issues. Exercises are not in it. Raises Forbidden. Two statements."""
    steps = list(_steps(actor, since, until))
    keys = {issue for issue, *_ in steps}
    known = {
        row.pk: row for row in Issue.objects.filter(pk__in=keys).only("id", "number", "item", "sensitive", "exercise")
    }
    counts: Counter[str] = Counter()
    hidden: Counter[UUID] = Counter()
    lines: list[LogLine] = []
    for issue_id, at, name, told in steps:
        issue = known.get(issue_id)
        if issue is None or issue.exercise:
            continue
        if issue.sensitive:
            hidden[issue_id] += 1
            continue
        counts[name] += 1
        unit, role, how = _by_whom(name, told)
        lines.append(LogLine(at, issue_id, number_text(issue.number), issue.item, name, unit, role, how))
    shown = tuple(lines[:MOST_LINES])
    return ShiftLog(
        since,
        until,
        {name: counts[name] for name in TOLD if name in counts},
        shown,
        len(lines) - len(shown),
        (hidden.total(), len(hidden)),
    )


def _steps(actor: Actor, since: datetime, until: datetime) -> Iterator[tuple[UUID, datetime, str, Mapping[str, Any]]]:
    scope = actor.scope_for("issues.read")
    facts = StoredFact.objects.filter(centre_id=actor.centre_id, at__gte=since, at__lt=until, name__in=TOLD)
    columns = ("seq", "at", "name", "object_kind", "object_id", "bytes", "audience")
    for _, at, name, kind, object_id, stored, audience in sorted(facts.values_list(*columns)):
        if not scope.sees(Audience.of_wire(orjson.loads(bytes(audience))["after"])):
            continue
        told = orjson.loads(bytes(stored))
        yield object_id if kind == "issue" else UUID(told["card"]["issue"]), at, name, told


def _by_whom(name: str, told: Mapping[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Unit, role and how of a step. Never a person."""
    card, body = told["card"], told["body"]
    if name.startswith("call."):
        by = card["answered_by"] or {}
        return by.get("unit") or card["unit"], by.get("role"), body.get("outcome") or card["kind"]
    return card.get("unit") or card.get("from_unit") or card.get("responsible"), None, None
