"""The product's processes under test: real ones, that can be stopped, killed, paused and brought back."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

from tests.live.waiting import wait_for

ROOT: Final = Path(__file__).resolve().parents[2]
STOP_WITHIN_S: Final = 20.0
START_WITHIN_S: Final = 60.0


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def listens(port: int) -> bool:
    """Whether somebody takes connections on a port of 127.0.0.1."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def run(arguments: Sequence[str], env: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Runs one of the product's commands (`django check_anchors`) to its end, whatever that is."""
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=dict(env), capture_output=True, text=True, check=False
    )


def must_run(arguments: Sequence[str], env: Mapping[str, str]) -> str:
    """Runs one of the product's commands, which has to end well. Answers its output; raises AssertionError."""
    done = run(arguments, env)
    assert done.returncode == 0, f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


class Process:
    """One process that a test can do anything to."""

    def __init__(
        self,
        name: str,
        command: Sequence[str],
        env: Mapping[str, str],
        log: Path,
        ready: Callable[[], bool] = lambda: True,
    ) -> None:
        """ready   whether it does its work already; asked after each start"""
        self.name, self.command, self.env, self.log, self._ready = name, command, dict(env), log, ready
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def runs(self) -> bool:
        """Whether it was started and has not ended; true of a paused one."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id. Only while it runs."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Starts it; returns when it is ready. Nothing to do when it runs."""
        if self.runs:
            return
        with self.log.open("ab") as sink:
            self._process = subprocess.Popen(
                list(self.command), cwd=ROOT, env=self.env, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink
            )
        wait_for(self._ready_or_dead, f"the start of {self.name}", within_s=START_WITHIN_S)
        assert self.runs, f"{self.name} ended at its start:\n{self.log_tail()}"

    def stop(self) -> None:
        """Asks it to end and waits for that; kills it when it does not."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """Ends it without a word, as a crash would."""
        self._end(signal.SIGKILL)

    def pause(self) -> None:
        """Stops it where it stands (SIGSTOP): it holds its sockets and does nothing, as a hung one would."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Lets a paused one go on."""
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    def log_tail(self, lines: int = 40) -> str:
        """The end of what it wrote."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:]) if self.log.exists() else ""

    def _ready_or_dead(self) -> bool:
        return not self.runs or self._ready()

    def _end(self, with_signal: signal.Signals) -> None:
        if self._process is None or self._process.poll() is not None:
            return
        self._process.send_signal(signal.SIGCONT)  # a paused one hears nothing else
        self._process.send_signal(with_signal)
        try:
            self._process.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def redis_process(port: int, folder: Path) -> Process:
    """A Redis of the test's own, that keeps nothing."""
    program = shutil.which("redis-server", path=f"{os.environ.get('PATH', '')}:/usr/bin:/usr/sbin")
    assert program, "there is no redis-server: run ./relay up"
    settings = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return Process("redis", [program, *settings], os.environ, folder / "redis.log", ready=lambda: listens(port))
