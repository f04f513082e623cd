"""One lead order at a time also while the one that was answered waits to be verified. Runs beside the release before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_pages"),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="order", name="issue_has_one_open_lead_order"),
        migrations.AddConstraint(
            model_name="order",
            constraint=models.UniqueConstraint(
                condition=models.Q(role="lead", state__in=["acknowledged", "fed_back", "in_handling", "sent"]),
                fields=("issue",),
                name="issue_has_one_open_lead_order",
            ),
        ),
    ]
