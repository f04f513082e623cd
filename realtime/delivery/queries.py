"""Reads of delivery. Frozen values out, never model rows."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from realtime.delivery.models import DeviceCursor, Receipt
from realtime.feed.models import StoredFact


@dataclass(frozen=True, slots=True)
class Addressed:
    """An addressed fact that no device of its addressee has drawn yet."""

    seq: int
    token: str
    delivered: bool


def waiting_receipts(centre_id: UUID, after_seq: int) -> list[Addressed]:
    """The addressed facts behind `after_seq` that wait for a delivery or a drawing, in order. Two statements."""
    known = {row.seq: row for row in Receipt.objects.filter(centre_id=centre_id, seq__gt=after_seq).order_by("seq")}
    facts = (
        StoredFact.objects.filter(centre_id=centre_id, seq__gt=after_seq, addressed_to__isnull=False)
        .order_by("seq")
        .values_list("seq", "addressed_to")
    )
    return [
        Addressed(seq, token, delivered=seq in known and known[seq].delivered_at is not None)
        for seq, token in facts
        if token is not None and (seq not in known or known[seq].displayed_at is None)
    ]


def last_contact(centre_id: UUID, principal: str) -> datetime | None:
    """When one of the principal's devices was last heard of; None: never. One statement."""
    rows = DeviceCursor.objects.filter(centre_id=centre_id, principal=principal).order_by("-moved_at")
    return rows.values_list("moved_at", flat=True).first()
