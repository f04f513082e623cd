"""One process's gateway: tail, hubs, wake-ups, beats, bringing up, deliveries, drain. Started in the server's loop."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

import psycopg

from realtime.delivery.courier import Courier
from realtime.feed.sign_of_life import EVERY_S, beat
from realtime.gateway import wake
from realtime.gateway.clock import ServerClock
from realtime.gateway.contract import Authority
from realtime.gateway.database import Database
from realtime.gateway.frames import Seen
from realtime.gateway.history import PastFacts
from realtime.gateway.tail import Tail
from realtime.gateway.tickets import Signer
from realtime.gateway.writing import UNWRITABLE, Writing
from realtime.hub import frames
from realtime.hub.access import Close
from realtime.hub.connection import Connection, Identity
from realtime.hub.hub import Hub, Progress
from realtime.hub.limits import Limits
from realtime.hub.position import Position

logger = logging.getLogger(__name__)

LAST_CLOSES_S: Final = 2.0  # for screens to answer the close when draining


@dataclass(frozen=True, slots=True)
class Settings:
    """What a gateway needs from outside."""

    conninfo: str
    redis_url: str
    signing_key: str
    limits: Limits


class Gateway:
    """All that runs in a process for its sockets. Its tasks live from `start` to `stop`."""

    def __init__(self, authority: Authority, settings: Settings) -> None:
        self.limits = settings.limits
        self.clock = ServerClock()
        self.signer = Signer(settings.signing_key, settings.limits.ticket_lifetime_s)
        self._redis_url = settings.redis_url
        self._heads = Database(settings.conninfo, timeout_s=self.limits.query_timeout_s, name="relay60 tail")
        self._feed = Database(settings.conninfo, timeout_s=5 * self.limits.query_timeout_s, name="relay60 feed")
        self.tail = Tail(self._heads, self._feed, authority, self.clock, self.limits)
        self.past = PastFacts(self._feed)
        self.writing = Writing(settings.conninfo, self.limits.write_every_s)
        self.courier = Courier()
        self.sockets: set[Connection] = set()  # every open socket, said hello or not
        self.draining = False
        self._behind = asyncio.Event()
        self._empty = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.tail.on_fact.append(self.courier.follow)
        self.tail.on_restart.append(self.courier.open_centre)
        self.tail.on_behind = self._behind.set

    def start(self) -> None:
        """Starts the tasks. Call it in the running loop."""
        duties: dict[str, Callable[[], Coroutine[Any, Any, None]]] = {
            "tail": self.tail.run,
            "wake-ups": partial(wake.listen, self._redis_url, self.tail),
            "beats": self._beats,
            "bring-up": self._bring_up,
            "deliveries": self.courier.run,
            "proofs of writing": self.writing.run,
            "sign of life": self._signs_of_life,
        }
        self._tasks = [asyncio.create_task(_kept_up(name, duty), name=name) for name, duty in duties.items()]

    async def stop(self) -> None:
        """Ends the tasks, writes the last deliveries."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.courier.close()
        await self._heads.close()
        await self._feed.close()

    async def hub(self, centre_id: UUID) -> Hub:
        """The hub of a centre. Raises NoFeed, psycopg.Error or TimeoutError."""
        hub = await self.tail.hub(centre_id)
        if not self.courier.follows(centre_id):
            self.courier.open_centre(centre_id, hub.position.seq)
        return hub

    def seen(self, connection: Connection, frame: Seen) -> None:
        """A client's answer. It can't claim more than it was sent."""
        identity = connection.identity
        hub = self.tail.hubs.get(identity.centre_id) if identity else None
        if identity is None or hub is None:
            return
        hub.seen(connection, time.monotonic())
        position = hub.position_of(connection)
        through = min(frame.through, position.seq)
        self.courier.seen(identity, position.epoch, through, min(frame.displayed, through))
        if connection.behind:
            self._behind.set()

    def pong(self, connection: Connection) -> None:
        """A sign of life that says nothing about facts."""
        hub = self.tail.hubs.get(connection.identity.centre_id) if connection.identity else None
        if hub is not None:
            hub.seen(connection, time.monotonic())

    def join(self, hub: Hub, connection: Connection, identity: Identity, at: Position) -> None:
        """A hello was taken: what it lacks is sent now where memory holds it, else by the next bring-up."""
        now = time.monotonic()
        hub.join(connection, identity, at, now)
        if hub.bring_up(connection, now) is not Progress.UP:
            self._behind.set()

    def leave_hub(self, connection: Connection) -> None:
        """Takes a connection out of its hub; the socket stays open."""
        identity = connection.identity
        if identity is None:
            return
        self.courier.forget(identity)
        hub = self.tail.hubs.get(identity.centre_id)
        if hub is not None:
            hub.leave(connection)

    def left(self, connection: Connection) -> None:
        """A socket is gone."""
        self.sockets.discard(connection)
        self.leave_hub(connection)
        if not self.sockets:
            self._empty.set()

    # --- health ------------------------------------------------------------------------------------------------------

    def vitals(self, server_time: datetime) -> frames.Vitals:
        """When each part was last known to be well."""
        return frames.Vitals(
            server_time, self.clock.verified_at, self.writing.wrote_at, self.tail.timer_at, self.tail.worker_at
        )

    def ailments(self) -> list[str]:
        """What is not well, in words for programs; empty when all is. Screens judge the same instants by themselves."""
        now, limits = self.clock.now(), self.limits
        vitals = self.vitals(now)
        old = {
            "database_unread": (vitals.verified_at, limits.healthy_within_s),
            "timer": (vitals.timer_at, limits.healthy_within_s),
            "worker": (vitals.worker_at, limits.worker_within_s),
        }
        found = [name for name, (at, within_s) in old.items() if at is None or (now - at).total_seconds() > within_s]
        wrote, why = vitals.wrote_at, self.writing.why
        held = why == UNWRITABLE  # by a lock, perhaps: the next try may do
        if wrote is None or (why and not held) or (now - wrote).total_seconds() > limits.wrote_within_s:
            found.append(why or UNWRITABLE)
        return found + ["draining"] * self.draining

    async def _signs_of_life(self) -> None:
        """The loop has turns; a thread of its own would say so of a loop that hangs."""
        while True:
            beat("gateway")
            await asyncio.sleep(EVERY_S)

    # --- beats -------------------------------------------------------------------------------------------------------

    async def _beats(self) -> None:
        """One slot of connections at a time, so that the answers come spread over the whole period."""
        every = self.limits.beat_s / self.limits.beat_slots
        slot, due = 0, time.monotonic()
        while True:
            due = max(due + every, time.monotonic())
            await asyncio.sleep(due - time.monotonic())
            for hub in list(self.tail.hubs.values()):
                self._beat(hub, slot)
            slot = (slot + 1) % self.limits.beat_slots

    def _beat(self, hub: Hub, slot: int) -> None:
        now, server_time = time.monotonic(), self.clock.now()
        head = self.tail.positions.get(hub.centre_id, hub.position)
        told = (max(head.seq, hub.position.seq), self.vitals(server_time))
        hub.beat(slot, frames.beat(hub.position, *told), now)
        if hub.behind:
            self._behind.set()
        for connection in list(hub.slots[slot]):
            identity = connection.identity
            if identity is None:
                continue
            if identity.session_expires_at is not None and identity.session_expires_at <= server_time:
                connection.close(Close.SESSION_LOST, "the session has expired")
            elif connection.behind and connection.seen_at < now - self.limits.seen_stale_s:
                hub.probe(connection, frames.beat(hub.position_of(connection), *told))
            elif connection.ticket_due_at <= now and not connection.behind:
                self._renew(connection, identity, now)

    def _renew(self, connection: Connection, identity: Identity, now: float) -> None:
        """A new ticket without a query: control facts would have closed the socket had anything changed."""
        signed, expires_at = self.signer.issue(identity, self.clock.now())
        if connection.write(frames.ticket(signed, expires_at)):
            connection.ticket_due_at = now + self.limits.ticket_renew_s

    # --- bringing up -------------------------------------------------------------------------------------------------

    async def _bring_up(self) -> None:
        """Goes round those who are behind, for as long as there are any."""
        while True:
            await self._behind.wait()
            self._behind.clear()
            await asyncio.sleep(self.limits.pump_s)
            for hub in list(self.tail.hubs.values()):
                if hub.behind:
                    await self._bring_up_all(hub)
                    self._close_too_slow(hub)
                if hub.behind:
                    self._behind.set()

    async def _bring_up_all(self, hub: Hub) -> None:
        last_turn = time.monotonic()
        for connection in list(hub.behind):
            now = time.monotonic()
            if hub.bring_up(connection, now) is Progress.FEED:
                try:
                    await self._replay_past(hub, connection)
                except (psycopg.Error, OSError) as error:
                    logger.warning("cannot read past facts: %s", error)
                    return
            if now - last_turn > self.limits.publish_slice_s:
                await asyncio.sleep(0)
                last_turn = time.monotonic()

    async def _replay_past(self, hub: Hub, connection: Connection) -> None:
        """One range of older facts; the next round goes on from there."""
        at = hub.position_of(connection)
        entries = await self.past.behind(hub, at.seq)
        if connection.behind and connection.at == at:  # still the same wait, after the read
            hub.replay(connection, entries, time.monotonic())

    @staticmethod
    def _close_too_slow(hub: Hub) -> None:
        for connection in hub.too_slow(time.monotonic()):
            connection.close(Close.TOO_SLOW, "too slow: come back with your cursor")

    # --- drain -------------------------------------------------------------------------------------------------------

    async def drain(self) -> None:
        """Tells all screens to come back elsewhere or later, each at a moment of its own, then closes them in turn."""
        self.draining = True
        frame = frames.drain(self.limits.drain_within_ms)
        waiting = list(self.sockets)
        for connection in waiting:
            connection.write(frame)
        pause = self.limits.drain_within_ms / 1000 / max(1, len(waiting))
        due = time.monotonic()
        for connection in waiting:
            due += pause
            if due > time.monotonic() + 0.01:
                await asyncio.sleep(due - time.monotonic())
            connection.close(Close.RESTART, "restarting: come back with your cursor")
        if self.sockets:
            self._empty.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._empty.wait(), LAST_CLOSES_S)


async def _kept_up(name: str, duty: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """A duty that ends by an error nobody foresaw is said loudly and begun again: a half-dead gateway looks healthy."""
    while True:
        try:
            await duty()
        except Exception:
            logger.critical("the gateway's %s failed and begins again", name, exc_info=True)
            await asyncio.sleep(1)
