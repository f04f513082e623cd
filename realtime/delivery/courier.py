"""Collects what devices have received and drawn, and writes it once a second: cursors as rows, firsts as facts.

The event loop only collects; one thread writes. A database that hangs holds that thread up and nothing else: what is
collected meanwhile stays one row per device and one mark per fact.
"""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeVar
from uuid import UUID

import orjson
from django.db import DatabaseError, connection

from realtime.delivery.actions import MAX_MARKS, record_receipts
from realtime.delivery.cursors import DeviceAt, move_cursors
from realtime.delivery.facts import RECEIPT_KIND, ReceiptDisplayed
from realtime.delivery.pending import PendingReceipts
from realtime.delivery.queries import Addressed, waiting_receipts
from realtime.hub.connection import Identity
from realtime.hub.entry import Entry

logger = logging.getLogger(__name__)
T = TypeVar("T")

EVERY_S: Final = 1.0
LOOK_BACK_FACTS: Final = 20_000  # addressed facts older than that get no receipt any more


class Courier:
    """The delivery part of one gateway."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="delivery")
        self._pending: dict[UUID, PendingReceipts] = {}
        self._moved: dict[tuple[UUID, str, UUID], DeviceAt] = {}
        self._last: dict[tuple[UUID, str, UUID], DeviceAt] = {}
        self._unopened: dict[UUID, int] = {}

    def follows(self, centre_id: UUID) -> bool:
        """Whether a centre was begun."""
        return centre_id in self._pending

    def open_centre(self, centre_id: UUID, head_seq: int) -> None:
        """Starts a centre, or starts it over after its history was lost. The next batch reads what waits."""
        self._pending[centre_id] = PendingReceipts()
        self._unopened[centre_id] = max(0, head_seq - LOOK_BACK_FACTS)
        self._last.clear()  # devices that stand still say so again

    def follow(self, centre_id: UUID, entry: Entry) -> None:
        """Takes a fact in: an addressed one waits from now on, a receipt ends the waiting. No receipt is receipted."""
        pending = self._pending.get(centre_id)
        if pending is None:
            return
        if entry.object_kind == RECEIPT_KIND:
            seq = int(orjson.loads(entry.body)["body"]["seq"])
            pending.settled(seq, displayed=entry.name == ReceiptDisplayed.name)
        elif entry.addressed_to is not None:
            pending.addressed(entry.seq, entry.addressed_to)

    def seen(self, identity: Identity, epoch: int, through: int, displayed: int) -> None:
        """A device stands at (through, displayed). Called for every `seen`: nothing here awaits or queries."""
        key = (identity.centre_id, identity.principal, identity.device_id)
        last = self._last.get(key)
        if last is not None and (last.epoch, last.through, last.displayed) == (epoch, through, displayed):
            return
        unwritten = self._moved.get(key)
        connects = last is None or (unwritten is not None and unwritten.connects)
        standing = DeviceAt(*key, epoch, through, displayed, connects)
        self._last[key] = self._moved[key] = standing
        pending = self._pending.get(identity.centre_id)
        tokens = identity.own_tokens
        if pending is not None and tokens:
            pending.seen(tokens, identity.device_id, through, displayed)

    def forget(self, identity: Identity) -> None:
        """The device's socket has closed; its last standing is still written."""
        self._last.pop((identity.centre_id, identity.principal, identity.device_id), None)

    async def run(self) -> None:
        """Writes once a second, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            await self.write()

    async def write(self) -> None:
        """One batch of everything collected. A failure is told and tried again with the next."""
        try:
            await self._open_waiting()
            await self._write_cursors()
            for centre_id, pending in list(self._pending.items()):
                await self._write_receipts(centre_id, pending)
        except DatabaseError as error:
            logger.warning("deliveries wait, the database refuses them: %s", error)

    async def _open_waiting(self) -> None:
        for centre_id, after_seq in list(self._unopened.items()):
            pending = self._pending[centre_id]
            waiting: list[Addressed] = await self._in_thread(partial(waiting_receipts, centre_id, after_seq))
            if self._pending[centre_id] is not pending:
                continue  # started over while we read: the next batch reads again
            del self._unopened[centre_id]
            for fact in waiting:
                pending.addressed(fact.seq, fact.token, delivered=fact.delivered)
            self._last.clear()  # devices that stand still say so again, and are marked for what was just read

    async def _write_cursors(self) -> None:
        if not self._moved:
            return
        moved, self._moved = self._moved, {}
        try:
            await self._in_thread(partial(move_cursors, moved.values()))
        except BaseException:
            self._moved = moved | self._moved
            raise

    async def _write_receipts(self, centre_id: UUID, pending: PendingReceipts) -> None:
        while marks := pending.take(MAX_MARKS):
            try:
                await self._in_thread(partial(record_receipts, centre_id, marks))
            except BaseException:  # also when we are told to stop in the middle: `close` writes them
                pending.give_back(marks)
                raise
            for mark in marks:
                pending.settled(mark.seq, displayed=mark.displayed)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, _and_close, work)

    async def close(self) -> None:
        """Writes what is left, if the database takes it within two seconds."""
        try:
            await asyncio.wait_for(self.write(), 2)
        except TimeoutError:
            logger.warning("the last deliveries were not written in time: devices will tell them again")
        self._thread.shutdown(wait=False, cancel_futures=True)


def _and_close(work: Callable[[], T]) -> T:
    """Runs in the thread, and gives the connection back to the pool."""
    try:
        return work()
    finally:
        connection.close()
