"""Makes the table of custody. Runs beside the previous release, which does not know it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("issues", "0003_holder"),
        ("organisations", "0001_centres_and_units"),
    ]

    operations = [
        migrations.CreateModel(
            name="Hop",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("chain", models.PositiveIntegerField()),
                ("from_at", models.DateTimeField()),
                ("to_at", models.DateTimeField(null=True)),
                ("how", models.TextField()),
                ("by", models.TextField()),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="organisations.unit"
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="hops", to="issues.issue"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issue", "chain", "from_at"], name="hops_in_order")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("to_at", None)), fields=("issue",), name="issue_has_one_holder"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("to_at", None), ("to_at__gte", models.F("from_at")), _connector="OR"),
                        name="hop_ends_after_it_began",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(models.Q(("how", ""), _negated=True), models.Q(("by", ""), _negated=True)),
                        name="hop_says_how_and_by_whom",
                    ),
                    models.CheckConstraint(condition=models.Q(("chain__gte", 1)), name="hop_is_of_a_chain"),
                ],
            },
        ),
    ]
