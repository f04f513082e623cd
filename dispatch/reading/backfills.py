"""Reads of backfills. Frozen values out, never model rows; nothing here writes or locks."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dispatch.matter.backfills.models import Backfill


@dataclass(frozen=True, slots=True)
class BackfillView:
    """A step that was entered from paper: of the issue, or of one of its orders."""

    order: UUID | None
    verb: str
    happened_at: datetime  # UTC, on paper
    entered_at: datetime  # UTC
    ground: str


def backfills_of(issue_id: UUID, *, orders: Collection[UUID]) -> list[BackfillView]:
    """The backfilled steps of an issue and of those of its orders, in the order of entering. One statement."""
    rows = Backfill.objects.filter(issue_id=issue_id).order_by("entered_at", "pk")
    return [
        BackfillView(row.order_id, row.verb, row.happened_at, row.entered_at, row.ground)
        for row in rows
        if row.order_id is None or row.order_id in orders
    ]
