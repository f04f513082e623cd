"""Lets the database refuse a clock of another order's forward. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "forwards_v1.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0006_forwards"),
    ]

    operations = [migrations.RunSQL(SQL, "DROP FUNCTION clocks_forward_fits CASCADE;")]
