"""Which packages have open objects: what a snapshot is made of, and what `reconcile` recomputes."""

from typing import Final

from assessment.situation import queries as situation
from dispatch.reading.calls import call_objects, call_rows
from dispatch.reading.clocks import escalation_objects, escalation_rows
from dispatch.reading.issues import row_objects, snapshot_objects
from realtime.gateway.contract import SnapshotSource
from server.reconciliation import RowSource

# As the latest facts say; and as the rows say: held against the feed.
SNAPSHOT_SOURCES: Final[tuple[SnapshotSource, ...]] = (
    snapshot_objects,
    escalation_objects,
    call_objects,
    situation.snapshot_objects,
)
ROW_SOURCES: Final[tuple[RowSource, ...]] = (row_objects, escalation_rows, call_rows, situation.row_objects)
