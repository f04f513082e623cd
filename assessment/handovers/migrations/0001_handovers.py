"""Handovers of the desk, each between two posts, with its sheet. A new table: runs beside the release before."""

import datetime
import uuid

import django.contrib.postgres.constraints
import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("duty", "0002_attendance"),
        ("organisations", "0003_mediation_committees"),
        ("people", "0007_post_of_one_unit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Handover",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("version", models.PositiveIntegerField()),
                (
                    "state",
                    models.TextField(choices=[("given", "待接班"), ("taken", "已接班"), ("withdrawn", "已撤回")]),
                ),
                ("since", models.DateTimeField()),
                ("at", models.DateTimeField()),
                ("taken_at", models.DateTimeField(null=True)),
                ("withdrawn_at", models.DateTimeField(null=True)),
                ("sheet", models.JSONField()),
                ("sealed_notes", models.BinaryField(null=True)),
                (
                    "centre",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="organisations.centre",
                    ),
                ),
                (
                    "giver",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
                (
                    "taker",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["centre", "-at"], name="handovers_of_a_desk")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["given", "taken", "withdrawn"])),
                        name="handover_state_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("version__gte", 1)), name="handover_version_is_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "since__gte",
                                django.db.models.expressions.CombinedExpression(
                                    models.F("at"), "-", models.Value(datetime.timedelta(days=1))
                                ),
                            ),
                            ("since__lte", models.F("at")),
                        ),
                        name="handover_is_of_a_day_at_most",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "taken"),
                                ("taken_at__gte", models.F("at")),
                                ("taken_at__isnull", False),
                                ("taker__isnull", False),
                            ),
                            models.Q(models.Q(("state", "taken"), _negated=True), ("taken_at", None), ("taker", None)),
                            _connector="OR",
                        ),
                        name="handover_taken_names_who_took_it",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state", "withdrawn"),
                                ("withdrawn_at__gte", models.F("at")),
                                ("withdrawn_at__isnull", False),
                            ),
                            models.Q(models.Q(("state", "withdrawn"), _negated=True), ("withdrawn_at", None)),
                            _connector="OR",
                        ),
                        name="handover_withdrawn_says_when",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("giver__isnull", False), ("state", "taken"), _connector="OR"),
                        name="handover_without_giver_was_taken",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("giver", None), models.Q(("giver", models.F("taker")), _negated=True), _connector="OR"
                        ),
                        name="handover_is_between_two",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "given")), fields=("centre",), name="one_handover_waits_at_a_desk"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("state", "withdrawn"), _negated=True),
                        expressions=[
                            ("centre", "="),
                            (models.Func(models.F("since"), models.F("at"), function="tstzrange"), "&&"),
                        ],
                        name="shifts_of_a_desk_do_not_overlap",
                    ),
                ],
            },
        ),
    ]
