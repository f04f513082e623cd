"""How far a past has come that is filled in behind the present. Runs beside the release before."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0010_call_notes"),
        ("organisations", "0003_mediation_committees"),
    ]

    operations = [
        migrations.CreateModel(
            name="Past",
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
                ("first_number", models.PositiveIntegerField()),
                ("issues", models.PositiveIntegerField()),
                ("filled_in", models.PositiveIntegerField(default=0)),
                ("as_of", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("reached", models.DateTimeField(null=True)),
                ("completed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("first_number__gte", 1), ("issues__gte", 1)), name="past_has_issues"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("completed_at__isnull", False), ("filled_in", models.F("issues"))),
                            models.Q(("completed_at", None), ("filled_in__lt", models.F("issues"))),
                            _connector="OR",
                        ),
                        name="past_is_complete_with_its_last_issue",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("until__lte", models.F("as_of"))),
                        name="past_ends_before_its_times_were_counted",
                    ),
                ],
            },
        ),
    ]
