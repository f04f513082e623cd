"""Remembers how far a centre's open objects were told once more in a new shape. Runs beside the previous release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0007_declined_lately"),
        ("organisations", "0002_contacts_and_community_centres"),
    ]

    operations = [
        migrations.CreateModel(
            name="Redrawing",
            fields=[
                (
                    "centre",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="organisations.centre",
                    ),
                ),
                ("after", models.UUIDField(null=True)),
            ],
        ),
    ]
