"""Reads of the feed, by ranges of seq in short statements: no long snapshot on the primary."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from realtime.feed.contract import Cursor
from realtime.feed.models import CentreHead, StoredFact

RANGE: Final = 1000  # facts per statement


@dataclass(frozen=True, slots=True)
class FactRow:
    """A stored fact as read back."""

    seq: int
    epoch: int
    at: datetime
    name: str
    object_kind: str
    object_id: UUID
    version: int
    bytes: bytes
    audience: bytes
    addressed_to: str | None
    hash: bytes


def head(centre_id: UUID) -> Cursor:
    """Where the centre's feed ends. Raises CentreHead.DoesNotExist for a centre without a feed."""
    row = CentreHead.objects.get(pk=centre_id)
    return Cursor(row.epoch, row.seq, bytes(row.hash))


def facts_after(centre_id: UUID, seq: int, *, limit: int = RANGE) -> list[FactRow]:
    """The facts behind `seq`, in order, at most `limit`. One statement, by the primary key."""
    rows = StoredFact.objects.filter(centre_id=centre_id, seq__gt=seq).order_by("seq")[:limit]
    return [_read(row) for row in rows]


def all_facts(centre_id: UUID, *, after: int = 0) -> Iterator[FactRow]:
    """Every fact behind `after`, in order, read range by range; each range is a statement of its own."""
    while rows := facts_after(centre_id, after):
        yield from rows
        after = rows[-1].seq


def facts_of(centre_id: UUID, object_ids: list[UUID]) -> list[FactRow]:
    """The history of some objects, in the feed's order. One statement, by (centre, object, version)."""
    rows = StoredFact.objects.filter(centre_id=centre_id, object_id__in=object_ids).order_by("seq")
    return [_read(row) for row in rows]


def _read(row: StoredFact) -> FactRow:
    return FactRow(
        row.seq,
        row.epoch,
        row.at,
        row.name,
        row.object_kind,
        row.object_id,
        row.version,
        bytes(row.bytes),
        bytes(row.audience),
        row.addressed_to,
        bytes(row.hash),
    )
