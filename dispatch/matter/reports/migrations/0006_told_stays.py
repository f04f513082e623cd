"""Lets the database refuse that what a report told is altered or removed. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "told_v1.sql").read_text(encoding="utf-8")
UNDO = """
GRANT DELETE ON intake_report TO relay_app;
DROP TRIGGER report_is_not_rewritten ON intake_report;
DROP TRIGGER report_is_not_removed ON intake_report;
DROP FUNCTION intake_report_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_far_positions"),
        ("clocks", "0003_aggregate"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
