"""Processes by pidfile: is it alive, is it ours, stop it, wait for it."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from door.progress import Failure

LOOK_EVERY_S = 0.1


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
    """Whether the process runs and has `word` in its command line: a number may since belong to another process."""
    if pid is None:
        return False
    try:
        return word.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


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
    """Whether the process has ended (a zombie counts as ended)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


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
