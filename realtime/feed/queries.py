"""Reads of the feed, by ranges of seq in short statements: no long snapshot on the primary."""

import builtins
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

import orjson
from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from realtime.feed.binary import binary_cursor
from realtime.feed.contract import Audience, Cursor
from realtime.feed.models import CentreHead, StoredFact
from realtime.feed.objects import ShownObject, written_card
from realtime.feed.past import KeptFact, kept_back

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
    bytes: builtins.bytes
    audience: builtins.bytes
    addressed_to: str | None
    hash: builtins.bytes


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
    """The history of some objects, in the feed's order. One statement, by (centre, object, version).

    What a block of `recorded_as_past` has recorded stands at the end: with epoch and seq 0 and no hash, until it ends.
    """
    rows = StoredFact.objects.filter(centre_id=centre_id, object_id__in=object_ids).order_by("seq")
    return [*map(_read, rows), *map(_without_position, kept_back(object_ids))]


def latest_facts(centre_id: UUID, objects: QuerySet[Any, Any]) -> Iterator[ShownObject]:
    """The facts of objects at the versions that their rows have: (id, version) pairs. One statement, at once.

    What it gives is made one by one from what was read: a transaction need not last until then. Raises LookupError for
    a row whose version no fact tells: a screen must not leave it out in silence.
    """
    try:
        wanted, parameters = objects.query.sql_with_params()
    except EmptyResultSet:  # a scope that can hold none of them: there is no statement for it
        return iter(())
    with binary_cursor() as cursor:
        cursor.execute(
            "SELECT f.object_kind, k.id, k.version, f.bytes, f.audience"  # noqa: S608
            " FROM (" + wanted + ") AS k(id, version)"
            " LEFT JOIN LATERAL (SELECT object_kind, bytes, audience FROM feed_fact WHERE centre_id = %s"
            " AND object_id = k.id AND version = k.version LIMIT 1) f ON true",
            [*parameters, centre_id],
        )
        rows = cursor.fetchall()
    return map(_shown, rows)


def _shown(row: tuple[Any, ...]) -> ShownObject:
    kind, object_id, version, fact, audience = row
    if kind is None:
        raise LookupError(f"no fact tells version {version} of {object_id}: see ./relay reconcile")
    return ShownObject(kind, object_id, version, written_card(fact), audience_after(audience))


@lru_cache(maxsize=16_384)  # most open objects have an audience of their own: reading 4,000 costs 9 ms
def audience_after(stored: bytes) -> Audience:
    """Who may see an object after a fact, of the audience stored with it."""
    return Audience.of_wire(orjson.loads(stored)["after"])


def _without_position(kept: KeptFact) -> FactRow:
    fact = kept.change.fact
    what = (fact.name, fact.object_kind, fact.object_id, fact.version)
    return FactRow(0, 0, kept.at, *what, kept.bytes, kept.audience, kept.change.addressed_to, b"")


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
