"""An item has no days of its own: no clock read these; level and settings say how long handling may take."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0002_existing_centres")]
    operations = [migrations.RemoveField("catalogueitem", "handling_days")]
