"""CPU seconds of all processes that work for an answer: the gateway with its workers, PostgreSQL, Redis."""

import os
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Final

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")


def cpu_s(roots: Iterable[int]) -> float:
    """User and system time so far of some processes, of all below them, and of those that these have buried."""
    children: dict[int, list[int]] = defaultdict(list)
    used: dict[int, float] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        pid = int(folder.name)
        children[int(fields[1])].append(pid)
        used[pid] = sum(map(int, fields[11:15])) / TICKS_PER_S
    total, wanted = 0.0, list(roots)
    while wanted:
        pid = wanted.pop()
        total += used.get(pid, 0.0)
        wanted += children[pid]
    return total


def parent_of(pid: int) -> int:
    """The process that started another: of a backend, PostgreSQL's first."""
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def spent_ns(pid: int) -> int:
    """CPU of one process so far, its threads that have ended too, to the nanosecond. Raises OSError: it is gone."""
    return time.clock_gettime_ns((~pid << 3) | 2)  # the clock's id as Linux makes it of a process
