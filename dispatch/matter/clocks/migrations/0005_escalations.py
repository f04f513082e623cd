"""Lets the database refuse escalations that mix issues, and edits of what was told. Beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "escalations_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION clocks_escalation_fits, clocks_escalation_stays CASCADE;
GRANT DELETE ON clocks_escalation TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0004_kinds_pauses_ladder"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
