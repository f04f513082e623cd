"""Keeps who holds an issue beside it, so that its card needs no hop.

Runs beside the previous release, which leaves it empty."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0002_the_whole_law"),
        ("organisations", "0001_centres_and_units"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="held_since",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="issue",
            name="holder",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="organisations.unit",
            ),
        ),
        migrations.AddConstraint(
            model_name="issue",
            constraint=models.CheckConstraint(
                condition=models.Q(holder=None, held_since=None)
                | models.Q(holder__isnull=False, held_since__isnull=False),
                name="issue_is_held_since_some_time",
            ),
        ),
    ]
