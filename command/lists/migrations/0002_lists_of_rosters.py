"""A list of shifts is a kind of list, too. The release before takes none in, and minds none that is there."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lists", "0001_taken_lists"),
        ("organisations", "0003_mediation_committees"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="takenlist",
            name="taken_list_is_of_a_known_kind",
        ),
        migrations.AddConstraint(
            model_name="takenlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ("people", "units", "rosters"))), name="taken_list_is_of_a_known_kind"
            ),
        ),
    ]
