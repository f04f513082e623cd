"""Reads of delivery. Frozen values out, never model rows."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Q

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


def last_contact(centre_id: UUID, principal: str, *, told_of: datetime) -> datetime | None:
    """When one of the principal's devices could last have told us before, or when, `told_of`; None: unknown.

    What happened before the present connection was out of reach since the contact before that: to connect in order to
    tell it is no contact that it could have been told by. One statement.
    """
    rows = DeviceCursor.objects.filter(centre_id=centre_id, principal=principal)
    known = rows.values_list("moved_at", "connected_at", "before_at")
    contacts = [before if began and told_of < began else moved for moved, began, before in known]
    return max((contact for contact in contacts if contact is not None), default=None)


def in_reach(centre_id: UUID, principals: Collection[str], *, as_of: datetime) -> set[str]:
    """Those of whom some device has received all that the feed had told by `as_of`. Two statements.

    A device that went out of reach after the last fact is not known to have gone until the next one is told.
    """
    facts = StoredFact.objects.filter(centre_id=centre_id, at__lte=as_of).order_by("-seq")
    epoch, seq = facts.values_list("epoch", "seq").first() or (1, 0)
    rows = DeviceCursor.objects.filter(centre_id=centre_id, principal__in=principals)
    return set(rows.filter(Q(epoch=epoch, through__gte=seq) | Q(epoch__gt=epoch)).values_list("principal", flat=True))
