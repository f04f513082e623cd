"""Measures stock `group_send` under Daphne: the latency to each socket and the server's CPU per delivered fact."""

import asyncio
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import redis

from bench.generator import Generator
from bench.peers.layers import GROUP, Layer, prefix_of, sending_layer
from bench.processes import Server, free_port
from bench.progress import say

SCREENS: Final = 1_000
FACTS: Final = 6
PACE_S: Final = 6.0  # one fact takes up to 5 s: the next must find idle consumers, or it measures a queue


@dataclass(frozen=True, slots=True)
class StockFigures:
    """What one layer did."""

    p50_ms: float
    p99_ms: float
    cpu_us_per_delivery: float
    delivered: int
    expected: int


def measure_stock(kind: str, env: Mapping[str, str], frame: Mapping[str, object], logs: Path) -> StockFigures:
    """`FACTS` facts, one at a time, to `SCREENS` sockets.

    kind    `core` or `pubsub`
    frame   the hub's frame of a fact, as the text each screen is sent; its card's `stamp` is set here
    """
    port = free_port()
    endpoint = f"tcp:port={port}:interface=127.0.0.1:backlog=4096"
    arguments = ["daphne", "-e", endpoint, "--verbosity", "0", "bench.peers.stock:application"]
    say(f"stock group_send, {kind} layer: {SCREENS:,} sockets")
    server = Server(
        f"daphne-stock-{kind}", arguments, port, logs / f"stock-{kind}.log", dict(env) | {"BENCH_LAYER": kind}
    )
    try:
        with Generator() as screens:
            screens.open(port, "/live", count=SCREENS, within_s=2.0)
            before = server.cpu_s()
            screens.mark()
            asyncio.run(_send_all(sending_layer(kind, env["RELAY_REDIS_URL"]), frame))
            said = screens.await_facts(SCREENS * FACTS, deadline_s=20)
            spent = server.cpu_s() - before
    finally:
        server.stop()
        _forget(kind, env["RELAY_REDIS_URL"])
    return StockFigures(
        p50_ms=said["p50_ms"],
        p99_ms=said["p99_ms"],
        cpu_us_per_delivery=spent / said["count"] * 1e6,
        delivered=said["count"],
        expected=SCREENS * FACTS,
    )


async def _send_all(layer: Layer, frame: Mapping[str, object]) -> None:
    for _ in range(FACTS):
        text = json.dumps(stamped(frame, time.monotonic_ns() // 1_000), separators=(",", ":"))
        await layer.group_send(GROUP, {"type": "fact", "text": text})
        await asyncio.sleep(PACE_S)


def stamped(frame: Mapping[str, object], stamp_us: int) -> dict[str, object]:
    """The same frame, made now. Raises KeyError for a frame that is not a fact's."""
    fact = frame["fact"]
    if not isinstance(fact, Mapping):
        raise KeyError("fact")
    return dict(frame) | {"fact": dict(fact) | {"card": dict(fact["card"]) | {"stamp": stamp_us}}}


def _forget(kind: str, redis_url: str) -> None:
    """Removes what the layer left in Redis."""
    with redis.Redis.from_url(redis_url) as client:
        for key in client.scan_iter(f"{prefix_of(kind)}*", count=1_000):
            client.delete(key)
