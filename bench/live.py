"""W1, W2 and W4 against one running server: real facts, real database, sockets over loopback."""

import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection

from bench import county
from bench.facts import happen
from bench.generator import Generator, Seat
from bench.processes import Server
from bench.progress import say
from realtime.feed.contract import AudienceClass, Pair, Scope
from realtime.feed.queries import head
from realtime.gateway.tickets import Signer
from realtime.hub.connection import Identity
from realtime.hub.position import piece_of

PATH: Final = "/live"
FACTS_A_SECOND: Final = 50
W2_FACTS: Final = 15
W2_PACE_S: Final = 1.5
ANSWERED_FACTS: Final = 5
ANSWERED_PACE_S: Final = 4.0  # 10,000 answers to each take the server a second
SETTLE_S: Final = 6.0  # more than a beat: every screen has answered one
IDLE_S: Final = 10.0  # two beats: what the screens cost while nothing happens
OUTAGE_FACTS_AN_ACTION: Final = 5  # while a gateway restarts, life goes on: one action a second
TICKET_LIFETIME_S: Final = 900.0


def seats(centre_id: UUID, paths: Sequence[str]) -> list[Seat]:
    """A signed ticket and a fresh cursor for one screen per path; each its own person and device."""
    signer, now, here = Signer(settings.SECRET_KEY, TICKET_LIFETIME_S), datetime.now(UTC), head(centre_id)
    taken = []
    for path in paths:
        scope = Scope((Pair(f"place:{path}", AudienceClass.PUBLIC),))
        ticket, _ = signer.issue(Identity(f"person:{uuid4()}", uuid4(), None, uuid4(), centre_id, scope, 0), now)
        taken.append(Seat(ticket, here.epoch, here.seq, piece_of(here.hash), 0))
    return taken


def steady_facts(centre_id: UUID, seconds: float, facts_a_second: int) -> list[str]:
    """Records facts at random cells, evenly paced, one transaction each; where they happened."""
    chance, cells = random.Random(60), []  # the same cells in every run
    began = time.monotonic()
    for number in range(round(seconds * facts_a_second)):
        time.sleep(max(0.0, began + number / facts_a_second - time.monotonic()))
        cells.append(chance.choice(county.CELLS))
        happen(centre_id, cells[-1:])
    return cells


def measure_w1(server: Server, centre_id: UUID, paths: Sequence[str], seconds: float) -> dict[str, Any]:
    """50 facts/s for `seconds`: the latency summary, with `expected` deliveries and the server's share of a core."""
    say(f"W1 on {server.name}: {len(paths):,} screens, {FACTS_A_SECOND} facts/s for {seconds:.0f} s")
    with Generator() as screens:
        screens.open(server.port, PATH, seats=seats(centre_id, paths), within_s=2.0)
        time.sleep(SETTLE_S)
        screens.answer_facts(on=True)
        screens.mark()
        before, began = server.cpu_s(), time.monotonic()
        cells = steady_facts(centre_id, seconds, FACTS_A_SECOND)
        expected = county.deliveries(cells, paths)
        took = time.monotonic() - began
        said = screens.await_facts(expected, deadline_s=10)
        return said | {"expected": expected, "cores": (server.cpu_s() - before) / took, "seconds": took}


@dataclass(frozen=True, slots=True)
class Crowd:
    """What one fact at a time to a crowd cost."""

    p50_ms: float
    p99_ms: float
    cpu_us_per_delivery: float  # above what the screens cost while nothing happens
    cpu_us_answered: float  # the same, when every screen says half a second later that it drew the fact
    idle_cores: float
    open_s: float
    resident_mib: float
    received: int
    expected: int


def measure_w2(server: Server, centre_id: UUID, screens: Generator, count: int) -> Crowd:
    """`W2_FACTS` facts, each to `count` screens that see all; the screens stay open."""
    say(f"W2 on {server.name}: {count:,} screens")
    opened = screens.open(server.port, PATH, seats=seats(centre_id, county.district_screens(count)), within_s=5.0)
    time.sleep(SETTLE_S)
    before, began = server.cpu_s(), time.monotonic()
    time.sleep(IDLE_S)
    idle_cores = (server.cpu_s() - before) / (time.monotonic() - began)

    def burst(facts: int, pace_s: float) -> tuple[dict[str, Any], float]:
        screens.mark()
        before, began = server.cpu_s(), time.monotonic()
        for number in range(facts):
            happen(centre_id, [county.CELLS[number]])
            time.sleep(pace_s)
        said = screens.await_facts(facts * count, deadline_s=20)
        spent = server.cpu_s() - before - idle_cores * (time.monotonic() - began)
        return said, spent / said["count"] * 1e6

    said, cpu_us = burst(W2_FACTS, W2_PACE_S)
    screens.answer_facts(on=True)
    _, cpu_us_answered = burst(ANSWERED_FACTS, ANSWERED_PACE_S)
    screens.answer_facts(on=False)
    return Crowd(
        p50_ms=said["p50_ms"],
        p99_ms=said["p99_ms"],
        cpu_us_per_delivery=cpu_us,
        cpu_us_answered=cpu_us_answered,
        idle_cores=idle_cores,
        open_s=opened["seconds"],
        resident_mib=server.resident_mib(),
        received=said["count"],
        expected=W2_FACTS * count,
    )


class LifeGoesOn:
    """A context in which an action a second records a few facts, in a thread of its own."""

    def __init__(self, centre_id: UUID) -> None:
        self.facts = 0
        self._centre_id = centre_id
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go, name="life", daemon=True)

    def __enter__(self) -> "LifeGoesOn":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join(10)

    def _go(self) -> None:
        while not self._ended.wait(1.0):
            numbers = range(self.facts, self.facts + OUTAGE_FACTS_AN_ACTION)
            happen(self._centre_id, [county.CELLS[number % len(county.CELLS)] for number in numbers])
            self.facts += OUTAGE_FACTS_AN_ACTION
        connection.close()
