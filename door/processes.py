"""Processes by pidfile: is it alive, is it ours, stop it, wait for it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from door.progress import Failure

LOOK_EVERY_S = 0.1
PF_EXITING = 0x4  # of the kernel's flags of a process, include/linux/sched.h


def read_pid(file: Path) -> int | None:
    """The process number in a pidfile, or None when there is no such file or no number in it."""
    try:
        return int(file.read_text())
    except (FileNotFoundError, ValueError):
        return None


def read_pid_line(file: Path) -> int | None:
    """The process number in the first line of a file that says more, as PostgreSQL's does; None without."""
    try:
        return int(file.read_text().partition("\n")[0])
    except (OSError, ValueError):
        return None


def alive(pid: int | None, word: str) -> bool:
    """Whether the process runs and has `word` in its command line: a number may since belong to another process.

    One that is just ending has no command line any more, but its ports and files: it is alive until it has closed them.
    """
    if pid is None:
        return False
    try:
        line = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False
    return word.encode() in line if line else _ending(pid)


def _ending(pid: int) -> bool:
    state = _state(pid)
    return state is not None and not gone(pid) and bool(int(state[6]) & PF_EXITING)


def _state(pid: int) -> list[str] | None:
    """What /proc/PID/stat says after the name; None when it is gone.

    By proc(5): at 0 its third field, the state; at 6 the ninth, the flags; at 17 the twentieth, how many threads.
    """
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None


def stop_process(pid: int | None, *, within_s: float) -> None:
    """Ask a process to end; kill it when it hasn't after `within_s`. A process that is gone is no error."""
    if pid is None:
        return
    try:
        os.kill(pid, signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)  # one that was stopped where it stands hears it only when it goes on
        if not happens(lambda: gone(pid), within_s=within_s):
            os.kill(pid, signal.SIGKILL)
            happens(lambda: gone(pid), within_s=5)
    except ProcessLookupError:
        pass


def gone(pid: int) -> bool:
    """Whether the process has ended with all its threads (a zombie counts as ended)."""
    state = _state(pid)
    return state is None or (state[0] == "Z" and int(state[17]) <= 1)


def happens(condition: Callable[[], bool], *, within_s: float) -> bool:
    """Whether the condition becomes true within so many seconds; looks ten times a second."""
    until = time.monotonic() + within_s
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(LOOK_EVERY_S)
    return True


def wait_for(condition: Callable[[], bool], *, within_s: float, what: str, log: Path) -> None:
    """Wait for a condition. Raises Failure with the end of `log` when it doesn't come true in time."""
    if not happens(condition, within_s=within_s):
        raise Failure(f"{what} (waited {within_s:.0f} s)", remedy="read the log, then run the same again", log=log)
