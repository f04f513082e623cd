"""Finds what was declined lately without reading all that ever was. Runs beside the previous release."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("issues", "0006_was_urgent")]

    operations = [
        migrations.AddIndex(
            model_name="issue",
            index=models.Index(
                name="issue_declined_lately", fields=["centre", "last_at"], condition=Q(state="declined")
            ),
        ),
    ]
