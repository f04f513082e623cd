"""`bench commands`: what a command costs the server, beside the least it could cost and the ordinary way to write it.

Runs as `python -m bench.loop_costs OUT [--only PART …]` in the environment of a fresh database and writes its rows to
the file OUT as JSON. CPU is that of the server process, and of the PostgreSQL processes that work for it; round trips
are counted on the wire. The three take turns, verb by verb.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import psycopg

from bench.cpu import spent_ns
from bench.loop import VERBS, Ordinary, Ours
from bench.processes import ROOT, Server, free_port
from bench.progress import say
from bench.report import Row
from bench.wiretap import Wiretap

PARTS: Final = ("cost", "facts")
PLAIN: Final = "bench.peers.plain.settings"
ROUNDS: Final = 10
EACH: Final = 12  # issues a round
FLOORS: Final = 24  # empty commands a round and verb
FLOOR_TIMES: Final = 3.0
ROUND_TRIPS: Final = 6.0
ACTORS: Final = 8
FACTS_S: Final = 20.0
FLOOR: Final = "an empty POST"
ORDINARY: Final = "the ordinary way"


@dataclass
class Cost:
    """What commands of one kind took, each time a mean of some."""

    server_ms: list[float] = field(default_factory=list)
    postgres_ms: list[float] = field(default_factory=list)
    trips: list[float] = field(default_factory=list)


class Measured:
    """A server with its wire to PostgreSQL under the tap."""

    def __init__(self, server: Server, tap: Wiretap | None, owner: psycopg.Connection) -> None:
        self._server, self._tap, self._owner = server, tap, owner

    def take(self, cost: Cost, times: int, act: Callable[[], object]) -> None:
        """Adds the mean of so many commands, which `act` gives."""
        trips, served, stored = self._trips(), spent_ns(self._server.process.pid), backends(self._owner)
        act()
        cost.server_ms.append((spent_ns(self._server.process.pid) - served) / 1e6 / times)
        cost.postgres_ms.append(spent_since(stored, backends(self._owner)) / 1e6 / times)
        cost.trips.append((self._trips() - trips) / times)

    def _trips(self) -> int:
        return self._tap.round_trips() if self._tap else 0


def backends(owner: psycopg.Connection) -> dict[int, int]:
    """CPU so far, in ns, of each PostgreSQL process that serves this database, the asking one left out."""
    found = {}
    for (pid,) in owner.execute(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchall():
        try:
            found[pid] = spent_ns(pid)
        except OSError:
            continue
    return found


def spent_since(before: Mapping[int, int], after: Mapping[int, int]) -> int:
    """CPU between two looks, in ns; one that came in between counts whole."""
    return sum(spent - before.get(pid, 0) for pid, spent in after.items())


class LoopCosts:
    """One run: its environment, the rows so far."""

    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self.env, self.logs = dict(env), logs
        self.rows: list[Row] = []

    def prepare(self) -> None:
        """A township with its people, and the peer's tables."""
        say("commands: seeding the demonstration district")
        sim = {"RELAY_DATABASE_URL": self.env.get("RELAY_DATABASE_SIM_URL", self.env["RELAY_DATABASE_URL"])}
        owner = {"RELAY_DATABASE_URL": self.env["RELAY_DATABASE_OWNER_URL"], "DJANGO_SETTINGS_MODULE": PLAIN}
        for words, also in (
            (("seed_demo", "--plan", "township"), sim),
            (("migrate", "--run-syncdb", "--verbosity", "0"), owner),
        ):
            line = [sys.executable, "-m", "django", *words, "--skip-checks"]
            subprocess.run(line, cwd=ROOT, env=self.env | also, stdout=sys.stderr, check=True)

    def server(self, name: str, **also: str) -> Server:
        """The product's own server entry, with what else its environment says."""
        port = free_port()
        line = ["server.serve", "--port", str(port), "--bind", "127.0.0.1"]
        return Server(name, line, port, self.logs / f"{name}.log", self.env | also)

    def cost(self) -> None:
        """CPU and round trips of each verb, in turns with both peers."""
        ours: dict[str, Cost] = defaultdict(Cost)
        ordinary: dict[str, Cost] = defaultdict(Cost)
        floor = Cost()
        with ExitStack() as open_ones:
            url = self.env["RELAY_DATABASE_URL"]
            owner = open_ones.enter_context(psycopg.connect(self.env["RELAY_DATABASE_OWNER_URL"], autocommit=True))
            taps = [open_ones.enter_context(Wiretap(url)) for _ in range(2)]
            servers = [
                self.server("gateway", RELAY_DATABASE_URL=taps[0].url),
                self.server("plain", RELAY_DATABASE_URL=taps[1].url, DJANGO_SETTINGS_MODULE=PLAIN),
            ]
            for server in servers:
                open_ones.callback(server.stop)
            loop = Ours(servers[0].port)
            plain = Ordinary(servers[1].port, loop.unit, loop.item)
            measured = [Measured(server, tap, owner) for server, tap in zip(servers, taps, strict=True)]
            for number in range(ROUNDS + 1):
                say(f"commands: round {number} of {ROUNDS}" if number else "commands: warming up")
                if number == 1:
                    ours.clear()
                    ordinary.clear()
                    floor = Cost()
                one, other = loop.batch(EACH), plain.batch(EACH)
                for verb in VERBS:
                    measured[1].take(floor, FLOORS, partial(plain.floor, FLOORS))
                    measured[1].take(ordinary[verb], EACH, partial(_do_all, plain, verb, other))
                    measured[0].take(ours[verb], EACH, partial(_do_all, loop, verb, one))
        self.rows += cost_rows(ours, ordinary, floor)

    def facts(self) -> None:
        """Facts a second of one centre, by people who act in parallel."""
        say(f"commands: {ACTORS} at once for {FACTS_S:.0f} s")
        with psycopg.connect(self.env["RELAY_DATABASE_OWNER_URL"], autocommit=True) as owner:
            server = self.server("gateway")
            try:
                loops = [Ours(server.port) for _ in range(ACTORS)]
                done = threading.Event()
                threads = [threading.Thread(target=_go_on, args=(loop, done)) for loop in loops]
                seq, served, stored = _seq(owner), spent_ns(server.process.pid), backends(owner)
                began = time.monotonic()
                for thread in threads:
                    thread.start()
                time.sleep(FACTS_S)
                took = time.monotonic() - began
                facts = _seq(owner) - seq
                server_s = (spent_ns(server.process.pid) - served) / 1e9
                postgres_s = spent_since(stored, backends(owner)) / 1e9
                done.set()
                for thread in threads:
                    thread.join()
            finally:
                server.stop()
        note = f"server {server_s / took:.2f} and PostgreSQL {postgres_s / took:.2f} of {os.cpu_count()} cores"
        name = f"facts of one centre, {ACTORS} act at once"
        self.rows += [
            Row(name=name, value=facts / took, unit="facts/s", note=note),
            Row(name=f"{name}, for a second of CPU of server and PostgreSQL", value=facts / (server_s + postgres_s),
                unit="facts"),
        ]  # fmt: skip


def cost_rows(ours: Mapping[str, Cost], ordinary: Mapping[str, Cost], floor: Cost) -> list[Row]:
    """Medians, beside the medians of the peers in the same run."""
    least = statistics.median(floor.server_ms)
    rows = []
    for verb, cost in ours.items():
        peer, name = ordinary[verb], f"command {verb}"
        server, usual = statistics.median(cost.server_ms), statistics.median(peer.server_ms)
        rows += [
            Row(name=f"{name}, CPU of the server, at most {FLOOR_TIMES:.0f} × the floor", value=server, unit="ms",
                target=FLOOR_TIMES * least, peer=least, peer_name=FLOOR),
            Row(name=f"{name}, CPU of the server, at most the ordinary", value=server, unit="ms", target=usual,
                peer=usual, peer_name=ORDINARY),
            Row(name=f"{name}, round trips", value=statistics.median(cost.trips), unit="trips", target=ROUND_TRIPS,
                peer=statistics.median(peer.trips), peer_name=ORDINARY),
            Row(name=f"{name}, CPU of PostgreSQL", value=statistics.median(cost.postgres_ms), unit="ms",
                peer=statistics.median(peer.postgres_ms), peer_name=ORDINARY),
        ]  # fmt: skip
    note = f"{statistics.median(floor.trips):.0f} round trips; load of the machine {os.getloadavg()[0]:.1f}"
    rows.append(Row(name="the floor: an empty POST, CPU of the server", value=least, unit="ms", note=note))
    return rows


def _do_all(loop: Ours | Ordinary, verb: str, batch: Sequence[dict[str, Any]]) -> None:
    for one in batch:
        loop.do(verb, one)


def _seq(owner: psycopg.Connection) -> int:
    row = owner.execute("SELECT sum(seq) FROM feed_centre_head").fetchone()
    assert row is not None
    return int(row[0])


def _go_on(loop: Ours, done: threading.Event) -> None:
    while not done.is_set():
        [one] = loop.batch(1)
        for verb in VERBS:
            if not done.is_set():
                loop.do(verb, one)


def main(out: Path, parts: tuple[str, ...]) -> None:
    """Measures the parts, writes the rows even when a later part fails."""
    with TemporaryDirectory(prefix="relay60-bench-") as folder:
        run = LoopCosts(os.environ, Path(os.environ.get("RELAY_BENCH_LOGS", folder)))
        run.prepare()
        try:
            for part in PARTS:
                if part in parts:
                    getattr(run, part)()
        finally:
            out.write_text(json.dumps([asdict(row) for row in run.rows]))


if __name__ == "__main__":
    line = argparse.ArgumentParser(prog="python -m bench.loop_costs")
    line.add_argument("out", type=Path)
    line.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = line.parse_args()
    main(options.out, tuple(options.only))
