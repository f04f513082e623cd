"""Reads of reports. What they say of people is opened here and nowhere else, masked unless asked in clear."""

import json
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import orjson
import rfc8785

from dispatch.intake.models import Report
from dispatch.issues.keys import seal_of
from dispatch.issues.masking import Personal
from dispatch.issues.places import cell_card
from realtime.feed.contract import Answer, Audience, Json
from realtime.feed.queries import facts_of


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as a detail shows it. `personal` is masked, or None when the issue's key was destroyed."""

    id: UUID
    channel: str
    source_number: str | None
    received_at: datetime
    source_received_at: datetime | None
    observed_at: datetime | None
    position: tuple[float, float] | None  # (lon, lat) degrees, CGCS2000
    accuracy_m: float | None
    placing: str
    cell: dict[str, Json] | None
    personal: Personal | None


@dataclass(frozen=True, slots=True)
class FirstTelling:
    """The first report of a number: its answer, byte for byte, who made it, and who sees its issue now."""

    answer: Answer
    by: str  # principal
    audience: Audience


def reports_of(issue_id: UUID, *, clear: bool = False) -> list[ReportView]:
    """The reports of an issue, the first first. `clear` only after a reveal was recorded. Two statements."""
    seal = seal_of(issue_id)
    rows = Report.objects.filter(issue_id=issue_id).select_related("cell").defer("cell__polygon")
    views: list[ReportView] = []
    for row in rows.order_by("received_at", "pk"):
        personal = _opened(seal.open(bytes(row.sealed), f"report:{row.pk}")) if seal else None
        views.append(
            ReportView(
                row.pk,
                row.channel,
                row.source_number,
                row.received_at,
                row.source_received_at,
                row.observed_at,
                (row.position.x, row.position.y) if row.position else None,
                row.accuracy_m,
                row.placing,
                cell_card(row.cell),
                personal.masked() if personal and not clear else personal,
            )
        )
    return views


def first_telling(centre_id: UUID, channel: str, source_number: str) -> FirstTelling | None:
    """The report that brought this number first; None for a new number. Two statements."""
    found = Report.objects.filter(centre_id=centre_id, channel=channel, source_number=source_number)
    row = found.values_list("issue_id", "by").first()
    if row is None:
        return None
    issue_id, by = row
    facts = facts_of(centre_id, [issue_id])
    first = orjson.loads(facts[0].bytes)
    answer = {"card": first["card"], "object": first["object"], "seq": facts[0].seq, "version": first["version"]}
    seen_by = Audience.of_wire(orjson.loads(facts[-1].audience)["after"])
    return FirstTelling(Answer(rfc8785.dumps(answer)), by, seen_by)


def _opened(plain: str) -> Personal:
    return Personal(**json.loads(plain))
