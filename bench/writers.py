"""Writers of facts: forks that each record for some seconds, then say how many they committed.

Runs as `python -m bench.writers ORDER`; ORDER is JSON {centres, batch, seconds, writers}.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from uuid import UUID

import django
from django.db import connections

django.setup()

from bench.county import CELLS  # noqa: E402  # the feed's models need Django's set-up
from bench.facts import happen, new_centre  # noqa: E402


def write(number: int, centres: Sequence[UUID], batch: int, begin_at: float, seconds: float) -> int:
    """Records from `begin_at` (monotonic) for `seconds`; the number of facts committed."""
    facts, turn = 0, number
    happen(centres[number % len(centres)], CELLS[:1])  # connect before the clock runs
    while time.monotonic() < begin_at:
        time.sleep(0.001)
    while time.monotonic() < begin_at + seconds:
        happen(centres[turn % len(centres)], [CELLS[(turn + i) % len(CELLS)] for i in range(batch)])
        facts += batch
        turn += 1
    return facts


def main(order: str) -> None:
    """Forks, waits, prints {facts_a_second}."""
    plan = json.loads(order)
    centres = [new_centre() for _ in range(plan["centres"])]
    connections["default"].close_pool()  # a fork must not share a socket
    begin_at = time.monotonic() + 1.0
    with multiprocessing.get_context("fork").Pool(plan["writers"]) as pool:
        jobs = [(number, centres, plan["batch"], begin_at, plan["seconds"]) for number in range(plan["writers"])]
        facts = sum(pool.starmap(write, jobs, chunksize=1))
    print(json.dumps({"facts_a_second": facts / plan["seconds"]}))


if __name__ == "__main__":
    main(sys.argv[1])
