"""Lets facts of a past that is recorded behind the present leave no mark. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

_FOLDER = Path(__file__).parents[1] / "sql"
SQL = (_FOLDER / "unseen_v2.sql").read_text(encoding="utf-8")
_FORMER = (_FOLDER / "unseen_v1.sql").read_text(encoding="utf-8")
UNDO = _FORMER[: _FORMER.index("CREATE TRIGGER")].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [
        ("unseen", "0002_marked_by_facts"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
