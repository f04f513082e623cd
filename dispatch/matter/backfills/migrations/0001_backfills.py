"""Steps that happened on paper, with both times. A new table: runs beside the release before."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("issues", "0005_search"),
        ("orders", "0006_forwards_go_down"),
        ("people", "0005_screens_offered_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Backfill",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                ("verb", models.TextField()),
                ("happened_at", models.DateTimeField()),
                ("entered_at", models.DateTimeField()),
                (
                    "ground",
                    models.TextField(
                        choices=[
                            ("power_cut", "power_cut"),
                            ("network_cut", "network_cut"),
                            ("system_outage", "system_outage"),
                        ]
                    ),
                ),
                ("by", models.TextField()),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="backfills", to="issues.issue"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="orders.order"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("issue", "order", "version"), name="step_is_backfilled_once", nulls_distinct=False
                    ),
                    models.CheckConstraint(
                        condition=models.Q(happened_at__lt=models.F("entered_at")),
                        name="backfill_happened_before_it_was_entered",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(ground__in=["network_cut", "power_cut", "system_outage"]),
                        name="backfill_ground_is_listed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(order=None, verb__in=["accept", "dispatch", "file", "report"])
                        | models.Q(order__isnull=False, verb__in=["acknowledge", "feed_back", "start"]),
                        name="backfill_is_of_a_listed_step",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(by__startswith="person:"), name="backfill_is_entered_by_a_person"
                    ),
                ],
            },
        ),
    ]
