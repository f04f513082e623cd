"""Makes the table of looks. Runs beside the previous release, which does not know it."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("issues", "0006_was_urgent"),
        ("people", "0005_screens_offered_once"),
    ]

    operations = [
        migrations.CreateModel(
            name="Viewing",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("what", models.TextField(choices=[("photo", "Photo"), ("document", "Document"), ("slip", "Slip")])),
                ("of", models.UUIDField()),
                (
                    "reason",
                    models.TextField(
                        choices=[("desk", "Desk"), ("order", "Order"), ("held", "Held"), ("reported", "Reported")]
                    ),
                ),
                ("by", models.TextField()),
                ("at", models.DateTimeField()),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="viewings", to="issues.issue"
                    ),
                ),
                (
                    "post",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.post"),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["issue", "at"], name="viewings_of_issue")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("what__in", ["document", "photo", "slip"])), name="viewing_says_what"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason__in", ["desk", "held", "order", "reported"])),
                        name="viewing_says_why",
                    ),
                    models.CheckConstraint(condition=models.Q(("by", ""), _negated=True), name="viewing_says_by_whom"),
                ],
            },
        ),
    ]
