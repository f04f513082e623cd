"""One centre's screens in this process: publishes each fact to whom it reaches, and brings up who fell behind.

Everything here runs in the event loop's thread without awaiting, so a fact, a beat or a hello sees one state.

A connection that is not behind has been sent everything in its scope up to the hub's position: nothing is kept per
connection for it. One that is behind keeps its own position and gets nothing until a write is taken again.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Final
from uuid import UUID

from realtime.feed.contract import GENESIS_HASH
from realtime.hub.access import Access
from realtime.hub.connection import Connection, Identity
from realtime.hub.entry import Entry
from realtime.hub.framing import Frame
from realtime.hub.limits import Limits
from realtime.hub.position import Position
from realtime.hub.ring import Ring
from realtime.hub.tokens import TokenIndex

RUN_FACTS: Final = 16  # handed over at once to who is behind: about 10 kB, a third of the send buffer


class Progress(Enum):
    """How a connection that was behind stands after an attempt to bring it up."""

    UP = "up"
    WAITING = "waiting"  # its buffer is full, or it has gone silent
    FEED = "feed"  # what it lacks is no longer in memory


@dataclass(slots=True)
class History:
    """What the hub holds of its centre's feed: the position reached, the newest facts, and the rights then."""

    position: Position
    ring: Ring
    access: Access
    floor: Position = field(default=Position(1, 0, GENESIS_HASH))  # the position just below the ring's first fact


class Hub:
    """The connections of one centre, and the part of its feed that they are served from."""

    def __init__(self, centre_id: UUID, history: History, limits: Limits) -> None:
        self.centre_id: Final = centre_id
        self.position = history.position
        self.ring = history.ring
        self.access = history.access
        self._floor = history.floor
        self._limits = limits
        self._index = TokenIndex()
        self.connections: set[Connection] = set()
        self.behind: dict[Connection, None] = {}
        self.slots: list[set[Connection]] = [set() for _ in range(limits.beat_slots)]
        self._next_slot = 0

    def join(self, connection: Connection, identity: Identity, at: Position, now: float) -> None:
        """Enters a connection whose hello was taken and whose welcome was written; it stands at `at`.

        now   monotonic seconds, here and below
        """
        connection.identity = identity
        connection.seen_at = now
        connection.probed = False
        connection.ticket_due_at = now + self._limits.ticket_renew_s
        connection.slot = self._next_slot
        self._next_slot = (self._next_slot + 1) % len(self.slots)
        self.connections.add(connection)
        self.slots[connection.slot].add(connection)
        self._index.add(connection, identity.scope.pairs)
        if at.seq == self.position.seq:
            connection.behind, connection.at = False, None
        else:
            self._fall_behind(connection, at, now)

    def leave(self, connection: Connection) -> None:
        """Takes a connection out. Harmless for one that is not in."""
        if connection not in self.connections:
            return
        self.connections.discard(connection)
        self.slots[connection.slot].discard(connection)
        self.behind.pop(connection, None)
        connection.behind, connection.at = False, None
        if connection.identity is not None:
            self._index.remove(connection, connection.identity.scope.pairs)
        connection.identity = None

    def position_of(self, connection: Connection) -> Position:
        """Up to where a connection has been sent all that it may see."""
        return connection.at if connection.at is not None else self.position

    def publish(self, *entries: Entry, now: float) -> int:
        """Sends the feed's next facts to all they reach who are not behind. Answers how many frames were handed over.

        What reaches a screen of several facts goes out in one call: an action makes two to five of them, and with
        10,000 screens the system calls are what a fact costs. All of them are judged by one state of rights, so a
        control fact is the last of its run.
        """
        alone = len(entries) == 1
        sent = 0
        runs: dict[Connection, list[tuple[Frame, Position]]] = {}
        for entry in entries:
            if entry.seq != self.position.seq + 1:
                raise ValueError(f"seq {entry.seq} does not follow {self.position.seq}")
            for connections, frame in self._reached(entry):
                if alone:
                    sent += self._send(connections, frame, now)
                else:
                    self._add(runs, connections, frame, self.position)
            self.ring.append(entry)
            self.position = entry.position
        return sent + self._send_runs(runs, now)

    def _reached(self, entry: Entry) -> Iterator[tuple[Collection[Connection], Frame]]:
        """Who sees a fact, and who saw its object until now; each with what they are told."""
        seeing = self._index.matching(entry.after)
        if seeing:
            yield seeing, entry.fact_frame()
        if entry.before is not None and entry.before != entry.after:
            left = set(self._index.matching(entry.before)).difference(seeing)
            if left:
                yield left, entry.left_frame()

    def _send(self, connections: Collection[Connection], frame: Frame, now: float) -> int:
        """The hot loop of one fact: one flag and one call per connection."""
        sent = 0
        for connection in connections:
            if connection.behind:
                continue
            if connection.write(frame):
                sent += 1
            else:
                self._fall_behind(connection, self.position, now)
        return sent

    @staticmethod
    def _add(
        runs: dict[Connection, list[tuple[Frame, Position]]], to: Collection[Connection], frame: Frame, below: Position
    ) -> None:
        told = (frame, below)
        for connection in to:
            if not connection.behind:
                run = runs.get(connection)
                if run is None:
                    runs[connection] = [told]
                else:
                    run.append(told)

    def _send_runs(self, runs: dict[Connection, list[tuple[Frame, Position]]], now: float) -> int:
        """The hot loop of several: one call per connection. Who takes no more stands below the first fact it lacks."""
        sent = 0
        for connection, run in runs.items():
            taken = connection.writer.write_run([frame for frame, _ in run])
            sent += taken
            if taken < len(run):
                self._fall_behind(connection, run[taken][1], now)
        return sent

    def _fall_behind(self, connection: Connection, at: Position, now: float) -> None:
        connection.behind, connection.at = True, at
        connection.progress_at = now
        self.behind[connection] = None

    def beat(self, slot: int, frame: Frame, now: float) -> None:
        """Sends one slot's beat to those who are not behind, and finds out who has gone silent."""
        stale = now - self._limits.seen_stale_s
        for connection in self.slots[slot]:
            if connection.behind:
                continue
            if connection.seen_at < stale or not connection.write(frame):
                self._fall_behind(connection, self.position, now)

    def seen(self, connection: Connection, now: float) -> None:
        """A sign of life: a beat or facts were answered."""
        connection.seen_at = now
        connection.probed = False

    def bring_up(self, connection: Connection, now: float) -> Progress:
        """Sends a connection what it lacks, from memory, for as long as writes are taken."""
        if not connection.behind or connection.at is None:
            return Progress.UP
        if connection.seen_at < now - self._limits.seen_stale_s or not connection.writer.ready():
            return Progress.WAITING
        if connection.at.seq < self.position.seq:
            if not self.ring.reaches(connection.at.seq):
                return Progress.FEED
            if not self.replay(connection, self.ring.after(connection.at.seq), now):
                return Progress.WAITING
        connection.behind, connection.at = False, None
        del self.behind[connection]
        return Progress.UP

    def replay(self, connection: Connection, entries: Sequence[Entry], now: float) -> bool:
        """Sends consecutive facts behind a connection's position, by today's rights; False when one was refused."""
        if connection.identity is None or connection.at is None:
            return False
        scope = connection.identity.scope
        for start in range(0, len(entries), RUN_FACTS):
            run = entries[start : start + RUN_FACTS]
            frames = [entry.frame_for(scope) for entry in run]
            wanted = [frame for frame in frames if frame is not None]
            taken = connection.writer.write_run(wanted) if wanted else 0
            if taken:
                connection.progress_at = now
            if taken == len(wanted):
                connection.at = run[-1].position
                continue
            for entry, frame in zip(run, frames, strict=True):
                if frame is not None:
                    if not taken:
                        return False
                    taken -= 1
                connection.at = entry.position
        return True

    def probe(self, connection: Connection, frame: Frame) -> None:
        """Asks a silent connection once for a sign of life, by a beat of its own position."""
        if not connection.probed and connection.writer.ready():
            connection.probed = connection.write(frame)

    def too_slow(self, now: float) -> list[Connection]:
        """Those who have been behind without progress for too long, or further than is worth replaying."""
        oldest = self.position.seq - 2 * self._limits.replay_facts  # a hello may begin at 1x
        return [
            connection
            for connection in self.behind
            if now - connection.progress_at > self._limits.behind_limit_s
            or (connection.at is not None and connection.at.seq < oldest)
        ]

    def known_at(self, seq: int) -> Position | None:
        """The position at `seq`, if memory holds it."""
        if seq == self.position.seq:
            return self.position
        if seq == self._floor.seq and self.ring.reaches(seq):
            return self._floor
        entry = self.ring.at(seq)
        return entry.position if entry is not None else None

    def restart(self, history: History) -> list[Connection]:
        """Goes on from another history; all connections are out and have to say hello again. Answers which."""
        out = list(self.connections)
        for connection in out:
            self.leave(connection)
        self.position, self.ring, self.access = history.position, history.ring, history.access
        self._floor = history.floor
        return out
