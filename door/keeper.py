"""Keeps everything running: gateway, timer, worker, and our own PostgreSQL and Redis. Stops the first three when asked.

Run as `python -m door.keeper` by `./relay up`, in a session of its own; SIGTERM stops it with all that it started. What
ended is started again, and so is what hangs. A watchman (`python -m door.keeper watchman`) starts the keeper again, and
the keeper the watchman: a machine without an init has nobody else. A keeper that comes back takes over what still runs.
"""

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

from door.cluster import Cluster
from door.layout import Layout, layout_of
from door.processes import alive, gone, read_pid
from door.progress import Failure
from door.redis_server import Redis

LOOK_EVERY_S: Final = 0.5
STEADY_S: Final = 60  # after so long a run, the next end counts as the first again
LONGEST_PAUSE_S: Final = 30
DRAIN_WITHIN_S: Final = 15
HUNG_AFTER_S: Final = 30.0  # without a sign of life, while we had turns ourselves
LOG_MAX_BYTES: Final = 50_000_000
WATCHMAN: Final = "watchman"
KEEPER: Final = "keeper"
SERVICES: Final = ("redis", "postgres")
OURS: Final = "RELAY_KEPT_SERVICES"  # of which the keeper is told: it is given their addresses like anybody else
NAMES: Final = ("gateway", "timer", "worker")


def commands(layout: Layout) -> dict[str, list[str]]:
    """What runs under which name. Port and address are those of the environment."""
    python = str(layout.python)
    where = ["--port", os.environ["RELAY_PORT"], "--bind", os.environ.get("RELAY_BIND", "127.0.0.1")]
    return {
        "gateway": [python, "-m", "server.serve", *where],
        "timer": [python, "-m", "django", "timer"],
        "worker": [python, "-m", "django", "worker"],
        WATCHMAN: [sys.executable, "-m", "door.keeper", WATCHMAN],
        KEEPER: [sys.executable, "-m", "door.keeper"],
    }


def word_of(name: str) -> str:
    """What a process of ours has in its command line."""
    return {"gateway": "server.serve", KEEPER: "door.keeper"}.get(name, name)


@dataclass(slots=True)
class Pauses:
    """How long to wait before the next start: longer after each end, from the beginning after a steady run."""

    began: float = 0.0
    not_before: float = 0.0
    ends: int = 0

    def ended(self, now: float) -> float:
        """Counts an end. Seconds until the next start."""
        self.ends = 1 if now - self.began > STEADY_S else self.ends + 1
        pause = pause_s(self.ends)
        self.not_before = now + pause
        return pause


@dataclass(slots=True)
class Sign:
    """A process's sign of life: a file that it touches every second (realtime/feed/sign_of_life.py).

    Judged by how often we looked and saw the same, not by the clock: after a machine slept, all files are old.
    """

    file: Path
    _seen: float = 0.0
    _looks: int = 0

    def stands(self) -> bool:
        """Whether it has not moved for `HUNG_AFTER_S` of looks. A process that never came is not hung."""
        try:
            at = self.file.stat().st_mtime
        except OSError:
            return False
        self._looks = self._looks + 1 if at == self._seen else 0
        self._seen = at
        return self._looks * LOOK_EVERY_S >= HUNG_AFTER_S

    def forget(self) -> None:
        """Of the process before."""
        self.file.unlink(missing_ok=True)
        self._looks = 0


class Keepable(Protocol):
    """Something that is kept."""

    def look(self) -> None: ...


@dataclass(slots=True)
class Kept:
    """One process that is kept running, whoever started it."""

    name: str
    command: list[str]
    layout: Layout
    child: subprocess.Popen[bytes] | None = None
    pauses: Pauses = field(default_factory=Pauses)
    sign: Sign = field(init=False)
    _pid: int | None = None

    def __post_init__(self) -> None:
        self.sign = Sign(beat_of(self.layout, self.name))

    @property
    def pid(self) -> int | None:
        """Its process, while it runs."""
        return self.child.pid if self.child is not None else self._pid

    def look(self) -> None:
        """Start it when it isn't running, its pause is over and nobody holds it; end it when it hangs or is held."""
        now = time.monotonic()
        held = hold_of(self.layout, self.name).exists()
        if self.pid is None and alive(pid := read_pid(pid_of(self.layout, self.name)), word_of(self.name)):
            self._pid = pid  # the keeper before started it
            say(f"{self.name} runs on as {pid}")
        if held and self.pid is not None:
            signalled(self.pid, signal.SIGTERM)
        if not held and self.pid is not None and self.sign.stands():
            say(f"{self.name} gives no sign of life and is killed")
            signalled(self.pid, signal.SIGKILL)
            if self.child is not None:
                self.child.wait()
        if self._ended():
            pause = self.pauses.ended(now)
            how = self.child.returncode if self.child is not None else "nobody knows what"
            say(f"{self.name} ended with {how}; {'held' if held else f'again in {pause:.0f} s'}")
            self.child = self._pid = None
        if self.pid is None and now >= self.pauses.not_before and not held:
            self.start(now)

    def _ended(self) -> bool:
        if self.child is not None:
            return self.child.poll() is not None
        return self._pid is not None and (gone(self._pid) or not alive(self._pid, word_of(self.name)))

    def start(self, now: float) -> None:
        """Start it with its log and its pidfile."""
        self.sign.forget()
        log = self.layout.log / f"{self.name}.log"
        rotate(log)
        with log.open("ab") as sink:
            self.child = subprocess.Popen(
                self.command,
                cwd=self.layout.root,
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
                start_new_session=self.name in (KEEPER, WATCHMAN),  # what ends our group must not end it
            )
        self.pauses.began = now
        if self.name not in (KEEPER, WATCHMAN):  # those say it themselves, once they know that they are the only one
            pid_of(self.layout, self.name).write_text(str(self.child.pid))
        say(f"{self.name} started as {self.child.pid}")

    def ask_to_end(self) -> None:
        """Ask it to end; one that was stopped where it stands hears that only when it goes on."""
        if self.pid is not None:
            signalled(self.pid, signal.SIGCONT)
            signalled(self.pid, signal.SIGTERM)

    def stop(self, until: float) -> None:
        """Wait for its end until then, and kill it after."""
        while self.pid is not None and not self._ended() and time.monotonic() < until:
            time.sleep(0.05)
        if self.pid is not None and not self._ended():
            signalled(self.pid, signal.SIGKILL)
        if self.child is not None:
            self.child.wait()
        pid_of(self.layout, self.name).unlink(missing_ok=True)


@dataclass(slots=True)
class Service:
    """Our own PostgreSQL or Redis: started again when it is gone. Its end it owes to `down`, not to us.

    A start may take a minute, when PostgreSQL recovers: it has a thread of its own, and nobody else waits.
    """

    name: str
    layout: Layout
    runs: Callable[[], bool]
    start: Callable[[], None]
    pauses: Pauses = field(default_factory=Pauses)
    _starting: threading.Thread | None = None

    def look(self) -> None:
        """Start it when it isn't running, its pause is over and nobody holds it."""
        now = time.monotonic()
        if self._starting is not None and self._starting.is_alive():
            return
        if self.runs() or hold_of(self.layout, self.name).exists() or now < self.pauses.not_before:
            return
        pause = self.pauses.ended(now)
        self.pauses.began = now
        say(f"{self.name} is gone and started again; if that fails, once more in {pause:.0f} s")
        self._starting = threading.Thread(target=self._start, daemon=True)
        self._starting.start()

    def _start(self) -> None:
        try:
            self.start()
            say(f"{self.name} started")
        except (Failure, OSError) as failure:
            say(f"{self.name} did not start: {failure}")


def services(layout: Layout) -> list[Service]:
    """Those of the services that are ours."""
    found = []
    ours = os.environ.get(OURS, "").split()
    if "redis" in ours:
        redis = Redis(layout)
        found.append(Service("redis", layout, redis.running, redis.start))
    if "postgres" in ours:
        cluster = Cluster(layout)
        found.append(Service("postgres", layout, cluster.lives, cluster.start))
    return found


def pid_of(layout: Layout, name: str) -> Path:
    """The file with a process's number."""
    return layout.pids / f"{name}.pid"


def beat_of(layout: Layout, name: str) -> Path:
    """The file that a process touches as long as it has turns."""
    return layout.pids / f"{name}.beat"


def hold_of(layout: Layout, name: str) -> Path:
    """The file that keeps one process or service stopped while the others run (`./relay stop NAME`)."""
    return layout.pids / f"{name}.held"


def stopping(layout: Layout) -> Path:
    """There while everything is being stopped: nobody starts anybody then."""
    return layout.pids / "stopping"


def signalled(pid: int, number: int) -> None:
    """Send a signal to a process that may be gone."""
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def pause_s(ends: int) -> float:
    """Seconds before the next start after so many ends in a row: 0, 1, 2, 4 … 30."""
    return 0.0 if ends <= 1 else float(min(2 ** (ends - 2), LONGEST_PAUSE_S))


def rotate(log: Path) -> None:
    """Put a log that has grown large aside; the one put aside before is dropped."""
    if log.exists() and log.stat().st_size > LOG_MAX_BYTES:
        log.replace(log.with_suffix(".log.1"))


def say(text: str) -> None:
    """One line with its time, into the keeper's log."""
    print(f"{time.strftime('%Y-%m-%dT%H:%M:%S%z')} {text}", flush=True)


def alone(layout: Layout, name: str) -> bool:
    """Whether no other of that name is at work; if so, this process is the one from now on, and says which it is."""
    global _LOCK
    _LOCK = os.open(layout.pids / f"{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)  # not passed on to what it starts
    try:
        fcntl.flock(_LOCK, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    pid_of(layout, name).write_text(str(os.getpid()))
    return True


_LOCK = -1  # held to the end of the process


def rounds(layout: Layout, name: str, look: Callable[[], None]) -> None:
    """Look again and again until SIGTERM or SIGINT, with a sign of life each time."""
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: asked.append(received))
    while not asked:
        beat_of(layout, name).touch()
        if not stopping(layout).exists():
            look()
        time.sleep(LOOK_EVERY_S)


def keep(layout: Layout) -> int:
    """Keep everything running until told to stop."""
    if not alone(layout, KEEPER):
        return 0
    processes = [Kept(name, command, layout) for name, command in commands(layout).items() if name != KEEPER]
    kept: list[Keepable] = [*services(layout), *processes]

    def look() -> None:
        for one in kept:
            one.look()

    rounds(layout, KEEPER, look)
    say("stopping")
    processes.sort(key=lambda one: one.name != WATCHMAN)  # it first: else it would start us again
    for one in processes:
        one.ask_to_end()
    until = time.monotonic() + DRAIN_WITHIN_S
    for one in processes:
        one.stop(until)
    return 0


def watch(layout: Layout) -> int:
    """Start the keeper again when it is gone or hangs, until told to stop."""
    if not alone(layout, WATCHMAN):
        return 0
    keeper = Kept(KEEPER, commands(layout)[KEEPER], layout)
    rounds(layout, WATCHMAN, keeper.look)
    return 0


def main() -> int:
    """Keep, or watch who keeps."""
    layout = layout_of()
    return watch(layout) if WATCHMAN in sys.argv[1:] else keep(layout)


if __name__ == "__main__":
    sys.exit(main())
