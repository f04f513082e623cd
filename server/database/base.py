"""The pool hands out no connection that PostgreSQL has cut, and asks no question to know: one round trip a request."""

import select

import psycopg
from django.contrib.gis.db.backends.postgis import base
from psycopg_pool import ConnectionPool


def must_be_whole(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Returns if nothing has come in on an idle connection. Closes it and raises OperationalError: its end has.

    A restart, a crash or an ended session closes the socket, and that can be read. A machine that is cut off can't be
    told so, and couldn't by a question either: that would wait for the answer.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN | select.POLLPRI)
    if waiting.poll(0):
        connection.close()  # the pool gives away again what does not know yet that it is lost
        raise psycopg.OperationalError("the server has cut this connection")


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's, but for how its pool checks."""

    @property
    def pool(self) -> "ConnectionPool | None":
        """The pool of this process; None where there is none."""
        pool: ConnectionPool | None = super().pool
        if pool is not None:
            pool._check = must_be_whole  # Django names psycopg's own check, and no setting says another
        return pool
