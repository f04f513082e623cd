"""Makes the table of forwards (转办). Runs beside the previous release, which forwards nothing."""

import uuid

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_one_lead_at_a_time"),
        ("organisations", "0003_mediation_committees"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="takers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.UUIDField(), db_default=[], default=list, size=None
            ),
        ),
        migrations.CreateModel(
            name="Forward",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("step", models.PositiveSmallIntegerField()),
                ("sent_at", models.DateTimeField()),
                ("by", models.TextField()),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("acknowledged_by", models.TextField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "ending",
                    models.TextField(
                        choices=[
                            ("taken_back", "已收回"),
                            ("answered", "已由上级反馈"),
                            ("gone", "派遣单已撤回或退单"),
                        ],
                        null=True,
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forwards", to="orders.order"
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(condition=models.Q(("ended_at", None)), fields=["taker"], name="forward_to_a_unit")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at", None)),
                        fields=("order", "step"),
                        name="order_has_one_live_forward_chain",
                    ),
                    models.CheckConstraint(condition=models.Q(("step__gte", 1)), name="forward_has_a_step"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("acknowledged_at", None), ("acknowledged_by", None)),
                            models.Q(
                                ("acknowledged_at__gte", models.F("sent_at")),
                                ("acknowledged_at__isnull", False),
                                ("acknowledged_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="forward_acknowledged_has_time_and_person",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ended_at", None), ("ending", None)),
                            models.Q(
                                ("ended_at__gte", models.F("sent_at")),
                                ("ended_at__isnull", False),
                                ("ending__isnull", False),
                                ("ending__in", ["answered", "gone", "taken_back"]),
                            ),
                            _connector="OR",
                        ),
                        name="forward_ended_says_when_and_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ending", None), ("ending", "gone"), ("acknowledged_at", None), _connector="OR"
                        ),
                        name="what_was_acknowledged_is_not_taken_back",
                    ),
                ],
            },
        ),
    ]
