"""A screen's beginning: all open objects in its scope and the head they are true at, read in one transaction.

It equals the effect of all facts up to its head only because every write of what a card shows takes that head.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from realtime.feed.contract import Cursor, Scope
from realtime.feed.errors import NotFound
from realtime.feed.models import StoredFact
from realtime.feed.objects import ShownObject, written_card
from realtime.feed.queries import audience_after, head
from realtime.gateway.contract import SnapshotSource

# The role's own limit is for writers, who hold the head. Beside a busy machine two seconds pass between two reads.
# Parallel workers cost more than they bring: they hand megabytes of facts through a queue, and each takes a core from
# the gateways.
_BEGIN: Final = """
SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
SET LOCAL idle_in_transaction_session_timeout = '10s';
SET LOCAL max_parallel_workers_per_gather = 0
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Where the feed stood, every open object in scope then, and the database's time when all had been read."""

    at: Cursor
    read_at: datetime
    objects: tuple[ShownObject, ...]


def read_snapshot(sources: Sequence[SnapshotSource], scope: Scope, centre_id: UUID) -> Snapshot:
    """Reads head and objects in one REPEATABLE READ, READ ONLY transaction on this thread's connection.

    At READ COMMITTED two of three snapshots under writers were inconsistent. Everything is in memory when the
    transaction ends: an idle one would hold back the whole database. Costs two statements and the sources'.
    """
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute(_BEGIN)
        at = head(centre_id)  # the first read: it fixes what all others see
        objects = tuple(found for source in sources for found in source(scope, centre_id) if scope.sees(found.audience))
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (read_at,) = cursor.fetchone()
    return Snapshot(at, read_at, objects)


def read_object(scope: Scope, centre_id: UUID, kind: str, object_id: UUID) -> ShownObject:
    """One object as its latest fact shows it, open or not. Raises NotFound outside the scope. One statement."""
    row = (
        StoredFact.objects.filter(centre_id=centre_id, object_id=object_id, object_kind=kind)
        .order_by("-version")
        .first()
    )
    if row is not None:
        audience = audience_after(bytes(row.audience))
        if scope.sees(audience):
            return ShownObject(kind, object_id, row.version, written_card(bytes(row.bytes)), audience)
    raise NotFound("object.not_found", "没有这个对象，或不在您的权限范围内。")
