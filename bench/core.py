"""`bench core`: the promises of the feed, the hub and the commands, measured in one run beside their peers.

Runs as `python -m bench.core OUT [--only PART …]` in the environment of a fresh database (bench/__main__.py makes it)
and writes its rows to the file OUT as JSON.
"""

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import django

django.setup()

from bench import county  # noqa: E402  # what follows imports models, which need Django's set-up
from bench.commands import command_rows, measure_commands  # noqa: E402
from bench.facts import new_centre, sample_frame  # noqa: E402
from bench.feed import measure_feed  # noqa: E402
from bench.files import raise_file_limit  # noqa: E402
from bench.generator import Generator  # noqa: E402
from bench.live import Crowd, measure_w1, measure_w2  # noqa: E402
from bench.processes import ROOT, Server, free_port  # noqa: E402
from bench.progress import say  # noqa: E402
from bench.report import Row  # noqa: E402
from bench.stock import StockFigures, measure_stock  # noqa: E402
from bench.storm import Storm, measure_w4  # noqa: E402

CROWD: Final = 10_000
W1_SCREENS: Final = 1_000
W1_SECONDS: Final = 20.0
ALL_SEE_ALL_SECONDS: Final = 10.0
PARTS: Final = ("feed", "commands", "w1", "crowd", "stock")


class Core:
    """One run: its environment, its servers' logs, the rows so far."""

    def __init__(self, env: Mapping[str, str], logs: Path) -> None:
        self.env, self.logs = env, logs
        self.rows: list[Row] = []

    def gateway(self, env: Mapping[str, str] | None = None, port: int | None = None) -> Server:
        """The product's own server, as ./relay up starts it."""
        port = port or free_port()
        arguments = ["server.serve", "--port", str(port), "--bind", "127.0.0.1"]
        return Server("gateway", arguments, port, self.logs / "gateway.log", env or self.env)

    def uvicorn(self) -> Server:
        """The same application, hub included, under uvicorn."""
        port = free_port()
        arguments = ["uvicorn", "server.asgi:application", "--host", "127.0.0.1", "--port", str(port)]
        arguments += ["--backlog", "4096", "--no-access-log", "--log-level", "warning", "--lifespan", "off"]
        return Server("uvicorn", arguments, port, self.logs / "uvicorn.log", self.env)

    def feed(self) -> None:
        """Facts a second of the feed."""
        self.rows += measure_feed(self.env)

    def commands(self) -> None:
        """The desk's verbs over HTTP, in the demonstration district."""
        say("commands: seeding the demonstration district")
        sim = {"RELAY_DATABASE_URL": self.env.get("RELAY_DATABASE_SIM_URL", self.env["RELAY_DATABASE_URL"])}
        line = [sys.executable, "-m", "django", "seed_demo", "--plan", "township"]
        subprocess.run(line, cwd=ROOT, env={**self.env, **sim}, stdout=sys.stderr, check=True)
        server = self.gateway()
        try:
            say("commands: report, accept, dispatch, acknowledge")
            before = server.cpu_s()
            taken = measure_commands(server.port)
            cpu_ms = (server.cpu_s() - before) * 1_000 / sum(map(len, taken.values()))
        finally:
            server.stop()
        also = f"; a command costs the gateway {cpu_ms:.0f} ms of CPU"
        self.rows += command_rows(taken, "in a district just seeded", also=also)

    def w1(self) -> None:
        """1,000 screens of a district at 50 facts a second, and the same where all see all."""
        server, centre = self.gateway(), new_centre()
        try:
            mixed = measure_w1(server, centre, county.mixed_screens(W1_SCREENS), W1_SECONDS)
            everyone = measure_w1(server, centre, county.district_screens(W1_SCREENS), ALL_SEE_ALL_SECONDS)
        finally:
            server.stop()
        name = f"W1, {W1_SCREENS:,} screens, 50 facts/s"
        each = mixed["expected"] / mixed["seconds"]
        self.rows += [
            Row(name=f"{name}, p99 to the socket", value=mixed["p99_ms"], unit="ms", target=100,
                note=f"{each:,.0f} deliveries/s took {mixed['cores']:.2f} cores of the gateway"),
            Row(name=f"{name}, p50", value=mixed["p50_ms"], unit="ms"),
            Row(name=f"{name}, deliveries missing", value=mixed["expected"] - mixed["count"], unit="facts", target=0),
            Row(name=f"{name}, all see all, p99", value=everyone["p99_ms"], unit="ms",
                note=f"{everyone['expected'] / everyone['seconds']:,.0f} deliveries/s wanted, "
                f"{everyone['cores']:.2f} cores, p50 {everyone['p50_ms']:,.0f} ms, "
                f"{everyone['expected'] - everyone['count']:,} not there 10 s after the last fact"),
        ]  # fmt: skip

    def crowd(self) -> tuple[Crowd, Crowd]:
        """One fact to 10,000 sockets, the restart under them, and the same hub under uvicorn."""
        centre = new_centre()
        server = self.gateway()
        try:
            with Generator() as screens:
                ours = measure_w2(server, centre, screens, CROWD)
                storm, server = measure_w4(server, screens, centre, self.env, self.gateway)
        finally:
            server.stop()
        peer = self.uvicorn()
        try:
            with Generator() as screens:
                theirs = measure_w2(peer, centre, screens, CROWD)
        finally:
            peer.stop()
        self.rows += crowd_rows(ours, theirs) + storm_rows(storm)
        return ours, theirs

    def stock(self, ours: Crowd | None) -> None:
        """Channels' `group_send`, on both Redis layers."""
        for kind, words in (("core", "channels_redis core layer"), ("pubsub", "channels_redis pub/sub layer")):
            figures = measure_stock(kind, self.env, sample_frame(), self.logs)
            self.rows += stock_rows(figures, ours, words)


def crowd_rows(ours: Crowd, theirs: Crowd) -> list[Row]:
    """W2 and its CPU, beside uvicorn."""
    name, peer = f"W2, one fact to {CROWD:,} sockets", "uvicorn, same hub"
    return [
        Row(name=f"{name}, p50", value=ours.p50_ms, unit="ms", target=100, peer=theirs.p50_ms, peer_name=peer),
        Row(name=f"{name}, p99", value=ours.p99_ms, unit="ms", target=250, peer=theirs.p99_ms, peer_name=peer),
        Row(name=f"{name}, deliveries missing", value=ours.expected - ours.received, unit="facts", target=0,
            peer=theirs.expected - theirs.received, peer_name=peer),
        Row(name="CPU per delivered fact, at most uvicorn's", value=ours.cpu_us_per_delivery, unit="us",
            target=theirs.cpu_us_per_delivery, peer=theirs.cpu_us_per_delivery, peer_name=peer),
        Row(name="CPU per fact delivered, and answered as drawn", value=ours.cpu_us_answered, unit="us",
            peer=theirs.cpu_us_answered, peer_name=peer),
        Row(name=f"{CROWD:,} idle screens, beats and answers", value=ours.idle_cores, unit="cores",
            peer=theirs.idle_cores, peer_name=peer),
        Row(name=f"memory with {CROWD:,} screens", value=ours.resident_mib, unit="MiB",
            peer=theirs.resident_mib, peer_name=peer),
    ]  # fmt: skip


def storm_rows(storm: Storm) -> list[Row]:
    """W4."""
    name = f"W4, {CROWD:,} reconnect after a restart"
    return [
        Row(name=f"{name}, first dropped to all live", value=storm.out_s if storm.live == CROWD else None, unit="s",
            target=20, note=f"{storm.after_listening_s:.1f} s after the new process answered; authentication included; "
            f"{storm.facts} facts happened meanwhile; {storm.resets} screens had to start over"),
        Row(name=f"{name}, queries per 100 screens", value=storm.statements_per_100(), unit="queries", target=0.99,
            note=f"{storm.statements} statements of the gateway from its start until all were live, less "
            f"{storm.looks} looks at the heads, which it takes with no screen as well"),
        Row(name=f"{name}, screens not back", value=CROWD - storm.live, unit="screens", target=0),
    ]  # fmt: skip


def stock_rows(figures: StockFigures, ours: Crowd | None, layer: str) -> list[Row]:
    """CPU and latency of `group_send`; the target is an eighth of its CPU."""
    name = f"stock group_send, {layer}"
    spent = ours.cpu_us_per_delivery if ours else None
    lost = f"{figures.expected - figures.delivered} of {figures.expected:,} messages lost"
    return [
        Row(name="CPU per delivered fact, at most 1/8 of stock", value=spent, unit="us",
            target=figures.cpu_us_per_delivery / 8, peer=figures.cpu_us_per_delivery, peer_name=name,
            note=f"against the {layer}: its server's process alone, Redis not counted"),
        Row(name=f"{name}, one fact to 1,000 sockets, p99", value=figures.p99_ms, unit="ms",
            note=f"p50 {figures.p50_ms:,.0f} ms; {lost}"),
    ]  # fmt: skip


def main(out: Path, parts: tuple[str, ...]) -> None:
    """Measures the parts, writes the rows even when a later part fails."""
    raise_file_limit()
    with TemporaryDirectory(prefix="relay60-bench-") as folder:
        core = Core(dict(os.environ), Path(os.environ.get("RELAY_BENCH_LOGS", folder)))
        ours: Crowd | None = None

        def crowd() -> None:
            nonlocal ours
            ours, _ = core.crowd()

        steps: dict[str, Callable[[], Any]] = {
            "w1": core.w1,
            "crowd": crowd,
            "stock": lambda: core.stock(ours),
            "commands": core.commands,
            "feed": core.feed,
        }
        try:
            for part, step in steps.items():
                if part in parts:
                    step()
        finally:
            out.write_text(json.dumps([asdict(row) for row in core.rows]))


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(prog="python -m bench.core")
    arguments.add_argument("out", type=Path)
    arguments.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    options = arguments.parse_args()
    main(options.out, tuple(options.only))
