"""Lets a photo or document show a message. Runs beside the previous release."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0005_far_positions"),
        ("issues", "0012_messages"),
        ("matter_messages", "0001_messages"),
        ("orders", "0006_forwards_go_down"),
        ("organisations", "0003_mediation_committees"),
        ("photos", "0003_documents"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="photo",
            name="photo_belongs_to_an_issue_or_waits",
        ),
        migrations.RemoveConstraint(
            model_name="photo",
            name="photo_shows_a_report_or_a_feedback",
        ),
        migrations.AddField(
            model_name="photo",
            name="message",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="photos",
                to="matter_messages.message",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("attached_at", None),
                        ("issue", None),
                        ("message", None),
                        ("order", None),
                        ("report", None),
                        ("wrapped__isnull", False),
                    ),
                    models.Q(
                        ("attached_at__isnull", False),
                        ("centre__isnull", False),
                        ("issue__isnull", False),
                        ("wrapped", None),
                    ),
                    _connector="OR",
                ),
                name="photo_belongs_to_an_issue_or_waits",
            ),
        ),
        migrations.AddConstraint(
            model_name="photo",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("issue", None),
                    models.Q(("message", None), ("order", None), ("report__isnull", False)),
                    models.Q(("message", None), ("order__isnull", False), ("report", None)),
                    models.Q(("message__isnull", False), ("order", None), ("report", None)),
                    _connector="OR",
                ),
                name="photo_shows_a_report_a_feedback_or_a_message",
            ),
        ),
    ]
