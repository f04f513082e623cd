"""The services under the product: PostgreSQL with its roles and databases, and Redis.

Private ones of the run directory, or those that the environment names.
"""

import os
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlsplit

from door.cluster import SUPERUSER, Cluster, psql
from door.layout import Layout
from door.progress import Failure, Progress
from door.redis_server import Redis

ROLES: Final = Path(__file__).resolve().parent / "sql" / "roles.sql"
TEMPLATE: Final = "relay_template"
DATABASE: Final = "relay60"
LOGINS: Final = ("relay_app", "relay_owner", "relay_sim")


@dataclass(frozen=True, slots=True)
class Services:
    """The addresses that the product is given."""

    database_url: str  # relay_app: gateway, timer, worker
    owner_url: str  # relay_owner: migrations, tests
    sim_url: str  # relay_sim: the demonstration seed
    redis_url: str

    def environment(self, layout: Layout, *, mode: str | None = None) -> dict[str, str]:
        """The whole environment for one of the product's processes.

        mode   demo, real or test; default what RELAY_MODE says, else real where a real centre was founded, else demo
        """
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "server.settings",
            "PYTHONPATH": str(layout.root),
            "PYTHONUNBUFFERED": "1",
            "PYTHONDONTWRITEBYTECODE": "",  # set, a start costs 4.7 s of CPU instead of 1.4
            "PATH": f"{layout.venv / 'bin'}:{os.environ.get('PATH', os.defpath)}",
            "RELAY_DATABASE_URL": self.database_url,
            "RELAY_DATABASE_OWNER_URL": self.owner_url,
            "RELAY_DATABASE_SIM_URL": self.sim_url,
            "RELAY_REDIS_URL": self.redis_url,
            "RELAY_RUN_DIR": str(layout.run),
            "RELAY_DATA_DIR": str(layout.data),
            "RELAY_SECRET_KEY_FILE": str(layout.keys / "secret"),
            "RELAY_MASTER_KEY_FILE": str(layout.keys / "master"),
            "RELAY_MODE": mode or layout.mode,
        }


def given(environ: Mapping[str, str], name: str) -> str | None:
    """An address of the environment: RELAY_<name> first, then plain <name>; an empty one counts as not given."""
    return environ.get(f"RELAY_{name}") or environ.get(name) or None


def uses_own_postgres(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the private cluster is used: no address of another is given."""
    return given(environ, "DATABASE_URL") is None


def uses_own_redis(environ: Mapping[str, str] = os.environ) -> bool:
    """Whether the private Redis is used: no address of another is given."""
    return given(environ, "REDIS_URL") is None


def url_for(admin_url: str, user: str, password: str, database: str) -> str:
    """The same server as `admin_url`, for another role and database. The query (socket, options) is kept."""
    parts = urlsplit(admin_url)
    server = parts.netloc.rpartition("@")[2]
    netloc = f"{user}:{quote(password, safe='')}@{server}"
    query = f"?{parts.query}" if parts.query else ""
    return f"postgresql://{netloc}/{database}{query}"


def database_in(url: str) -> str:
    """The product's database in an address; its own name where the address names none, or the server's first."""
    name = urlsplit(url).path.lstrip("/")
    return DATABASE if name in ("", "postgres") else name


def at_postgres(url: str) -> str:
    """The same server and role at the database that is always there."""
    return urlsplit(url)._replace(path="/postgres").geturl()


def ensure_keys(layout: Layout) -> None:
    """Make the secret key and the master key, each once, readable by their owner only."""
    write_once(layout.keys / "secret", secrets.token_urlsafe(64))
    write_once(layout.keys / "master", b64encode(secrets.token_bytes(32)).decode())


def write_once(file: Path, text: str) -> None:
    """Write a secret file unless it is there; never readable by others, not for an instant."""
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())


def ensure_services(layout: Layout, progress: Progress) -> Services:
    """Keys, PostgreSQL with roles and databases, Redis: made and started as far as they aren't. Any number of times."""
    ensure_keys(layout)
    redis_url = given(os.environ, "REDIS_URL") or _own_redis(layout, progress)
    elsewhere = given(os.environ, "DATABASE_URL")
    if elsewhere is None:
        return _own_postgres(layout, progress, redis_url)
    if owner_url := os.environ.get("RELAY_DATABASE_OWNER_URL"):
        return Services(elsewhere, owner_url, os.environ.get("RELAY_DATABASE_SIM_URL", owner_url), redis_url)
    return _elsewhere(layout, progress, elsewhere, redis_url)


def _own_redis(layout: Layout, progress: Progress) -> str:
    redis = Redis(layout)
    if not redis.running():
        with progress.step("start Redis"):
            redis.start()
    return redis.url


def _own_postgres(layout: Layout, progress: Progress, redis_url: str) -> Services:
    cluster = Cluster(layout)
    if not cluster.exists():
        with progress.step("make a PostgreSQL cluster"):
            cluster.initialise()
    if not cluster.running():
        with progress.step("start PostgreSQL"):
            cluster.start()
    admin = cluster.url(SUPERUSER, "postgres")
    _ensure_databases(cluster.tool("psql"), admin, DATABASE, progress, password=None)
    app, owner, sim = (cluster.url(role, DATABASE) for role in LOGINS)
    return Services(app, owner, sim, redis_url)


def _elsewhere(layout: Layout, progress: Progress, admin_url: str, redis_url: str) -> Services:
    """A server that is not ours, by the address of a superuser: roles get a password of this run directory."""
    write_once(layout.keys / "database", secrets.token_urlsafe(24))
    password = (layout.keys / "database").read_text()
    database = database_in(admin_url)
    _ensure_databases("psql", at_postgres(admin_url), database, progress, password=password)
    app, owner, sim = (url_for(admin_url, role, password, database) for role in LOGINS)
    return Services(app, owner, sim, redis_url)


def _ensure_databases(
    program: Path | str, admin_url: str, database: str, progress: Progress, *, password: str | None
) -> None:
    """Roles, the template with PostGIS and pg_trgm, the product's database: each made when missing."""
    if not database.replace("_", "").isalnum():
        raise Failure(f"{database!r} can't be a database's name here", remedy="use letters, digits and _")
    present = set(psql(program, admin_url, "SELECT datname FROM pg_database").splitlines())
    if {TEMPLATE, database} <= present and password is None:
        return
    with progress.step("roles and databases"):
        psql(program, admin_url, ROLES.read_text())
        if password is not None:
            for role in LOGINS:
                psql(program, admin_url, f"ALTER ROLE {role} PASSWORD '{password}'")
        if TEMPLATE not in present:
            make_template(program, admin_url)
        if database not in present:
            psql(program, admin_url, f"CREATE DATABASE {database} TEMPLATE {TEMPLATE} OWNER relay_owner")


def make_template(program: Path | str, admin_url: str) -> None:
    """The database that all others are copied from; it gets its name only when it is complete."""
    unfinished = f"{TEMPLATE}_unfinished"
    psql(program, admin_url, f"DROP DATABASE IF EXISTS {unfinished}")
    psql(
        program,
        admin_url,
        f"CREATE DATABASE {unfinished} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8'"
        " OWNER relay_owner",
    )
    parts = urlsplit(admin_url)
    psql(program, parts._replace(path=f"/{unfinished}").geturl(), "CREATE EXTENSION postgis; CREATE EXTENSION pg_trgm")
    psql(program, admin_url, f"ALTER DATABASE {unfinished} RENAME TO {TEMPLATE}")
    psql(program, admin_url, f"ALTER DATABASE {TEMPLATE} IS_TEMPLATE true")


def drop_given_database() -> None:
    """Drop the product's database on a server that is not ours. Roles and the template stay."""
    address = os.environ.get("RELAY_DATABASE_OWNER_URL") or given(os.environ, "DATABASE_URL") or ""
    psql("psql", at_postgres(address), f"DROP DATABASE IF EXISTS {database_in(address)} WITH (FORCE)")
