"""How far devices are: collected in memory, upserted in one statement a second."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

# A new connection is recorded even if its cursor did not move: it says when the device was last in reach.
# A cursor moves forward within an epoch; a newer epoch starts over; two gateways may write one device in any order.
_UPSERT: Final = """
WITH standing AS (
    SELECT *, clock_timestamp() AS at FROM unnest(
        %s::uuid[], %s::text[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[], %s::boolean[]
    ) AS s(centre_id, principal, device_id, epoch, through, displayed, connects)
)
INSERT INTO delivery_device_cursor AS c
    (centre_id, principal, device_id, epoch, through, displayed, moved_at, connected_at)
SELECT centre_id, principal, device_id, epoch, through, displayed, at, CASE WHEN connects THEN at END
FROM standing ORDER BY 1, 2, 3
ON CONFLICT (centre_id, principal, device_id) DO UPDATE SET
    epoch = excluded.epoch,
    through = CASE WHEN c.epoch = excluded.epoch THEN greatest(c.through, excluded.through) ELSE excluded.through END,
    displayed = CASE WHEN c.epoch = excluded.epoch
        THEN greatest(c.displayed, excluded.displayed) ELSE excluded.displayed END,
    moved_at = excluded.moved_at,
    connected_at = coalesce(excluded.connected_at, c.connected_at),
    before_at = CASE WHEN excluded.connected_at IS NULL THEN c.before_at ELSE c.moved_at END
WHERE (excluded.connected_at IS NOT NULL
    OR (c.epoch, c.through, c.displayed) IS DISTINCT FROM (excluded.epoch, excluded.through, excluded.displayed))
    AND c.epoch <= excluded.epoch
"""


@dataclass(frozen=True, slots=True)
class DeviceAt:
    """One device's standing."""

    centre_id: UUID
    principal: str
    device_id: UUID
    epoch: int
    through: int
    displayed: int
    connects: bool = False  # its first of a connection


def move_cursors(standings: Iterable[DeviceAt]) -> int:
    """Writes standings, at most one per device. Answers how many rows changed. One statement, in order of the key."""
    rows = list(standings)
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            _UPSERT,
            [
                [row.centre_id for row in rows],
                [row.principal for row in rows],
                [row.device_id for row in rows],
                [row.epoch for row in rows],
                [row.through for row in rows],
                [row.displayed for row in rows],
                [row.connects for row in rows],
            ],
        )
        changed: int = cursor.rowcount
        return changed
