"""The feed's SQL functions, its trigger and its grants, from `sql/functions_v1.sql`."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "functions_v1.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """Not reversible: facts that were chained by these functions stay chained by them."""

    dependencies: ClassVar = [("feed", "0001_tables")]
    operations: ClassVar = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
