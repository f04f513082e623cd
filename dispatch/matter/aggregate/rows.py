"""Rows of our models read and written as they stand, past Django's compiler: that was most of a command's CPU.

Values go through their fields, so a column of any kind needs nothing here; a new column needs nothing either.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Field, Model
from django.db.models.expressions import Col, DatabaseDefault

from realtime.feed.statements import Rows, Statement

M = TypeVar("M", bound=Model)
Convert = Callable[[Any], Any]


class Columns(Generic[M]):
    """The columns of a model but one: how they are named in a statement, and how its rows become the model's."""

    def __init__(self, model: type[M], *, without: str = "") -> None:
        self._model = model
        self._fields = [field for field in model._meta.concrete_fields if field.name != without]
        self._names = [field.attname for field in self._fields]

    def reading(self, rest: str) -> str:
        """A statement that reads them."""
        columns = ", ".join(f't."{field.column}"' for field in self._fields)
        return f'SELECT {columns} FROM "{self._model._meta.db_table}" t {rest}'  # noqa: S608  # names of our own models

    def rows(self, found: Rows) -> list[M]:
        """The model's rows of what such a statement has found."""
        return [self._model.from_db(connection.alias, self._names, self._converted(row)) for row in found]

    def _converted(self, row: Sequence[Any]) -> Sequence[Any]:
        values = list(row)
        for place, convert in self._converters:
            values[place] = convert(values[place])
        return values

    @cached_property
    def _converters(self) -> list[tuple[int, Convert]]:
        return [
            (place, _converter(column, one))
            for place, column in enumerate(field.cached_col for field in self._fields)
            for one in (*connection.ops.get_db_converters(column), *column.get_db_converters(connection))
        ]


def inserted(row: Model) -> Statement:
    """The statement that writes a new row, all of it."""
    values = [(field, getattr(row, field.attname)) for field in row._meta.concrete_fields]
    given = [(field, value) for field, value in values if not _by_database(field, value)]
    columns = ", ".join(f'"{field.column}"' for field, _ in given)
    marks = ", ".join(["%s"] * len(given))
    row._state.adding, row._state.db = False, connection.alias
    text = f'INSERT INTO "{row._meta.db_table}" ({columns}) VALUES ({marks})'  # noqa: S608
    return text, [field.get_db_prep_save(value, connection) for field, value in given]


def updated(row: Model, before: Mapping[str, Any]) -> Statement | None:
    """The statement that writes what has changed since `before`, which is what `as_read` said; None: nothing has."""
    now = row.__dict__
    changed = [
        field
        for field in row._meta.concrete_fields
        if field.attname in now and (field.attname not in before or now[field.attname] != before[field.attname])
    ]
    if not changed:
        return None
    columns = ", ".join(f'"{field.column}" = %s' for field in changed)
    text = f'UPDATE "{row._meta.db_table}" SET {columns} WHERE id = %s'  # noqa: S608
    return text, [*(field.get_db_prep_save(now[field.attname], connection) for field in changed), row.pk]


def as_read(row: Model) -> Mapping[str, Any]:
    """A row's values at this moment, for `updated`: columns are replaced, never changed in place."""
    return dict(row.__dict__)


def _by_database(field: "Field[Any, Any]", value: object) -> bool:
    return isinstance(value, DatabaseDefault) or (field.primary_key and value is None)


def _converter(column: Col, convert: Callable[..., Any]) -> Convert:
    return lambda value: convert(value, column, connection)
