"""Ties the parts together: who decides rights for the gateway, and which packages have objects to show."""

from typing import Final

from command.people.authority import PeopleAuthority
from realtime.gateway.asgi import live_application
from realtime.gateway.contract import SnapshotSource

# One reader per package whose objects stand on screens; what has no open objects (receipts, reveals) has none.
SNAPSHOT_SOURCES: Final[tuple[SnapshotSource, ...]] = ()

live = live_application(PeopleAuthority())
