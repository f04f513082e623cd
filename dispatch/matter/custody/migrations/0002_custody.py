"""Lets the database refuse custody with a gap, an overlap or a second telling. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "hops_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION relays_hop_fits, relays_hop_stays CASCADE;
GRANT DELETE ON relays_hop TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_aggregate"),
        ("relays", "0001_hops"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
