"""The only writer of receipts."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson
from django.db import transaction

from realtime.delivery.facts import ReceiptDelivered, ReceiptDisplayed, receipt_id
from realtime.delivery.models import Receipt
from realtime.delivery.pending import Mark
from realtime.feed.actions import record, wire_time
from realtime.feed.clock import at
from realtime.feed.contract import Audience, Change
from realtime.feed.models import StoredFact

MAX_MARKS: Final = 100  # a mark makes two facts at most, a transaction takes 200


@transaction.atomic(durable=True)
def record_receipts(centre_id: UUID, marks: Sequence[Mark]) -> int:
    """Records first deliveries and first drawings as facts, all in one transaction. Answers how many facts.

    marks   at most 100, one per seq; what is recorded already changes nothing, so rivals and repeats are harmless
    Two gateways may bring the same mark at once: the row decides who is first, and only that one records.
    The system's own work: no idempotency key, the rows are the key.
    """
    if len(marks) > MAX_MARKS:
        raise ValueError(f"at most {MAX_MARKS} marks a transaction, not {len(marks)}")
    by_seq = {mark.seq: mark for mark in sorted(marks, key=lambda mark: mark.seq)}
    facts = {
        fact.seq: fact
        for fact in StoredFact.objects.filter(centre_id=centre_id, seq__in=by_seq, addressed_to__isnull=False)
    }
    Receipt.objects.bulk_create(
        (
            Receipt(centre_id=centre_id, seq=fact.seq, object_id=receipt_id(centre_id, fact.epoch, fact.seq))
            for fact in sorted(facts.values(), key=lambda fact: fact.seq)
        ),
        ignore_conflicts=True,
    )
    rows = list(
        Receipt.objects.select_for_update(no_key=True).filter(centre_id=centre_id, seq__in=facts).order_by("seq")
    )
    moment = at(_latest(rows))
    changes: list[Change] = []
    for row in rows:
        made = list(_changes(row, facts[row.seq], by_seq[row.seq], moment))
        if made:
            row.save(
                update_fields=["version", "delivered_at", "delivered_device_id", "displayed_at", "displayed_device_id"]
            )
            changes += made
    if changes:
        record(None, *changes, at=moment, centre_id=centre_id)
    return len(changes)


def _changes(row: Receipt, fact: StoredFact, mark: Mark, moment: datetime) -> Iterable[Change]:
    """Steps a locked receipt by a mark; the facts of what is new, with the audience of the addressed fact."""
    audience = Audience.of_wire(orjson.loads(bytes(fact.audience))["after"])
    if row.delivered_at is None:
        row.delivered_at, row.delivered_device_id = moment, mark.device_id
        yield _change(ReceiptDelivered, row, fact, audience, mark.device_id)
    if mark.displayed and row.displayed_at is None:
        row.displayed_at, row.displayed_device_id = moment, mark.device_id
        yield _change(ReceiptDisplayed, row, fact, audience, mark.device_id)


def _change(
    made: type[ReceiptDelivered] | type[ReceiptDisplayed],
    row: Receipt,
    fact: StoredFact,
    audience: Audience,
    device_id: UUID,
) -> Change:
    row.version += 1
    assert row.delivered_at is not None and fact.addressed_to is not None
    return Change(
        made(
            object_id=row.object_id,
            version=row.version,
            of_kind=fact.object_kind,
            of_id=fact.object_id,
            of_seq=fact.seq,
            addressee=fact.addressed_to,
            delivered_at=wire_time(row.delivered_at),
            displayed_at=wire_time(row.displayed_at) if row.displayed_at else None,
            device_id=device_id,
        ),
        audience if row.version > 1 else None,
        audience,
    )


def _latest(rows: Iterable[Receipt]) -> datetime | None:
    """The newest time on any of the rows: the new one must not lie before it."""
    return max((moment for row in rows for moment in (row.delivered_at, row.displayed_at) if moment), default=None)
