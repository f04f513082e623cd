"""The private PostgreSQL cluster: made once, started, stopped, asked.

Reached by a socket only, in a directory closed to others: no port of the machine is taken, no password is needed.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import quote

from door.layout import Layout
from door.packages import postgres_bin
from door.processes import alive, read_pid_line
from door.progress import Failure, run_logged

SYSTEM_USER: Final = "postgres"  # PostgreSQL refuses to run as root
SUPERUSER: Final = "postgres"
OUTSIDE: Final = Path("/var/lib/relay60")  # of a run directory that PostgreSQL's user can't enter
PORT: Final = 5432  # only names the socket
SETTINGS: Final = """\
# Written by ./relay at every start; own settings belong into postgresql.auto.conf (ALTER SYSTEM).
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0777
max_connections = 200
shared_buffers = 256MB
fsync = on
synchronous_commit = on
full_page_writes = on
wal_level = replica
max_wal_senders = 4
max_wal_size = 2GB
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %q%u@%d '
"""
ACCESS: Final = """\
# The socket's directory is closed to all but the owner of this cluster and root.
local all         all                trust
local replication {superuser}        trust
"""


class Cluster:
    """One cluster of one run directory. Commands run as the system user `postgres` when the door runs as root."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._bin = postgres_bin()
        self._as_root = os.geteuid() == 0
        self.socket_dir = layout.socket_dir(enterable=self._enters(layout.run))

    @property
    def home(self) -> Path:
        """The directory of this cluster, with `data` and `postgres.log` in it."""
        return self._layout.postgres

    @property
    def data(self) -> Path:
        """PostgreSQL's data directory, links resolved."""
        return (self.home / "data").resolve()

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "postgres.log"

    def exists(self) -> bool:
        """Whether the cluster was made."""
        return (self.home / "data" / "PG_VERSION").exists()

    def url(self, user: str, database: str) -> str:
        """The address by which `user` reaches `database`."""
        return f"postgresql://{user}@/{database}?host={quote(str(self.socket_dir))}&port={PORT}"

    def running(self) -> bool:
        """Whether the server runs."""
        return self.exists() and self._quiet(["pg_ctl", "status", "-D", self.data]) == 0

    def lives(self) -> bool:
        """Whether the server's first process is there: as much as can be asked twice a second."""
        return alive(read_pid_line(self.data / "postmaster.pid"), "postgres")

    def initialise(self) -> None:
        """Make the cluster's directories and its data. Raises Failure when PostgreSQL's user can't get there."""
        self.make_home()
        self._logged(
            ["initdb", "-D", self.data, "-U", SUPERUSER, "--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"],
            what="initdb did not end well",
        )

    def make_home(self) -> None:
        """Make the cluster's own directory, and a link to one under /var/lib where the run directory is closed."""
        if self.home.exists():
            return
        if self._enters(self._layout.run):
            self.home.mkdir(mode=0o700)
        else:
            real = OUTSIDE / self._layout.digest
            real.parent.mkdir(parents=True, exist_ok=True)
            real.mkdir(mode=0o700, exist_ok=True)
            self.home.symlink_to(real)
        self.give(self.home.resolve())
        if not self._enters(self.home.resolve()):
            raise Failure(
                f"the user {SYSTEM_USER} can't enter {self.home.resolve()}",
                remedy="move the project to where others can enter (/srv), or set RELAY_RUN_DIR",
            )

    def start(self) -> None:
        """Write the settings and start the server; returns when it takes connections."""
        self.socket_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.socket_dir.stat().st_uid not in (os.geteuid(), self._user_id()):
            raise Failure(
                f"{self.socket_dir} belongs to somebody else",
                remedy=f"remove {self.socket_dir}, then run the same again",
            )
        self.socket_dir.chmod(0o700)
        self.give(self.socket_dir)
        self._write("relay.conf", SETTINGS.format(port=PORT, sockets=self.socket_dir))
        self._write("pg_hba.conf", ACCESS.format(superuser=SUPERUSER))
        main = self.data / "postgresql.conf"
        if "relay.conf" not in main.read_text():
            with main.open("a") as settings:
                settings.write("\ninclude 'relay.conf'\n")
        try:
            self._logged(
                ["pg_ctl", "start", "--silent", "--wait", "--timeout=60", "-D", self.data, "-l", self.log.resolve()],
                what="PostgreSQL did not start",
                log=self.log,
            )
        except Failure:
            if not self.running():  # the keeper may have been first
                raise

    def stop(self) -> None:
        """Stop the server if it runs; open connections are cut, committed work is kept."""
        if self.running():
            self._logged(
                ["pg_ctl", "stop", "--silent", "--wait", "--timeout=60", "--mode=fast", "-D", self.data],
                what="PostgreSQL did not stop",
            )

    def give(self, path: Path) -> None:
        """Hand a directory to PostgreSQL's user; nothing to do when the door doesn't run as root."""
        if self._as_root:
            shutil.chown(path, SYSTEM_USER, SYSTEM_USER)

    def give_tree(self, path: Path) -> None:
        """Hand a directory and all in it to PostgreSQL's user."""
        self.give(path)
        for child in path.rglob("*"):
            self.give(child)

    def tool(self, name: str) -> Path:
        """The path of one of PostgreSQL's programs."""
        return self._bin / name

    def psql(self, database: str, sql: str) -> str:
        """Run SQL as superuser, stopping at the first error; returns the unadorned output."""
        return psql(self._bin / "psql", self.url(SUPERUSER, database), sql)

    def _user_id(self) -> int:
        """The number of the user that owns the cluster."""
        return pwd.getpwnam(SYSTEM_USER).pw_uid if self._as_root else os.geteuid()

    def _enters(self, folder: Path) -> bool:
        """Whether the cluster's user can enter a directory (every parent lets it through)."""
        if not self._as_root:
            return True
        return (
            subprocess.run(
                [*self._prefix(), "test", "-x", folder], capture_output=True, cwd="/", check=False
            ).returncode
            == 0
        )

    def _prefix(self) -> list[str]:
        return ["runuser", "-u", SYSTEM_USER, "--"] if self._as_root else []

    def _write(self, name: str, text: str) -> None:
        """Replace one of the cluster's settings files."""
        file = self.data / name
        file.write_text(text)
        file.chmod(0o600)
        self.give(file)

    def _quiet(self, command: Sequence[str | Path]) -> int:
        """Run one of PostgreSQL's programs as its user; only the exit code is wanted."""
        line = [*self._prefix(), self._bin / command[0], *command[1:]]
        return subprocess.run(line, capture_output=True, cwd="/", check=False, stdin=subprocess.DEVNULL).returncode

    def _logged(self, command: Sequence[str | Path], *, what: str, log: Path | None = None) -> None:
        """Run one of PostgreSQL's programs as its user. Raises Failure with the end of the log."""
        try:
            run_logged(
                [*self._prefix(), self._bin / command[0], *command[1:]],
                log=self._layout.log / "cluster.log",
                cwd=Path("/"),
                what=what,
                remedy="read the log; a full disk and a directory of another user are the usual causes",
            )
        except Failure as failure:
            failure.log = log or failure.log
            raise


def psql(program: Path | str, url: str, sql: str) -> str:
    """Run SQL at an address, stopping at the first error; returns the unadorned output.

    Raises Failure with what the database said.
    """
    done = subprocess.run(
        [program, "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", url],
        input=sql,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PGCONNECT_TIMEOUT": "10", "PGOPTIONS": "-c client_min_messages=warning"},
    )
    if done.returncode != 0:
        raise Failure(
            f"the database refused: {done.stderr.strip()}", remedy="read the message; ./relay logs postgres says more"
        )
    return done.stdout.strip()
