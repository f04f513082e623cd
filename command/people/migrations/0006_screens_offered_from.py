"""Keeps from which source a screen waits, until it is approved. Runs beside the previous release, which keeps none."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("people", "0005_screens_offered_once")]

    operations = [
        migrations.AddField(model_name="device", name="offered_from", field=models.BinaryField(null=True)),
    ]
