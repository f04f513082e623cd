"""Lets the database refuse what mixes centres or issues, and what would edit what was said or judged.

Runs beside the previous release, which does none of it.
"""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "aggregate_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION aggregate_issue_fits, aggregate_report_fits, aggregate_order_fits, aggregate_clock_fits,
    aggregate_due_fits, aggregate_due_fired_stays, aggregate_refuse CASCADE;
GRANT UPDATE, DELETE ON issues_note, orders_feedback TO relay_app;
GRANT DELETE ON issues_issue, issues_issuenumber, intake_report, orders_order, clocks_clock TO relay_app;
GRANT INSERT ON feed_command_key TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0002_relay_lasts_sixty_minutes"),
        ("feed", "0002_functions"),
        ("grid", "0001_cells"),
        ("intake", "0001_reports"),
        ("issues", "0001_issues"),
        ("orders", "0001_orders"),
        ("organisations", "0001_centres_and_units"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
