"""Keeps gateway, timer and worker running: starts them, starts again what ended, stops all of them when asked.

Run as `python -m door.keeper` by `./relay up`, in a session of its own; SIGTERM stops it with all that it started.
"""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from door.layout import Layout, layout_of

LOOK_EVERY_S: Final = 0.5
STEADY_S: Final = 60  # after so long a run, the next end counts as the first again
LONGEST_PAUSE_S: Final = 30
DRAIN_WITHIN_S: Final = 15
LOG_MAX_BYTES: Final = 50_000_000


def commands(layout: Layout) -> dict[str, list[str]]:
    """What runs under which name. Port and address are those of the environment."""
    python = str(layout.python)
    serve = [
        "-m",
        "server.serve",
        "--port",
        os.environ["RELAY_PORT"],
        "--bind",
        os.environ.get("RELAY_BIND", "127.0.0.1"),
    ]
    return {
        "gateway": [python, *serve],
        "timer": [python, "-m", "django", "timer"],
        "worker": [python, "-m", "django", "worker"],
    }


NAMES: Final = ("gateway", "timer", "worker")


@dataclass(slots=True)
class Kept:
    """One process that is kept running."""

    name: str
    command: list[str]
    layout: Layout
    child: subprocess.Popen[bytes] | None = None
    began: float = 0.0
    not_before: float = 0.0
    ends: int = 0

    def look(self) -> None:
        """Start it when it isn't running, its pause is over and nobody holds it; notice when it has ended."""
        now = time.monotonic()
        held = hold_of(self.layout, self.name).exists()
        if held and self.child is not None and self.child.poll() is None:
            self.child.terminate()
        if self.child is not None and self.child.poll() is not None:
            self.ends = 1 if now - self.began > STEADY_S else self.ends + 1
            self.not_before = now + pause_s(self.ends)
            then = "held" if held else f"again in {pause_s(self.ends):.0f} s"
            say(f"{self.name} ended with {self.child.returncode}; {then}")
            self.child = None
        if self.child is None and now >= self.not_before and not held:
            self.start(now)

    def start(self, now: float) -> None:
        """Start it with its log and its pidfile."""
        log = self.layout.log / f"{self.name}.log"
        rotate(log)
        with log.open("ab") as sink:
            self.child = subprocess.Popen(
                self.command, cwd=self.layout.root, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT
            )
        self.began = now
        (self.layout.pids / f"{self.name}.pid").write_text(str(self.child.pid))
        say(f"{self.name} started as {self.child.pid}")

    def stop(self, until: float) -> None:
        """Wait for its end until then, and kill it after."""
        if self.child is not None:
            try:
                self.child.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                self.child.kill()
                self.child.wait()
        (self.layout.pids / f"{self.name}.pid").unlink(missing_ok=True)


def hold_of(layout: Layout, name: str) -> Path:
    """The file that keeps one process stopped while the others run (`./relay stop NAME`)."""
    return layout.pids / f"{name}.held"


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


def main() -> int:
    """Keep everything running until SIGTERM or SIGINT."""
    layout = layout_of()
    kept = [Kept(name, command, layout) for name, command in commands(layout).items()]
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, frame: asked.append(received))
    while not asked:
        for one in kept:
            one.look()
        time.sleep(LOOK_EVERY_S)
    say("stopping")
    for one in kept:
        if one.child is not None:
            one.child.terminate()
    until = time.monotonic() + DRAIN_WITHIN_S
    for one in kept:
        one.stop(until)
    return 0


if __name__ == "__main__":
    sys.exit(main())
