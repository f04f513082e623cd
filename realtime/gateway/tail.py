"""Follows the feed: looks into PostgreSQL at least every 250 ms, always; a wake-up only makes the next look sooner.

Redis is no part of it. What a look finds is checked against the chain before it is published, so a history that was
forked, restored or edited under a running gateway ends in `reset`, never in a wrong screen.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import psycopg

from realtime.feed.verification import chained
from realtime.gateway.clock import ServerClock
from realtime.gateway.contract import Authority
from realtime.gateway.database import Database
from realtime.gateway.reading import read_facts, read_heads, read_history
from realtime.hub import frames
from realtime.hub.access import end_refused
from realtime.hub.entry import Entry
from realtime.hub.hub import Hub
from realtime.hub.limits import Limits
from realtime.hub.position import Position

logger = logging.getLogger(__name__)

BATCH_FACTS: Final = 500  # per statement
RUN_FACTS: Final = 8  # published together: at most about 8 kB a screen, and a tenth of a second for 10,000 screens
RETRY_S: Final = 0.2  # after a failed look


class Tail:
    """One task per process, for all centres that it has screens for."""

    def __init__(
        self, heads: Database, feed: Database, authority: Authority, clock: ServerClock, limits: Limits
    ) -> None:
        """heads   the connection that only looks; feed   the one that reads facts and starts hubs"""
        self._heads, self._feed = heads, feed
        self._authority, self._clock, self._limits = authority, clock, limits
        self.hubs: dict[UUID, Hub] = {}
        self.positions: dict[UUID, Position] = {}  # as last seen in PostgreSQL
        self.timer_at: datetime | None = None
        self.worker_at: datetime | None = None
        self.on_fact: list[Callable[[UUID, Entry], None]] = []
        self.on_restart: list[Callable[[UUID, int], None]] = []
        self.on_behind: Callable[[], None] = lambda: None
        self._opening: dict[UUID, asyncio.Future[Hub]] = {}
        self._woken = asyncio.Event()
        self._looked = asyncio.Condition()
        self._begun = self._done = 0  # looks; a look is done when all it found is published

    def wake(self, centre_id: UUID, epoch: int, seq: int) -> None:
        """Makes the next look sooner, if it would find something new."""
        hub = self.hubs.get(centre_id)
        if hub is not None and (hub.position.epoch, hub.position.seq) < (epoch, seq):
            self._woken.set()

    async def look(self, within_s: float) -> bool:
        """Waits for a look that began after this call, and for all it found to be published; False when it failed."""
        wanted = self._begun + 1
        self._woken.set()
        async with self._looked:
            try:
                await asyncio.wait_for(self._looked.wait_for(lambda: self._done >= wanted), within_s)
            except TimeoutError:
                return False
        return True

    async def hub(self, centre_id: UUID) -> Hub:
        """The hub of a centre, started at the first call. Raises NoFeed, psycopg.Error or TimeoutError."""
        hub = self.hubs.get(centre_id)
        if hub is not None:
            return hub
        opening = self._opening.get(centre_id)
        if opening is None:
            opening = self._opening[centre_id] = asyncio.ensure_future(self._open(centre_id))
            opening.add_done_callback(lambda _: self._opening.pop(centre_id, None))
        return await asyncio.shield(opening)

    async def _open(self, centre_id: UUID) -> Hub:
        history = await read_history(self._feed, self._authority, centre_id, self._limits.ring_facts)
        hub = self.hubs[centre_id] = Hub(centre_id, history, self._limits)
        logger.info("following centre %s from seq %s", centre_id, hub.position.seq)
        return hub

    async def run(self) -> None:
        """Looks until cancelled."""
        failing = False
        while True:
            began = time.monotonic()
            try:
                await self._look()
                if failing:
                    logger.info("PostgreSQL answers again")
                failing = False
            except (psycopg.Error, OSError) as error:  # TimeoutError is an OSError
                if not failing:
                    logger.warning("cannot read the feed's head, trying on: %s", error)
                failing = True
                await asyncio.sleep(RETRY_S)
                continue
            await self._rest(began)

    async def _rest(self, began: float) -> None:
        """Until the next look is due or somebody rings."""
        await asyncio.sleep(self._limits.tail_gap_s)
        left = self._limits.tail_interval_s - (time.monotonic() - began)
        if left > 0 and not self._woken.is_set():
            try:
                await asyncio.wait_for(self._woken.wait(), left)
            except TimeoutError:
                return

    async def _look(self) -> None:
        self._woken.clear()
        self._begun += 1
        this = self._begun
        await self._read_heads()
        for centre_id, hub in list(self.hubs.items()):
            head = self.positions.get(centre_id)
            if head is not None and head != hub.position:
                await self._advance(hub, head)
        async with self._looked:
            self._done = this
            self._looked.notify_all()

    async def _read_heads(self) -> None:
        heads = await read_heads(self._heads)
        self._clock.verified(heads.read_at)
        self.positions, self.timer_at, self.worker_at = heads.positions, heads.timer_at, heads.worker_at

    async def _advance(self, hub: Hub, head: Position) -> None:
        """Publishes everything up to `head`, or starts the hub again when the feed does not continue it."""
        if head.epoch != hub.position.epoch:
            await self._restart(hub, "epoch")
            return
        if head.seq <= hub.position.seq:  # behind us, or another hash at our seq
            await self._restart(hub, "hash")
            return
        last_turn = time.monotonic()
        while hub.position.seq < head.seq:
            up_to = min(head.seq, hub.position.seq + BATCH_FACTS)
            entries = await read_facts(self._feed, hub.centre_id, hub.position.seq, up_to)
            if not entries:
                await self._restart(hub, "hash")
                return
            for run in _runs(entries):
                broken = next(_broken(hub.position, run), None)
                if broken is not None:
                    await self._restart(hub, "epoch" if broken.position.epoch != hub.position.epoch else "hash")
                    return
                self._publish(hub, run)
                if time.monotonic() - last_turn > self._limits.publish_slice_s:
                    await asyncio.sleep(0)  # others' turn: requests, answers to beats, hellos
                    await self._verify_in_time()
                    last_turn = time.monotonic()

    async def _verify_in_time(self) -> None:
        """A long publication must not make the head look old."""
        age = self._clock.age_s()
        if age is None or age > self._limits.tail_interval_s:
            await self._read_heads()

    def _publish(self, hub: Hub, run: list[Entry]) -> None:
        hub.publish(*run, now=time.monotonic())
        if run[-1].is_control and hub.access.apply(run[-1]):
            end_refused(hub.connections, hub.access)
        for entry in run:
            for listener in self.on_fact:
                listener(hub.centre_id, entry)
        if hub.behind:
            self.on_behind()

    async def _restart(self, hub: Hub, reason: str) -> None:
        """Another history: all screens of the centre start over."""
        logger.warning("the feed of centre %s does not continue seq %s (%s)", hub.centre_id, hub.position.seq, reason)
        history = await read_history(self._feed, self._authority, hub.centre_id, self._limits.ring_facts)
        for listener in self.on_restart:
            listener(hub.centre_id, history.position.seq)
        frame = frames.reset(reason)
        for connection in hub.restart(history):
            if not connection.write(frame):
                connection.writer.abort()  # it comes back with a cursor of the lost history, and is told then


def _runs(entries: Sequence[Entry]) -> Iterator[list[Entry]]:
    """The facts in runs that may go out together: a control fact ends its run, what follows is judged by it."""
    run: list[Entry] = []
    for entry in entries:
        run.append(entry)
        if entry.is_control or len(run) == RUN_FACTS:
            yield run
            run = []
    if run:
        yield run


def _broken(here: Position, run: Sequence[Entry]) -> Iterator[Entry]:
    """The facts of a run that are not the next of the very history that ends at `here`."""
    for entry in run:
        there = entry.position
        follows = there.epoch == here.epoch and there.seq == here.seq + 1
        if not follows or chained(here.hash, there.epoch, there.seq, entry.body, entry.audience) != there.hash:
            yield entry
        here = there
