"""A clock keeps its share, the instant at which it turns amber, and what cards call it. Does not run beside the previous release."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0007_forward_of_one_order"),
        ("issues", "0007_declined_lately"),
    ]

    operations = [
        migrations.AddField(
            model_name="clock",
            name="amber_share",
            field=models.PositiveSmallIntegerField(default=80),  # until now a constant
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="clock",
            name="amber_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="clock",
            name="card_id",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
    ]
