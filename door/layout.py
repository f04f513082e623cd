"""Where everything lies: the project's root, the run directory and what is in it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parent.parent
SOCKET_PATH_MAX_BYTES: Final = 107  # sun_path of Linux without its closing zero
SOCKET_NAME: Final = ".s.PGSQL.5432"
SHORT: Final = Path("/tmp")  # noqa: S108  the directory made in it is 0700 and its owner is checked


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one working copy. `data` holds what must outlive the database: anchors and uploads."""

    root: Path
    run: Path
    data: Path

    @property
    def anchors(self) -> Path:
        """One file per centre: the last known places of its feed, kept outside the database."""
        return self.data / "anchors"

    @property
    def uploads(self) -> Path:
        """Files that people sent in."""
        return self.data / "uploads"

    @property
    def keys(self) -> Path:
        """Secrets, readable by their owner only."""
        return self.run / "keys"

    @property
    def log(self) -> Path:
        """One log per process and per step of the door."""
        return self.run / "log"

    @property
    def pids(self) -> Path:
        """One file per process that the door started."""
        return self.run / "pids"

    @property
    def stamps(self) -> Path:
        """Digests of what a finished step was made from, so that it isn't done twice."""
        return self.run / "stamps"

    @property
    def real_mark(self) -> Path:
        """There where a real centre was founded: this installation is never seeded."""
        return self.stamps / "real"

    @property
    def mode(self) -> str:
        """What the product runs as: what RELAY_MODE says, else real where a real centre was founded, else demo."""
        return os.environ.get("RELAY_MODE") or ("real" if self.real_mark.exists() else "demo")

    @property
    def venv(self) -> Path:
        """The project's Python environment, made from requirements.lock."""
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        """The interpreter that runs the product."""
        return self.venv / "bin" / "python"

    @property
    def boot(self) -> Path:
        """A Python environment that holds uv and nothing else."""
        return self.run / "boot"

    @property
    def frontend(self) -> Path:
        """Sources of the screens; their build is in `dist`."""
        return self.root / "frontend"

    @property
    def postgres(self) -> Path:
        """The private cluster: its data, its log. A link where PostgreSQL's user can't enter the run directory."""
        return self.run / "pg"

    @property
    def digest(self) -> str:
        """Twelve hex digits that name this run directory among all of one machine."""
        return sha256(str(self.run).encode()).hexdigest()[:12]

    def socket_dir(self, *, enterable: bool = True) -> Path:
        """The directory of PostgreSQL's socket: in the run directory; under /tmp when that is too long or closed.

        enterable   whether PostgreSQL's user can enter the run directory
        """
        inside = self.run / "sock"
        if enterable and len(str(inside / SOCKET_NAME).encode()) <= SOCKET_PATH_MAX_BYTES:
            return inside
        return SHORT / f"relay60-{self.digest}"

    def make_directories(self) -> None:
        """Make what is missing. Keys are closed to everyone else."""
        for folder in (self.run, self.log, self.pids, self.stamps, self.anchors, self.uploads):
            folder.mkdir(parents=True, exist_ok=True)
        self.keys.mkdir(mode=0o700, exist_ok=True)


def layout_of(environ: Mapping[str, str] = os.environ, root: Path = ROOT) -> Layout:
    """The layout that RELAY_RUN_DIR and RELAY_DATA_DIR ask for; `.run` and `.run/data` without them."""
    run = (root / environ.get("RELAY_RUN_DIR", ".run")).resolve()
    data = (root / environ["RELAY_DATA_DIR"]).resolve() if environ.get("RELAY_DATA_DIR") else run / "data"
    return Layout(root=root, run=run, data=data)
