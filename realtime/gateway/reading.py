"""What the gateway reads of the feed: heads every 250 ms, facts by range, and what a centre's hub starts from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from realtime.feed.contract import GENESIS_HASH
from realtime.gateway.contract import Authority
from realtime.gateway.database import Database, Row
from realtime.hub.access import Access
from realtime.hub.entry import Entry, audiences_of
from realtime.hub.hub import History
from realtime.hub.position import Position
from realtime.hub.ring import Ring

_HEADS: Final = """
SELECT clock_timestamp(), p.timer, p.worker, h.centre_id, h.epoch, h.seq, h.hash
FROM (SELECT max(at) FILTER (WHERE name = 'timer') AS timer, max(at) FILTER (WHERE name = 'worker') AS worker
 FROM feed_pass) AS p LEFT JOIN feed_centre_head h ON true
"""
_HEAD: Final = "SELECT epoch, seq, hash FROM feed_centre_head WHERE centre_id = %s"
_FACTS: Final = """
SELECT epoch, seq, hash, name, object_kind, object_id, version, bytes, audience, addressed_to
FROM feed_fact WHERE centre_id = %s AND seq > %s AND seq <= %s ORDER BY seq
"""
_HASH_AT: Final = "SELECT epoch, seq, hash FROM feed_fact WHERE centre_id = %s AND seq = %s"


class NoFeed(Exception):
    """There is no such centre."""


@dataclass(frozen=True, slots=True)
class Heads:
    """One look: where each centre's feed ends, and the database's time at that moment."""

    read_at: datetime
    timer_at: datetime | None
    worker_at: datetime | None
    positions: dict[UUID, Position]


async def read_heads(database: Database) -> Heads:
    """All heads, the last passes of timer and worker, and the clock, in one statement."""
    rows = await database.rows(_HEADS)
    positions = {row[3]: Position(row[4], row[5], bytes(row[6])) for row in rows if row[3] is not None}
    read_at, timer_at, worker_at = rows[0][:3]
    return Heads(read_at, timer_at, worker_at, positions)


async def read_facts(database: Database, centre_id: UUID, after: int, up_to: int) -> list[Entry]:
    """The facts with after < seq <= up_to, in order. One statement."""
    return [_entry(row) for row in await database.rows(_FACTS, (centre_id, after, up_to))]


async def read_history(database: Database, authority: Authority, centre_id: UUID, ring_facts: int) -> History:
    """What a hub starts from. Rights are read after the position: what changes in between comes again as a fact.

    Raises NoFeed for an unknown centre. Costs three statements and the authority's.
    """
    heads = await database.rows(_HEAD, (centre_id,))
    if not heads:
        raise NoFeed(f"centre {centre_id} has no feed")
    position = _position(heads[0])
    first = max(0, position.seq - ring_facts)
    entries = await read_facts(database, centre_id, first, position.seq)
    below = await database.rows(_HASH_AT, (centre_id, first)) if first else []
    floor = _position(below[0]) if below else Position(position.epoch, 0, GENESIS_HASH)
    state = await database.with_connection(lambda connection: authority.load_access(connection, centre_id))
    return History(position, Ring(ring_facts, entries), Access(state.versions, state.ended_sessions), floor)


def _position(row: Row) -> Position:
    return Position(row[0], row[1], bytes(row[2]))


def _entry(row: Row) -> Entry:
    audience = bytes(row[8])
    before, after = audiences_of(audience)
    return Entry(_position(row), row[3], row[4], row[5], row[6], bytes(row[7]), audience, before, after, row[9])
