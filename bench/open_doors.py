"""`bench open-doors`: what the answers cost that anybody may ask for, and what they do to who is signed in.

Runs as `python -m bench.open_doors OUT [--only PART …] [--pairs N] [--seconds S]` in the environment of a fresh
database and writes its rows to the file OUT as JSON. CPU is that of the gateway with its workers, PostgreSQL and Redis,
less what they take while nobody asks. Limits are off, as far as a centre can set them; each request has an address of
its own.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import django

django.setup()

import redis  # noqa: E402  # what follows imports models, which need Django's set-up
from django.db import connection  # noqa: E402

from bench import county  # noqa: E402
from bench.callers import Line, Steadily, somebody  # noqa: E402
from bench.cpu import cpu_s, parent_of  # noqa: E402
from bench.facts import new_centre  # noqa: E402
from bench.files import raise_file_limit  # noqa: E402
from bench.live import measure_w1  # noqa: E402
from bench.processes import ROOT, Server, free_port  # noqa: E402
from bench.progress import say  # noqa: E402
from bench.report import Row  # noqa: E402
from bench.strangers import Door, doors  # noqa: E402

PARTS: Final = ("routes", "w1", "flood")
TARGET_MS: Final = 50.0
RATIO_TARGET: Final = 1.2
FLOOD_TARGET_MS: Final = 2.0
SHARE: Final = 0.3  # of a core, that the dearest takes alone beside W1
WARM_UP: Final = 3
ASKED: Final = 25
FLOOD: Final = 1_000
IDLE_S: Final = 3.0
W1_SCREENS: Final = 1_000


class OpenDoors:
    """One run: a seeded township, its gateway, the rows so far."""

    def __init__(self, env: Mapping[str, str], folder: Path) -> None:
        self.rows: list[Row] = []
        self._env = dict(env) | {
            "RELAY_BEHIND_PROXY": "true",  # the bench stands where the proxy would, and says who asks
            "RELAY_RUN_DIR": str(folder),
            "RELAY_SECRET_KEY_FILE": env.get("RELAY_SECRET_KEY_FILE", str(ROOT / ".run/keys/secret")),
            "RELAY_MASTER_KEY_FILE": env.get("RELAY_MASTER_KEY_FILE", str(ROOT / ".run/keys/master")),
        }
        self._folder = folder
        self._command("collectstatic", "--no-input", "-v", "0")
        sim = {"RELAY_DATABASE_URL": env.get("RELAY_DATABASE_SIM_URL", env["RELAY_DATABASE_URL"])}
        self._command("seed_demo", "--plan", "township", env=sim)
        with connection.cursor() as cursor:
            for name in LIMITS:
                cursor.execute(
                    "INSERT INTO settings_setting (id, centre_id, name, value, version)"
                    " SELECT gen_random_uuid(), id, %s, %s::jsonb, 1 FROM organisations_centre",
                    [name, json.dumps(10_000)],
                )
            cursor.execute("SELECT pg_backend_pid()")
            self._services = [parent_of(int(cursor.fetchone()[0]))]
        self._services.append(int(redis.Redis.from_url(env["RELAY_REDIS_URL"]).info("server")["process_id"]))
        self._dearest: tuple[float, Door] | None = None

    def _command(self, *words: str, env: Mapping[str, str] | None = None) -> None:
        line = [sys.executable, "-m", "django", *words, "--skip-checks"]
        subprocess.run(line, cwd=ROOT, env={**self._env, **(env or {})}, stdout=sys.stderr, check=True)

    @contextmanager
    def _gateway(self) -> Iterator[Server]:
        port = free_port()
        line = ["server.serve", "--port", str(port), "--bind", "127.0.0.1"]
        server = Server("gateway", line, port, self._folder / "gateway.log", self._env)
        try:
            yield server
        finally:
            server.stop()

    def _spent_s(self, server: Server) -> float:
        return cpu_s([server.process.pid, *self._services])

    def _cost_ms(self, server: Server, ask: Callable[[], object], times: int) -> float:
        """CPU of one, in ms: the mean of so many, less what was spent while nobody asked."""
        idle, began = self._spent_s(server), time.monotonic()
        time.sleep(IDLE_S)
        idle_share = (self._spent_s(server) - idle) / (time.monotonic() - began)
        before, began = self._spent_s(server), time.monotonic()
        for _ in range(times):
            ask()
        took = time.monotonic() - began
        return max(0.0, self._spent_s(server) - before - idle_share * took) / times * 1_000

    def routes(self) -> None:
        """Each answer by itself, with the dearest input that its door takes."""
        chance = random.Random(60)
        with self._gateway() as server:
            for door in doors(self._folder / "static"):
                seen: list[int] = []
                line = Line(server.port)

                def ask(door: Door = door, seen: list[int] = seen, line: Line = line) -> None:
                    status, body = line.ask(door.make(), somebody(chance))
                    seen.append(status)
                    door.heard(body)

                try:
                    for _ in range(WARM_UP):
                        ask()
                    cost = self._cost_ms(server, ask, door.times or ASKED)
                except OSError as error:
                    say(f"{door.name}: {error!r}")
                    cost = None
                as_wanted = cost is not None and set(seen) <= set(door.expect)
                note = "; ".join(filter(None, [door.note, "" if as_wanted else f"answered {sorted(set(seen))}"]))
                say(f"{door.name}: {cost and round(cost, 1)} ms {sorted(set(seen))}")
                self.rows.append(
                    Row(name=f"open doors, {door.name}", value=cost if as_wanted else None, unit="ms of CPU",
                        target=None if door.aside else TARGET_MS, note=note or None)
                )  # fmt: skip
                taken = as_wanted and set(seen) <= {200, 201} and not door.aside
                if cost and taken and (self._dearest is None or cost > self._dearest[0]):
                    self._dearest = (cost, door)

    def w1(self, pairs: int, seconds: float) -> None:
        """1,000 screens alone, and while the dearest answer takes 0.3 of a core, by turns."""
        cost, door = self._most()
        rate = SHARE / (cost / 1_000)
        ratios, alone, beside = [], [], []
        statuses: set[int] = set()
        centre, screens = new_centre(), county.mixed_screens(W1_SCREENS)
        with self._gateway() as server:
            for number in range(pairs):
                quiet = measure_w1(server, centre, screens, seconds)["p99_ms"]
                with Steadily(server.port, rate, door.make) as load:
                    loud = measure_w1(server, centre, screens, seconds)["p99_ms"]
                statuses |= set(load.statuses)
                say(f"pair {number + 1}: alone {quiet:.1f} ms, beside {loud:.1f} ms, {dict(load.statuses)}")
                alone.append(quiet)
                beside.append(loud)
                ratios.append(loud / quiet)
        taken = statuses <= {200, 201}
        self.rows += [
            Row(name="W1 beside the dearest open door, p99, times W1 alone, median", unit="ratio",
                value=statistics.median(ratios) if taken else None, target=RATIO_TARGET,
                note=f"{door.name}, {rate:.1f}/s, {SHARE} core alone; {pairs} pairs: "
                + ", ".join(f"{ratio:.2f}" for ratio in ratios) + ("" if taken else f"; answered {sorted(statuses)}")),
            Row(name="W1 beside the dearest open door, p99", value=statistics.median(beside), unit="ms",
                peer=statistics.median(alone), peer_name="W1 alone"),
        ]  # fmt: skip

    def flood(self) -> None:
        """The same from one address: refused, and what each refusal costs."""
        _, door = self._most()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM settings_setting WHERE name = ANY(%s)", [list(LIMITS)])
        with self._gateway() as server:
            line, address = Line(server.port), "198.51.100.7"
            seen: list[int] = []

            def ask() -> None:
                seen.append(line.ask(door.make(), address)[0])

            for _ in range(200):
                ask()
                if seen[-1] == 429:
                    break
            seen.clear()
            cost = self._cost_ms(server, ask, FLOOD)
        refused = set(seen) == {429}
        self.rows.append(
            Row(name="a flood from one address, each refusal", value=cost if refused else None, unit="ms of CPU",
                target=FLOOD_TARGET_MS, note=f"{door.name}, {FLOOD:,} of them" + ("" if refused else f"; {set(seen)}"))
        )  # fmt: skip

    def _most(self) -> tuple[float, Door]:
        if self._dearest is None:
            self.routes()
        assert self._dearest is not None, "no door was measured"
        return self._dearest


LIMITS: Final = ("resident_reports_per_hour", "resident_reports_per_grid_hour")


def measure(env: Mapping[str, str], only: Sequence[str], pairs: int, seconds: float) -> list[Row]:
    """The parts that are wanted, in order."""
    raise_file_limit()
    with TemporaryDirectory(prefix="relay60-doors-") as folder:
        run = OpenDoors(env, Path(folder))
        parts: dict[str, Callable[[], Any]] = {
            "routes": run.routes,
            "w1": lambda: run.w1(pairs, seconds),
            "flood": run.flood,
        }
        for name in PARTS:
            if name in only:
                parts[name]()
        return run.rows


def main() -> None:
    """Measures and writes the rows."""
    line = argparse.ArgumentParser()
    line.add_argument("out", type=Path)
    line.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    line.add_argument("--pairs", type=int, default=5)
    line.add_argument("--seconds", type=float, default=20.0)
    asked = line.parse_args()
    rows = measure(os.environ, asked.only, asked.pairs, asked.seconds)
    asked.out.write_text(json.dumps([asdict(row) for row in rows]))


if __name__ == "__main__":
    main()
