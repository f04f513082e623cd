"""Keeps when a device was last heard of before its present connection. Runs beside the previous release."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("delivery", "0001_tables")]

    operations = [
        migrations.AddField(model_name="devicecursor", name="connected_at", field=models.DateTimeField(null=True)),
        migrations.AddField(model_name="devicecursor", name="before_at", field=models.DateTimeField(null=True)),
    ]
