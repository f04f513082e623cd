"""A cursor whose answers come in PostgreSQL's binary format, for reads of many stored bytes."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorDebugWrapper, CursorWrapper
from psycopg import Cursor
from psycopg.pq import Format


@contextmanager
def binary_cursor() -> Iterator[CursorWrapper]:
    """On this thread's connection, in its transaction, its statements logged as all others.

    Bytes arrive as they are; in the text format each takes two hexadecimal digits. Django's own cursors write
    parameters into the statement, and for those psycopg knows no binary answer.
    """
    connection.ensure_connection()
    with Cursor(connection.connection) as plain:
        plain.format = Format.BINARY
        wrapper = CursorDebugWrapper if connection.queries_logged else CursorWrapper
        yield wrapper(plain, connection)
