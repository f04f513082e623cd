"""Takes a client's hello: ticket, then cursor, then welcome. No query in the common case.

Anything that the gateway cannot confirm from memory is looked up in PostgreSQL before it is refused: a snapshot may be
newer than the tail, a ticket newer than the last control fact.
"""

import logging
from dataclasses import dataclass
from typing import Final

import psycopg

from realtime.gateway.frames import Cursor, Hello
from realtime.gateway.gateway import Gateway
from realtime.gateway.reading import NoFeed
from realtime.gateway.tickets import BadTicket, ExpiredTicket
from realtime.hub import frames
from realtime.hub.access import Close, Refusal
from realtime.hub.connection import Connection, Identity
from realtime.hub.hub import Hub
from realtime.hub.position import Position

logger = logging.getLogger(__name__)

LOOK_WITHIN_S: Final = 5.0
ROUNDS: Final = 3  # of looking things up; the feed may move on meanwhile


@dataclass(frozen=True, slots=True)
class Reset:
    """The cursor does not continue this history, or not under these rights."""

    reason: str


async def take_hello(gateway: Gateway, connection: Connection, hello: Hello) -> bool:
    """Welcomes, resets or closes. Answers whether the connection is in the hub now."""
    gateway.leave_hub(connection)  # a second hello on one socket starts over
    try:
        identity = gateway.signer.read(hello.ticket, gateway.clock.now())
    except BadTicket as error:
        connection.close(Close.MALFORMED, str(error))
        return False
    except ExpiredTicket as error:
        connection.close(Close.SCOPE_CHANGED, str(error))
        return False
    try:
        hub = await gateway.hub(identity.centre_id)
        verdict = await _judge(gateway, hub, identity, hello.cursor)
    except NoFeed as error:
        connection.close(Close.MALFORMED, str(error))
        return False
    except (psycopg.Error, OSError) as error:
        logger.warning("a hello could not be judged, PostgreSQL is not there: %s", error)
        connection.close(Close.RESTART, "not ready: come back with your cursor")
        return False
    # No awaiting from here on: what was judged is still true when the connection is in.
    if isinstance(verdict, Refusal):
        connection.close(verdict.code, verdict.reason)
        return False
    if isinstance(verdict, Reset):
        connection.write(frames.reset(verdict.reason))
        return False
    welcome = frames.welcome(
        hub.centre_id, verdict, gateway.clock.now(), gateway.limits.beat_s, identity.access_version
    )
    if connection.closing or not connection.write(welcome):
        return False
    gateway.join(hub, connection, identity, verdict)
    return True


async def _judge(gateway: Gateway, hub: Hub, identity: Identity, cursor: Cursor | None) -> Position | Reset | Refusal:
    """Where the connection may go on from, or why not. Its last step does not await."""
    if hub.access.is_ahead(identity):
        await gateway.tail.look(LOOK_WITHIN_S)
    ahead = cursor is not None and (cursor.epoch, cursor.seq) > (hub.position.epoch, hub.position.seq)
    if ahead and not await gateway.tail.look(LOOK_WITHIN_S):
        raise TimeoutError("PostgreSQL could not be asked")  # a reset would empty the screen for nothing
    found: Position | None = None
    for _ in range(ROUNDS):
        refusal = hub.access.refusal(identity)
        if refusal is not None:
            return refusal
        reset = _misfit(gateway, hub, identity, cursor)
        if reset is not None:
            return reset
        assert cursor is not None  # _misfit answers that
        known = found or hub.known_at(cursor.seq)
        if known is not None:
            return known if known.piece == cursor.hash else Reset("hash")
        found = await gateway.past.position_at(hub, cursor.seq)
        if found is None:
            return Reset("hash")
    return Reset("hash")


def _misfit(gateway: Gateway, hub: Hub, identity: Identity, cursor: Cursor | None) -> Reset | None:
    """What can be said against a cursor without looking at the hash."""
    if cursor is None:
        return Reset("none")
    if cursor.epoch != hub.position.epoch:
        return Reset("epoch")
    if cursor.access_version != identity.access_version:
        return Reset("access")
    if cursor.seq > hub.position.seq:
        return Reset("future")
    if cursor.seq < hub.position.seq - gateway.limits.replay_facts:
        return Reset("too_old")
    return None
