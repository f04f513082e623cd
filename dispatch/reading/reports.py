"""Reads of reports. What they say of people is opened here and nowhere else, masked unless asked in clear."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from command.catalogue.queries import items
from command.people.queries import Now
from dispatch.matter.issues.keys import seal_of
from dispatch.matter.issues.models import number_text
from dispatch.matter.issues.places import CellCard, cell_card
from dispatch.matter.issues.states import State
from dispatch.matter.reports.models import Report
from dispatch.matter.texts.masking import Party, Personal
from dispatch.reading.pages import position
from realtime.feed.contract import Actor

OWN_SHOWN_FOR: Final = timedelta(days=90)
MOST_OWN: Final = 200


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
    given: str | None  # what came in as a position and is too far away to be one
    placing: str
    cell: CellCard | None
    withdrawn_at: datetime | None  # its reporter took it back
    slip: bool  # whether its slip is the reader's to print
    personal: Personal | None


@dataclass(frozen=True, slots=True)
class MyReport:
    """A report of somebody's own, and how far it has come."""

    id: UUID
    issue: UUID
    number: str
    item: str
    item_zh: str
    state: str
    state_zh: str
    source_number: str | None
    received_at: datetime
    observed_at: datetime | None
    placing: str
    cell: CellCard | None


def reports_of(
    issue_id: UUID, *, prints: Callable[[Report], bool] = lambda row: False, clear: bool = False
) -> list[ReportView]:
    """The reports of an issue, the first first. Two statements.

    prints  tells whose slips the reader may print (`prints_for`)
    clear   only after a reveal was recorded
    """
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
                far_given(row),
                row.placing,
                cell_card(row.cell),
                row.withdrawn_at,
                prints(row),
                (personal.for_revealing() if clear else personal.masked()) if personal else None,
            )
        )
    return views


def far_given(row: Report) -> str | None:
    """What came in as a position and is kept without a point, in words; None with a point, or where nothing came."""
    if row.position is not None or row.given_lon is None:
        return None
    return f"{row.given_lon}, {row.given_lat} ({row.given_system})"


def reports_by(actor: Actor, *, before: str | None = None) -> list[MyReport]:
    """The actor's own reports, the newest first, 200 a page; the first page has those of the last 90 days.

    before  received_at and id of the last one that the page before gave, with `~` between
    Raises Invalid. Two statements.
    """
    rows = (
        Report.objects.select_related("issue", "cell")
        .defer("sealed", "cell__polygon")
        .filter(centre_id=actor.centre_id, by=actor.principal)
        .order_by("-received_at", "-pk")
    )
    if before is None:
        rows = rows.filter(received_at__gt=Now() - OWN_SHOWN_FOR)
    else:
        at, last = position(before)
        rows = rows.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=last))
    names = items(actor.centre_id)
    return [
        MyReport(
            row.pk,
            row.issue_id,
            number_text(row.issue.number),
            row.issue.item,
            names[row.issue.item].item_zh,
            str(row.issue.state),
            State(row.issue.state).zh,
            row.source_number,
            row.received_at,
            row.observed_at,
            str(row.placing),
            cell_card(row.cell),
        )
        for row in rows[:MOST_OWN]
    ]


def _opened(plain: str) -> Personal:
    said = json.loads(plain)
    return Personal(**said | {"parties": tuple(Party(**party) for party in said.get("parties", ()))})
