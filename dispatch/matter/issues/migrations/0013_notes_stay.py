"""Lets the database refuse that written words are altered or removed. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "notes_v1.sql").read_text(encoding="utf-8")
UNDO = """
GRANT UPDATE, DELETE ON issues_note TO relay_app;
DROP TRIGGER note_is_not_edited ON issues_note;
DROP FUNCTION issues_note_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0012_messages"),
        ("clocks", "0003_aggregate"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
