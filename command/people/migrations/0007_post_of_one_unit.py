"""A foreign key may name a post with its unit: rosters do. Runs beside the release before."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("grid", "0002_codes_and_names"),
        ("organisations", "0003_mediation_committees"),
        ("people", "0006_screens_offered_from"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="post",
            constraint=models.UniqueConstraint(fields=("id", "unit"), name="post_is_of_one_unit"),
        ),
    ]
