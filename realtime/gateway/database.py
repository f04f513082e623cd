"""The gateway's own connection to PostgreSQL: asynchronous, and never waited for longer than a limit.

A hung server (stopped process, lost network) answers neither queries nor cancellations, so the limit is kept here: past
it the socket is shut down, the call fails, and the next call connects again.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from psycopg import AsyncConnection, OperationalError
from psycopg.conninfo import make_conninfo

Row = tuple[Any, ...]
T = TypeVar("T")


def conninfo_of(database: Mapping[str, Any]) -> str:
    """The libpq connection string of one of Django's DATABASES."""
    parts = {
        "dbname": database["NAME"],
        "user": database["USER"],
        "password": database["PASSWORD"],
        "host": database["HOST"],
        "port": database["PORT"],
    }
    return make_conninfo("", **{key: value for key, value in parts.items() if value})


class Database:
    """One autocommit connection, made when first needed and again after each failure. For one task at a time."""

    def __init__(self, conninfo: str, *, timeout_s: float, name: str) -> None:
        """name   how pg_stat_activity shows it"""
        self._conninfo = make_conninfo(
            conninfo,
            application_name=name,
            options=f"-c statement_timeout={int(timeout_s * 1000)}",
        )
        self._timeout_s = timeout_s
        self._connection: AsyncConnection[Row] | None = None
        self._turn = asyncio.Lock()

    async def rows(self, query: str, parameters: tuple[object, ...] = ()) -> list[Row]:
        """The rows of one statement. Raises psycopg.Error, or TimeoutError past the limit; waits for its turn first."""
        async with self._turn:
            connection = await self._connected()
            return await self._within_limit(connection, self._fetch(connection, query, parameters))

    async def with_connection(self, work: Callable[[AsyncConnection[Row]], Coroutine[Any, Any, T]]) -> T:
        """Runs `work(connection)` under the same limit."""
        async with self._turn:
            connection = await self._connected()
            return await self._within_limit(connection, work(connection))

    async def close(self) -> None:
        """Ends the connection."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _fetch(self, connection: AsyncConnection[Row], query: str, parameters: tuple[object, ...]) -> list[Row]:
        cursor = await connection.execute(query.encode(), parameters)
        return await cursor.fetchall()

    async def _connected(self) -> AsyncConnection[Row]:
        if self._connection is None or self._connection.closed:
            connecting = asyncio.ensure_future(AsyncConnection.connect(self._conninfo, autocommit=True))
            try:
                self._connection = await asyncio.wait_for(connecting, self._timeout_s)
            except TimeoutError:
                raise TimeoutError("PostgreSQL does not answer the connection") from None
        return self._connection

    async def _within_limit(self, connection: AsyncConnection[Row], work: Coroutine[Any, Any, T]) -> T:
        task = asyncio.ensure_future(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._timeout_s)
            if task in done:
                return task.result()
        except (OSError, OperationalError, asyncio.CancelledError):
            await self._discard(connection, task)
            raise
        await self._discard(connection, task)
        raise TimeoutError(f"PostgreSQL did not answer within {self._timeout_s} s")

    async def _discard(self, connection: AsyncConnection[Row], task: "asyncio.Future[T]") -> None:
        """Cuts the wire under a connection: what waits on it fails at once, where a cancellation would wait too."""
        self._connection = None
        with contextlib.suppress(OSError, OperationalError), socket.socket(fileno=os.dup(connection.fileno())) as wire:
            wire.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(Exception):
            await asyncio.wait_for(task, 1)
        await connection.close()
