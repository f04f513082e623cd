"""Databases of the live product under test: a migrated, seeded template made once, and quick copies of it."""

import os
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

import psycopg
from psycopg import sql

SOURCE: Final = "relay_template"  # made by the door: PostGIS and pg_trgm, nothing else


@dataclass(frozen=True, slots=True)
class Cluster:
    """The PostgreSQL server that the test run was given, by its addresses for the owner and for the simulator."""

    owner_url: str
    sim_url: str

    @classmethod
    def of_environment(cls) -> "Cluster":
        """From RELAY_DATABASE_OWNER_URL and RELAY_DATABASE_SIM_URL, which ./relay test sets. Raises KeyError."""
        return cls(os.environ["RELAY_DATABASE_OWNER_URL"], os.environ["RELAY_DATABASE_SIM_URL"])

    def owner(self, database: str) -> str:
        """The address of a database for its owner."""
        return at_database(self.owner_url, database)

    def sim(self, database: str) -> str:
        """The address of a database for the role that may shift time."""
        return at_database(self.sim_url, database)

    def copy(self, source: str, target: str) -> None:
        """Makes `target` a copy of `source`, which nobody may be connected to. One of that name is dropped first."""
        self.drop(target)
        self._say("CREATE DATABASE {} TEMPLATE {} OWNER relay_owner", target, source)

    def drop(self, database: str) -> None:
        """Drops a database, whoever is connected."""
        self._say("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def rename(self, database: str, name: str) -> None:
        """Renames a database that nobody is connected to."""
        self._say("ALTER DATABASE {} RENAME TO {}", database, name)

    def _say(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.owner("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def at_database(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


def through(url: str, port: int) -> str:
    """The same role and database, reached by a port of 127.0.0.1."""
    parts = urlsplit(url)
    who = parts.netloc.rpartition("@")[0]
    return urlunsplit(parts._replace(netloc=f"{who}@127.0.0.1:{port}", query=""))


def server_of(url: str) -> tuple[str, int]:
    """Where a server listens: (directory of its socket, or host; port)."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    return query.get("host", [parts.hostname or ""])[0], int(query.get("port", [str(parts.port or 5432)])[0])


def rows(url: str, statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """What one statement answers, on a connection of its own."""
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []
