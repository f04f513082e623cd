"""How far devices are: collected in memory, upserted in one statement a second."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db import connection

# A cursor moves forward within an epoch; a newer epoch begins anew; two gateways may write one device in any order.
_UPSERT: Final = """
INSERT INTO delivery_device_cursor AS c (centre_id, principal, device_id, epoch, through, displayed, moved_at)
SELECT *, clock_timestamp() FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::int[], %s::bigint[], %s::bigint[])
ORDER BY 1, 2, 3
ON CONFLICT (centre_id, principal, device_id) DO UPDATE SET
    epoch = excluded.epoch,
    through = CASE WHEN c.epoch = excluded.epoch THEN greatest(c.through, excluded.through) ELSE excluded.through END,
    displayed = CASE WHEN c.epoch = excluded.epoch
        THEN greatest(c.displayed, excluded.displayed) ELSE excluded.displayed END,
    moved_at = excluded.moved_at
WHERE (c.epoch, c.through, c.displayed) IS DISTINCT FROM (excluded.epoch, excluded.through, excluded.displayed)
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
            ],
        )
        changed: int = cursor.rowcount
        return changed
