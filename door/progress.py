"""What the person at the terminal sees: each step with its seconds, and for a failure what to do about it."""

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

TAIL_LINES = 15  # of the log, shown when a step fails


class Failure(Exception):
    """A step could not be done: what failed, what to do, where the log is."""

    def __init__(self, what: str, *, remedy: str, log: Path | None = None, status: int = 1) -> None:
        self.what = what
        self.remedy = remedy
        self.log = log
        self.status = status
        super().__init__(what)

    def __str__(self) -> str:
        lines = [f"failed: {self.what}"]
        if self.log is not None and self.log.exists():
            tail = self.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            lines += [f"    | {line}" for line in tail]
            lines.append(f"   log: {self.log}")
        lines.append(f"to do: {self.remedy}")
        return "\n".join(lines)


class Progress:
    """Prints one line per step: seconds since the start, the step's name, how long it took."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = sys.stdout if out is None else out
        self._began = time.monotonic()

    @property
    def elapsed_s(self) -> float:
        """Seconds since this object was made."""
        return time.monotonic() - self._began

    def say(self, text: str = "") -> None:
        """One line of text as it is."""
        print(text, file=self._out, flush=True)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Announce a step, run the block, print its seconds. An error inside leaves the line marked as failed."""
        began = time.monotonic()
        print(f"[{self.elapsed_s:6.1f} s] {name} … ", end="", file=self._out, flush=True)
        try:
            yield
        except BaseException:
            print("FAILED", file=self._out, flush=True)
            raise
        print(f"{time.monotonic() - began:.1f} s", file=self._out, flush=True)


def run_logged(
    command: Sequence[str | Path],
    *,
    log: Path,
    what: str,
    remedy: str,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
) -> None:
    """Run a command with all its output in `log`.

    what, remedy   for the Failure raised when it doesn't end with 0, or isn't there
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as sink:
        sink.write(("$ " + " ".join(map(str, command)) + "\n").encode())
        sink.flush()
        try:
            status = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.STDOUT, env=env, cwd=cwd, check=False
            ).returncode
        except FileNotFoundError as error:
            raise Failure(f"{what}: there is no {error.filename}", remedy=remedy, log=log) from error
    if status != 0:
        raise Failure(f"{what} (exit {status})", remedy=remedy, log=log, status=status if 0 < status < 128 else 1)
