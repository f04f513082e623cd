"""`python -m realtime.workshop.worker FD MEMORY_MIB`: does one job after the other until the gateway is gone.

It knows no database, no key and no address; it writes no file. What it may spend is bounded by the kernel.
"""

import importlib
import math
import os
import pickle
import resource
import signal
import socket
import sys
import traceback
from typing import Any, Final

from realtime.feed.errors import Refused
from realtime.workshop.messages import packed, received

NICE: Final = 10  # facts go first
_MIB: Final = 1024 * 1024


def outcome(asked: dict[str, Any], source: int | None) -> tuple[str, Any]:
    """What came of one job: ("done", value), ("refused", …), ("memory", None) or ("failed", its trace)."""
    try:
        job = getattr(importlib.import_module(asked["module"]), asked["name"])
        if source is None:
            return "done", job(*asked["args"])
        with os.fdopen(source, "rb") as file:
            return "done", job(file, *asked["args"])
    except Refused as error:
        said = {"field": error.field, "rule": error.rule, "remedy": error.remedy, "extra": dict(error.extra)}
        return "refused", (type(error), error.code, error.detail, said)
    except MemoryError:
        return "memory", None
    except Exception:
        return "failed", traceback.format_exc()


def bound(cpu_s: float) -> None:
    """So many seconds of CPU from now on; past them the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(used.ru_utime + used.ru_stime + cpu_s)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main() -> None:
    """Jobs until the end of the socket."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's: the gateway says when to end
    wire = socket.socket(fileno=int(sys.argv[1]))
    memory = int(sys.argv[2]) * _MIB
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICE)
    while True:
        try:
            _, files, _, _ = socket.recv_fds(wire, 1, 1)
            asked = pickle.loads(received(wire))  # noqa: S301  # the gateway's own words
        except (EOFError, OSError):
            return
        bound(asked["cpu_s"])
        answer = outcome(asked, files[0] if files else None)
        try:
            wire.sendall(packed(answer))
        except (OSError, MemoryError):
            return


if __name__ == "__main__":
    main()
