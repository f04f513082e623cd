"""Which packages have open objects: what a snapshot is made of, and what `reconcile` recomputes."""

from typing import Final

from dispatch.issues.queries import snapshot_objects
from realtime.gateway.contract import SnapshotSource

SNAPSHOT_SOURCES: Final[tuple[SnapshotSource, ...]] = (snapshot_objects,)
