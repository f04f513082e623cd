"""Which packages have open objects: what a snapshot is made of, and what `reconcile` recomputes."""

from typing import Final

from dispatch.issues.queries import row_objects, snapshot_objects
from realtime.gateway.contract import SnapshotSource

SNAPSHOT_SOURCES: Final[tuple[SnapshotSource, ...]] = (snapshot_objects,)  # as the latest facts say
ROW_SOURCES: Final[tuple[SnapshotSource, ...]] = (row_objects,)  # as the rows say: held against the feed
