"""Lets what others write within a matter mark it. Runs beside the previous release, which records no such fact."""

from pathlib import Path

from django.db import migrations

_FOLDER = Path(__file__).parents[1] / "sql"
SQL = (_FOLDER / "unseen_v3.sql").read_text(encoding="utf-8")
_FIRST = (_FOLDER / "unseen_v1.sql").read_text(encoding="utf-8")
UNDO = "DROP TRIGGER unseen_mark ON feed_fact;" + _FIRST[_FIRST.index("CREATE TRIGGER") : _FIRST.index("REVOKE")]


class Migration(migrations.Migration):
    dependencies = [
        ("unseen", "0003_a_past_leaves_no_mark"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
