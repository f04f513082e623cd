"""Facts older than a hub's memory, for cursors from long ago: read in aligned ranges that many connections share."""

from collections import OrderedDict
from typing import Final
from uuid import UUID

from realtime.feed.contract import GENESIS_HASH
from realtime.gateway.database import Database
from realtime.gateway.reading import read_facts
from realtime.hub.entry import Entry
from realtime.hub.hub import Hub
from realtime.hub.position import Position

RANGE_FACTS: Final = 256
KEPT_RANGES: Final = 16  # about 8 MB


class PastFacts:
    """A small cache of full ranges; what is recorded never changes, so only a lost history empties it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ranges: OrderedDict[tuple[UUID, int, int], list[Entry]] = OrderedDict()

    async def behind(self, hub: Hub, seq: int) -> list[Entry]:
        """Some of the facts after `seq`, in order, at least one unless there is none. At most one statement."""
        number = seq // RANGE_FACTS
        first = number * RANGE_FACTS
        key = (hub.centre_id, hub.position.epoch, number)
        entries = self._ranges.get(key)
        if entries is None:
            entries = await read_facts(self._database, hub.centre_id, first, first + RANGE_FACTS)
            if len(entries) == RANGE_FACTS:
                self._ranges[key] = entries
                if len(self._ranges) > KEPT_RANGES:
                    self._ranges.popitem(last=False)
        else:
            self._ranges.move_to_end(key)
        return entries[seq - first :]

    async def position_at(self, hub: Hub, seq: int) -> Position | None:
        """The position at `seq` of the hub's feed; None where there is none. At most one statement."""
        known = hub.known_at(seq)
        if known is not None or seq > hub.position.seq or seq < 0:
            return known
        if seq == 0:
            return Position(hub.position.epoch, 0, GENESIS_HASH)
        entries = await self.behind(hub, seq - 1)
        return entries[0].position if entries else None
