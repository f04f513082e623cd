"""Whether a read can be served by one index alone: with rows as few as a test's a planner takes any."""

from django.db import connection
from django.db.models import Model, UniqueConstraint


def left_only(index: str, model: type[Model]) -> None:
    """Until the rollback this index and the primary key are all that the model's table has."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for constraint in model._meta.constraints:
            if isinstance(constraint, UniqueConstraint):
                cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{constraint.name}" CASCADE')
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s", [table])
        for (other,) in cursor.fetchall():
            if other not in (index, f"{table}_pkey"):
                cursor.execute(f'DROP INDEX "{other}"')
