"""A database of the bench's own: made from the template, migrated, dropped afterwards; no centre is touched."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg import sql

from bench.processes import ROOT

TEMPLATE: Final = "relay_template"
PREFIX: Final = "relay_bench"
DROP_WITHIN_S: Final = 15.0


class NoDatabase(Exception):
    """The bench has no PostgreSQL to work in: says what is missing."""


def url_of(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextmanager
def bench_database(environ: Mapping[str, str] = os.environ) -> Iterator[dict[str, str]]:
    """The environment for processes that shall use a fresh, migrated database; drops it at the end.

    Needs RELAY_DATABASE_URL and RELAY_DATABASE_OWNER_URL (./relay bench sets both). Raises NoDatabase.
    """
    app_url, owner_url = urls_of(environ)
    name = f"{PREFIX}_{os.getpid()}"
    env = environment_of(environ, app_url, owner_url, name)
    with psycopg.connect(url_of(owner_url, "postgres"), autocommit=True) as server:
        drop_forgotten(server)
        server.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(TEMPLATE)))
        try:
            subprocess.run(
                [sys.executable, "-m", "django", "migrate", "--verbosity", "0"],
                cwd=ROOT,
                env=env | {"RELAY_DATABASE_URL": env["RELAY_DATABASE_OWNER_URL"]},
                stdout=sys.stderr,
                check=True,
            )
            yield env
        finally:
            drop(server, name)


def urls_of(environ: Mapping[str, str]) -> tuple[str, str]:
    """The application's and the owner's URL. Raises NoDatabase."""
    try:
        return environ["RELAY_DATABASE_URL"], environ["RELAY_DATABASE_OWNER_URL"]
    except KeyError as missing:
        raise NoDatabase(f"{missing.args[0]} is not set: run ./relay up, then ./relay bench") from None


def environment_of(environ: Mapping[str, str], app_url: str, owner_url: str, name: str) -> dict[str, str]:
    """The environment for processes that shall use the database of that name."""
    env = dict(environ) | {
        "RELAY_DATABASE_URL": url_of(app_url, name),
        "RELAY_DATABASE_OWNER_URL": url_of(owner_url, name),
        "RELAY_TEST_DATABASE": f"{name}_test",
        "PYTHONDONTWRITEBYTECODE": "",  # as the door starts servers: compiled once, not at every start
        "DJANGO_SETTINGS_MODULE": environ.get("DJANGO_SETTINGS_MODULE", "server.settings"),
        "PYTHONPATH": str(ROOT),
    }
    if "RELAY_DATABASE_SIM_URL" in environ:
        env["RELAY_DATABASE_SIM_URL"] = url_of(environ["RELAY_DATABASE_SIM_URL"], name)
    return env


def drop(server: psycopg.Connection, name: str) -> None:
    """Drops a database once the last process has left it: the owner may not end other roles' sessions."""
    until = time.monotonic() + DROP_WITHIN_S
    while True:
        try:
            server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            return
        except psycopg.errors.ObjectInUse:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


def drop_forgotten(server: psycopg.Connection) -> None:
    """Drops what a bench that was killed left behind."""
    for (name,) in server.execute(
        "SELECT datname FROM pg_database WHERE datname ~ %s", [f"^{PREFIX}_[0-9]+$"]
    ).fetchall():
        if not Path(f"/proc/{name.rpartition('_')[2]}").exists():
            with suppress(psycopg.errors.ObjectInUse):
                server.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
