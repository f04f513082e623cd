"""The machine's own packages (Debian, Ubuntu): which are missing, and their installation."""

import ctypes.util
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from door.layout import Layout
from door.progress import Failure, Progress, run_logged

POSTGRES_HOMES: Final = Path("/usr/lib/postgresql")
POSTGRES_OLDEST: Final = 15
FONT_FOLDERS: Final = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))


def installed_postgres() -> int | None:
    """Newest major version that has a server and PostGIS, or None."""
    complete = [
        major
        for major in _server_majors()
        if Path(f"/usr/share/postgresql/{major}/extension/postgis.control").exists() and major >= POSTGRES_OLDEST
    ]
    return max(complete, default=None)


def _server_majors() -> list[int]:
    """Major versions of PostgreSQL whose server is installed."""
    return [
        int(home.parent.name)
        for home in POSTGRES_HOMES.glob("*/bin")
        if home.parent.name.isdigit() and (home / "postgres").exists()
    ]


def postgres_bin() -> Path:
    """The directory of initdb, pg_ctl and the rest. Raises Failure when there is no server with PostGIS."""
    major = installed_postgres()
    if major is None:
        raise Failure("there is no PostgreSQL with PostGIS on this machine", remedy="run ./relay up once as root")
    return POSTGRES_HOMES / str(major) / "bin"


def _has_chinese_font() -> bool:
    """Whether a Noto CJK font lies in one of the system's font folders."""
    return any(next(folder.rglob("NotoSansCJK*"), None) for folder in FONT_FOLDERS if folder.is_dir())


def _has(program: str) -> Callable[[], bool]:
    return lambda: shutil.which(program) is not None


def _has_library(name: str) -> Callable[[], bool]:
    return lambda: ctypes.util.find_library(name) is not None


def _can_make_environments() -> bool:
    """Whether this Python can make an environment with pip in it (Debian splits that off)."""
    return importlib.util.find_spec("ensurepip") is not None and importlib.util.find_spec("venv") is not None


RUN_PACKAGES: Final[dict[str, Callable[[], bool]]] = {
    "redis-server": _has("redis-server"),
    "gdal-bin": _has("ogrinfo"),
    "python3-venv": _can_make_environments,
    "fonts-noto-cjk": _has_chinese_font,
    # What WeasyPrint sets the pages of a situation report with.
    "libpango-1.0-0": _has_library("pango-1.0"),
    "libpangoft2-1.0-0": _has_library("pangoft2-1.0"),
    "libharfbuzz-subset0": _has_library("harfbuzz-subset"),
}
TEST_PACKAGES: Final[dict[str, Callable[[], bool]]] = {
    "chromium": lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
    "firefox-esr": _has("firefox-esr"),
    "faketime": _has("faketime"),
}


BROWSERS: Final = ("chromium", "firefox-esr")
BROWSERS_REMEDY: Final = (
    "run the tests on Debian 12: Ubuntu has them only as snaps, which no test can drive; ./relay up needs none"
)


def missing_packages(*, testing: bool, own_postgres: bool = True, own_redis: bool = True) -> list[str]:
    """Names of packages that are not there; `postgresql` stands for a server with PostGIS of any fitting version."""
    wanted = RUN_PACKAGES | (TEST_PACKAGES if testing else {})
    missing = [name for name, present in wanted.items() if not present()]
    if not own_redis and "redis-server" in missing:
        missing.remove("redis-server")
    if own_postgres and installed_postgres() is None:
        missing.insert(0, "postgresql")
    if not own_postgres and not _has("psql")():
        missing.insert(0, "postgresql-client")
    return missing


def postgres_packages(available: Iterable[str], servers: Iterable[int]) -> list[str]:
    """The server and PostGIS packages to install, of one major version.

    available   names of postgresql-N-postgis-3 packages that the machine's sources offer
    servers     major versions already installed: the newest that PostGIS is offered for is taken
    Raises Failure when the sources offer none.
    """
    majors = {int(found[1]) for name in available if (found := re.fullmatch(r"postgresql-(\d+)-postgis-3", name))}
    fitting = {major for major in majors if major >= POSTGRES_OLDEST}
    if not fitting:
        raise Failure(
            f"this machine's package sources offer no PostGIS for PostgreSQL {POSTGRES_OLDEST} or newer",
            remedy="use Debian 12 or Ubuntu 24.04, or set RELAY_DATABASE_URL to a database that has PostGIS",
        )
    major = max(fitting & set(servers), default=max(fitting))
    return [f"postgresql-{major}", f"postgresql-{major}-postgis-3"]


def install_missing(layout: Layout, progress: Progress, missing: list[str]) -> None:
    """Install packages by apt. Without the right to do so: Failure with the one line to run."""
    if not missing:
        return
    if shutil.which("apt-get") is None:
        raise Failure(
            f"missing: {', '.join(missing)}", remedy="install them; only Debian and Ubuntu are done by itself"
        )
    sudo: list[str | Path] = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if sudo and not _may_sudo():
        line = " ".join("postgresql postgresql-postgis" if name == "postgresql" else name for name in missing)
        raise Failure(
            f"missing on this machine: {', '.join(missing)}",
            remedy=f"run this one line, then ./relay up again:  sudo apt-get update && sudo apt-get install -y {line}",
        )
    log = layout.log / "packages.log"
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    with progress.step("package lists (apt-get update)"):
        run_logged(
            [*sudo, "apt-get", "update"],
            log=log,
            env=environment,
            what="apt-get update did not end well",
            remedy="look whether this machine reaches its package sources, then run the same again",
        )
    names = [name for name in missing if name != "postgresql"]
    absent = [name for name in BROWSERS if name in names and not _is_offered(name)]
    if absent:
        raise Failure(f"this machine's package sources offer no {' and no '.join(absent)}", remedy=BROWSERS_REMEDY)
    if "postgresql" in missing:
        names += postgres_packages(_offered_postgis(), _server_majors())
    with progress.step(f"install {' '.join(names)}"):
        run_logged(
            [*sudo, "apt-get", "install", "-y", "--no-install-recommends", *names],
            log=log,
            env=environment,
            what="apt-get install did not end well",
            remedy="read the log; often another apt is running (wait for it) or the disk is full",
        )


def _may_sudo() -> bool:
    """Whether sudo works here without asking for a password."""
    if shutil.which("sudo") is None:
        return False
    return subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0


def _is_offered(name: str) -> bool:
    """Whether the machine's package lists offer a version of a package that can be installed."""
    said = subprocess.run(
        ["apt-cache", "policy", name],
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    ).stdout
    return "Candidate:" in said and "Candidate: (none)" not in said


def _offered_postgis() -> list[str]:
    """Names of the PostGIS packages in the machine's package lists."""
    found = subprocess.run(
        ["apt-cache", "pkgnames", "postgresql-"], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL
    )
    return found.stdout.split()
