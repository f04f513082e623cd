"""Writers of facts: processes that each record for some seconds, then say how many they committed.

Runs as `python -m bench.writers ORDER`; ORDER is JSON {centres, batch, seconds, writers}.
"""

import json
import multiprocessing
import sys
import time
from collections.abc import Sequence
from multiprocessing.queues import SimpleQueue
from multiprocessing.synchronize import Barrier
from typing import Final
from uuid import UUID

import django

django.setup()

from bench.county import CELLS  # noqa: E402  # the feed's models need Django's set-up
from bench.facts import happen, new_centre  # noqa: E402

START_WITHIN_S: Final = 60.0


def write(
    number: int, centres: Sequence[UUID], batch: int, seconds: float, ready: Barrier, done: "SimpleQueue[float]"
) -> None:
    """Waits until every writer is connected, records for `seconds`, puts its facts a second."""
    facts, turn = 0, number
    happen(centres[number % len(centres)], CELLS[:1])  # connect before the clock runs
    ready.wait(START_WITHIN_S)
    began = time.monotonic()
    while time.monotonic() < began + seconds:
        happen(centres[turn % len(centres)], [CELLS[(turn + i) % len(CELLS)] for i in range(batch)])
        facts += batch
        turn += 1
    done.put(facts / (time.monotonic() - began))


def main(order: str) -> None:
    """Starts them, waits, prints {facts_a_second}."""
    plan = json.loads(order)
    centres = [new_centre() for _ in range(plan["centres"])]
    processes = multiprocessing.get_context("spawn")  # a fork would share the pool's sockets
    ready, done = processes.Barrier(plan["writers"]), processes.SimpleQueue()
    writers = [
        processes.Process(
            target=write, args=(number, centres, plan["batch"], plan["seconds"], ready, done), daemon=True
        )
        for number in range(plan["writers"])
    ]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    if any(writer.exitcode for writer in writers):
        raise SystemExit("a writer failed: see above")
    print(json.dumps({"facts_a_second": sum(done.get() for _ in writers)}))


if __name__ == "__main__":
    main(sys.argv[1])
