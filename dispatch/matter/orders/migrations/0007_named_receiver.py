"""The named receiver of an order and of a forward. Runs beside the release before, which writes none.

It is a post of the order's unit, of the forward's taker: the database refuses another one.
"""

import django.db.models.deletion
from django.db import migrations, models

OF_ITS_UNIT = """
ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY (receiver_id, {unit}) REFERENCES people_post (id, unit_id)
"""
NAMED = (
    ("orders_order", "unit_id", "receiver_is_of_the_orders_unit"),
    ("orders_forward", "taker_id", "receiver_is_of_the_forwards_taker"),
)


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_forwards_go_down"),
        ("people", "0007_post_of_one_unit"),
    ]

    operations = [
        *(
            migrations.AddField(
                model_name=model,
                name="receiver",
                field=models.ForeignKey(
                    db_index=False,
                    null=True,
                    on_delete=django.db.models.deletion.PROTECT,
                    related_name="+",
                    to="people.post",
                ),
            )
            for model in ("forward", "order")
        ),
        *(
            migrations.RunSQL(
                OF_ITS_UNIT.format(table=table, unit=unit, name=name), f"ALTER TABLE {table} DROP CONSTRAINT {name}"
            )
            for table, unit, name in NAMED
        ),
    ]
