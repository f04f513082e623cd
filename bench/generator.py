"""The driver's hand on the load generator (`bench/screens.py`), which is a process of its own."""

import json
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bench.processes import ROOT


class GeneratorFailed(Exception):
    """The load generator ended or went silent."""


@dataclass(frozen=True, slots=True)
class Seat:
    """What one screen opens with: its ticket and where it stands."""

    ticket: str
    epoch: int
    through: int
    hash: str  # the hash piece there, hex
    access_version: int

    def line(self) -> str:
        """One line of the generator's seat file."""
        return json.dumps(
            {
                "ticket": self.ticket,
                "position": [self.epoch, self.through, self.hash],
                "access_version": self.access_version,
            }
        )


class Generator:
    """Screens that one process holds. A context: its end closes them."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.screens"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        self._inbox = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None and self._process.stdin:
            self._process.stdin.close()
            try:
                self._process.wait(10)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def open(
        self,
        port: int,
        path: str,
        *,
        seats: Sequence[Seat] = (),
        count: int = 0,
        within_s: float,
        deadline_s: float = 120,
    ) -> dict[str, Any]:
        """Opens one screen per seat, spread over `within_s`; or `count` bare sockets that say no hello.

        Answers when all are live. Raises GeneratorFailed, with what the screens were told, when they are not in time.
        """
        with tempfile.NamedTemporaryFile("w", suffix=".seats") as file:
            file.write("\n".join(seat.line() for seat in seats))
            file.flush()
            wanted = len(seats) or count
            said = self._ask(
                {
                    "do": "open",
                    "port": port,
                    "path": path,
                    "screens": file.name if seats else None,
                    "count": wanted,
                    "within_s": within_s,
                    "deadline_s": deadline_s,
                }
            )
        if said["live"] != wanted:
            raise GeneratorFailed(
                f"{said['live']} of {wanted} screens are live; resets {said['resets']}, failures {said['failures']}"
            )
        return said

    def answer_facts(self, *, on: bool) -> None:
        """Whether screens say, half a second after a fact, that they have drawn it, as real ones do."""
        self._ask({"do": "answer", "facts": on, "deadline_s": 0})

    def mark(self) -> None:
        """Forgets the samples so far."""
        self._ask({"do": "mark", "deadline_s": 0})

    def await_facts(self, count: int, *, deadline_s: float) -> dict[str, Any]:
        """The summary of the latencies once `count` facts came in; of what came when `deadline_s` have passed."""
        return self._ask({"do": "await", "count": count, "deadline_s": deadline_s})

    def begin_survive(self, *, deadline_s: float) -> None:
        """Watches for every screen to be dropped and live again; `survived` gives the answer."""
        self._tell({"do": "survive", "deadline_s": deadline_s})
        self._deadline_s = deadline_s

    def survived(self) -> dict[str, Any]:
        """When the first screen was dropped and the last was live again (monotonic seconds)."""
        return self._answer(self._deadline_s + 30)

    def cpu_s(self) -> float:
        """CPU seconds of the generator so far."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        self._tell(order)
        return self._answer(order["deadline_s"] + 30)

    def _tell(self, order: dict[str, Any]) -> None:
        if self._process.stdin is None:
            raise GeneratorFailed("no pipe to the load generator")
        self._process.stdin.write(json.dumps(order).encode() + b"\n")

    def _answer(self, within_s: float) -> dict[str, Any]:
        pipe = self._process.stdout
        if pipe is None:
            raise GeneratorFailed("no pipe from the load generator")
        until = time.monotonic() + within_s
        with selectors.DefaultSelector() as ready:
            ready.register(pipe, selectors.EVENT_READ)
            while b"\n" not in self._inbox:
                if not ready.select(max(0.0, until - time.monotonic())):
                    raise GeneratorFailed(f"the load generator did not answer within {within_s:.0f} s")
                got = pipe.read(65_536)
                if not got:
                    raise GeneratorFailed("the load generator ended")
                self._inbox += got
        line, self._inbox = self._inbox.split(b"\n", 1)
        said: dict[str, Any] = json.loads(line)
        return said
