"""Lets the database refuse a forward that goes elsewhere than down, and edits of one. Beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "forwards_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP FUNCTION orders_forward_fits, orders_forward_stays, orders_takers_fit CASCADE;
GRANT DELETE ON orders_forward TO relay_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_aggregate"),
        ("orders", "0005_forwards"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
