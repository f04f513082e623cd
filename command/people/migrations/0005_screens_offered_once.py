"""Keeps under which key a screen was offered. Runs beside the previous release, which offers without one."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0004_posts_of_one_centre")]

    operations = [
        migrations.AddField(model_name="device", name="offer_hash", field=models.BinaryField(null=True)),
        migrations.AddConstraint(
            model_name="device",
            constraint=models.UniqueConstraint(fields=("offer_hash",), name="screen_is_offered_once_per_key"),
        ),
    ]
