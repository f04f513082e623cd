"""The private Redis: wake-ups and rate limits only. It keeps nothing on disk, and may be lost at any moment."""

import shutil
import socket
from pathlib import Path
from typing import Final

from door.layout import Layout
from door.processes import alive, read_pid, stop_process, wait_for
from door.progress import Failure, run_logged

FIRST_PORT: Final = 6390
SETTINGS: Final = """\
# Written by ./relay at every start.
bind 127.0.0.1
port {port}
daemonize yes
pidfile "{folder}/redis.pid"
logfile "{folder}/redis.log"
dir "{folder}"
save ""
appendonly no
maxmemory 128mb
maxmemory-policy allkeys-lru
"""


def free_port(first: int, *, tries: int = 200) -> int:
    """The first port of 127.0.0.1 from `first` upward that nobody listens on. Raises Failure after `tries`."""
    for port in range(first, first + tries):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise Failure(f"no free port from {first} to {first + tries - 1}", remedy="stop what is not needed on this machine")


def answers(port: int) -> bool:
    """Whether somebody listens on this port of 127.0.0.1."""
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


class Redis:
    """One server of one run directory, on a port of 127.0.0.1 that was free when it started."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._folder = layout.run / "redis"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self._folder / "redis.log"

    @property
    def url(self) -> str:
        """The address of the running server."""
        return f"redis://127.0.0.1:{(self._folder / 'port').read_text()}/0"

    def running(self) -> bool:
        """Whether the process lives."""
        return alive(read_pid(self._folder / "redis.pid"), "redis-server")

    def start(self) -> None:
        """Start it, where it was if that port is free: others know it by that.

        Returns when it answers and its number is written: it answers first, and who looked between would start another.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        server = shutil.which("redis-server")
        if server is None:
            raise Failure("there is no redis-server on this machine", remedy="run ./relay up once as root")
        port = free_port(read_pid(self._folder / "port") or FIRST_PORT)
        settings = self._folder / "redis.conf"
        settings.write_text(SETTINGS.format(port=port, folder=self._folder))
        run_logged([server, settings], log=self.log, what="Redis did not start", remedy="read the log")
        (self._folder / "port").write_text(str(port))
        wait_for(lambda: answers(port) and self.running(), within_s=10, what="Redis does not answer", log=self.log)

    def stop(self) -> None:
        """Stop it if it runs."""
        if self.running():
            stop_process(read_pid(self._folder / "redis.pid"), within_s=5)
