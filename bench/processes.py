"""Servers under measurement: start, wait until they answer, read their CPU, stop. Each a real process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final
from urllib.error import HTTPError
from urllib.request import ProxyHandler, build_opener

START_DEADLINE_S: Final = 60.0
STOP_DEADLINE_S: Final = 20.0
TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
ROOT: Final = Path(__file__).resolve().parent.parent


class DidNotStart(Exception):
    """A server did not answer in time: says which, and its log's last lines."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Server:
    """One running server process on 127.0.0.1."""

    def __init__(self, name: str, arguments: Sequence[str], port: int, log: Path, env: Mapping[str, str]) -> None:
        """Starts `python -m arguments…`; returns when it answers HTTP. Raises DidNotStart."""
        self.name, self.port, self.log = name, port, log
        with log.open("ab") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-m", *arguments], cwd=ROOT, env=dict(env), stdout=sink, stderr=sink
            )
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        pause, until = 0.02, time.monotonic() + START_DEADLINE_S
        opener = build_opener(ProxyHandler({}))
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with opener.open(f"http://127.0.0.1:{self.port}/healthz", timeout=5):
                    return
            except HTTPError:
                return  # an answer, whatever it says: the timer does not run here, so health is not expected
            except OSError:
                time.sleep(pause)
        self.stop()
        raise DidNotStart(f"{self.name} did not answer on port {self.port}; the end of its log:\n{self.last_words()}")

    def last_words(self) -> str:
        """The last lines of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])

    def cpu_s(self) -> float:
        """CPU seconds, user and system, of the process so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / TICKS_PER_S

    def resident_mib(self) -> float:
        """Memory in RAM now."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576

    def stop(self) -> float:
        """Asks it to end, as an operator's restart would; kills it when it does not. Seconds that it took."""
        began = time.monotonic()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_DEADLINE_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return time.monotonic() - began


@contextmanager
def working(env: Mapping[str, str], logs: Path) -> Iterator[None]:
    """The product's timer and worker: without either no screen calls itself live."""
    with ExitStack() as stack:
        for name in ("timer", "worker"):
            sink = stack.enter_context((logs / f"{name}.log").open("ab"))
            line = [sys.executable, "-m", "django", name, "--skip-checks"]
            process = subprocess.Popen(line, cwd=ROOT, env=dict(env), stdout=sink, stderr=sink)
            stack.callback(process.wait, STOP_DEADLINE_S)
            stack.callback(process.terminate)
        yield
