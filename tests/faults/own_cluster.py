"""A PostgreSQL of the test's own, that may be killed: the one of the test run serves everybody."""

import os
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from door.cluster import SUPERUSER
from door.cluster import Cluster as Server
from door.layout import ROOT, Layout
from door.progress import Failure
from door.services import DATABASE, LOGINS, ROLES, make_template
from tests.live import wait_for
from tests.live.databases import Cluster


class OwnCluster:
    """One cluster with the product's roles and template. `start` after `kill` recovers it from its log."""

    def __init__(self, folder: Path) -> None:
        layout = Layout(ROOT, folder, folder / "data")
        layout.make_directories()
        self._server = Server(layout)
        self._server.initialise()
        self.start()
        admin = self._server.url(SUPERUSER, "postgres")
        self._server.psql("postgres", ROLES.read_text())
        make_template(self._server.tool("psql"), admin)
        _, owner, sim = (self._server.url(role, DATABASE) for role in LOGINS)
        self.addresses = Cluster(owner, sim)

    def start(self) -> None:
        """Starts it; returns when it takes connections. Those killed may need a moment to let go of its memory."""
        wait_for(self._starts, "the start of PostgreSQL", within_s=60)

    def _starts(self) -> bool:
        with suppress(Failure):
            if not self._server.running():
                self._server.start()
            return True
        return False

    def kill(self) -> None:
        """Ends its first process without a word; the others notice."""
        os.kill(int((self._server.data / "postmaster.pid").read_text().split("\n", 1)[0]), signal.SIGKILL)
        wait_for(lambda: not self._server.running(), "the end of PostgreSQL")

    def close(self) -> None:
        """Stops and removes it."""
        self._server.stop()
        shutil.rmtree(self._server.home.resolve(), ignore_errors=True)
        shutil.rmtree(self._server.socket_dir, ignore_errors=True)


@contextmanager
def own_cluster(folder: Path) -> Iterator[OwnCluster]:
    """A cluster for one test."""
    cluster = OwnCluster(folder)
    try:
        yield cluster
    finally:
        cluster.close()
