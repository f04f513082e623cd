"""Lets each marking fact leave its row, and each ending one take them away. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "unseen_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER unseen_mark ON feed_fact;
DROP FUNCTION unseen_take_v1();
GRANT INSERT, UPDATE ON unseen_unseenchange TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("feed", "0002_functions"),
        ("unseen", "0001_unseen"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
