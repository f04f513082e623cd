"""Facts a second through the real feed: one at a time, in batches, over many centres. Writers are processes."""

import json
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

from bench.processes import ROOT
from bench.progress import say
from bench.report import Row

SECONDS: Final = 5.0
MANY_CENTRES: Final = 50


def measure_feed(env: Mapping[str, str]) -> list[Row]:
    """Four figures, each over `SECONDS`; nothing is promised but what docs/architecture.md quotes."""
    plans = [
        ("feed, one centre, one fact a transaction, 1 writer", 1, 1, 1),
        ("feed, one centre, one fact a transaction, 4 writers", 4, 1, 1),
        ("feed, one centre, batches of 100, 1 writer", 1, 1, 100),
        (f"feed, {MANY_CENTRES} centres, one fact a transaction, 4 writers", 4, MANY_CENTRES, 1),
    ]
    return [Row(name=name, value=_facts_a_second(env, *plan), unit="facts/s") for name, *plan in plans]


def _facts_a_second(env: Mapping[str, str], writers: int, centres: int, batch: int) -> float:
    say(f"feed: {writers} writers, {centres} centres, batches of {batch}")
    order = json.dumps({"centres": centres, "batch": batch, "seconds": SECONDS, "writers": writers})
    done = subprocess.run(
        [sys.executable, "-m", "bench.writers", order],
        cwd=ROOT,
        env=dict(env),
        check=True,
        stdout=subprocess.PIPE,
        timeout=SECONDS + 60,
    )
    return float(json.loads(done.stdout)["facts_a_second"])
