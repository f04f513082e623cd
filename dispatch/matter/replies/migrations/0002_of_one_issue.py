"""Lets the database refuse what passes with a reporter that is mixed from two issues or centres. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "of_one_issue_v1.sql").read_text(encoding="utf-8")
UNDO = "DROP FUNCTION replies_row_fits CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_aggregate"),
        ("replies", "0001_replies"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
