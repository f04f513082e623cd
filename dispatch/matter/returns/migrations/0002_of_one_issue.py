"""Lets the database refuse a request about another issue's order. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "requests_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION returns_request_fits CASCADE;
GRANT DELETE ON returns_returnrequest TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_aggregate"),
        ("returns", "0001_requests"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
