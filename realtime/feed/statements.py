"""Statements that go to PostgreSQL together: one round trip, in their order, each with a snapshot of its own.

So what one of them locks, the next ones see as it was left by whoever held it before.
Source: docs/decisions/0028-statements-travel-together.md.
"""

from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

from django.db import connection

Statement: TypeAlias = tuple[str, Sequence[Any]]
Rows: TypeAlias = list[tuple[Any, ...]]


def ask(statements: Iterable[Statement]) -> list[Rows]:
    """Runs statements, with `%s` for their values; the rows of each. The first that fails ends them all."""
    texts: list[str] = []
    values: list[Any] = []
    for text, given in statements:
        texts.append(text)
        values += given
    found: list[Rows] = []
    with connection.cursor() as cursor:
        cursor.execute(";\n".join(texts), values)
        more: bool | None = True
        while more:
            found.append(cursor.fetchall() if cursor.description else [])
            more = cursor.nextset()
    return found
