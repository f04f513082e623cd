"""Lets the database refuse a backfill that no duty lead vouches for. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "backfills_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION backfills_backfill_fits, backfills_backfill_stays CASCADE;
GRANT UPDATE, DELETE ON backfills_backfill TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("backfills", "0001_backfills"),
        ("clocks", "0003_aggregate"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
