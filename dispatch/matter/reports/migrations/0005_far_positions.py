"""A position that is too far away to be one is kept as it came in, without a point. The release before knows no such row."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0004_senders_number_is_searched")]
    operations = [
        migrations.RemoveConstraint(model_name="report", name="report_position_keeps_what_came_in"),
        migrations.RemoveConstraint(model_name="report", name="report_without_position_says_so"),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("given_lat", None), ("given_lon", None), ("given_system", None), ("position", None))
                | models.Q(("given_lat__isnull", False), ("given_lon__isnull", False), ("given_system__isnull", False)),
                name="report_position_keeps_what_came_in",
            ),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.CheckConstraint(
                condition=models.Q(("placing", "no_position"), ("position", None))
                | models.Q(("given_lon__isnull", False), ("placing", "unplaced"), ("position", None))
                | (models.Q(("position__isnull", False)) & ~models.Q(("placing", "no_position"))),
                name="report_without_position_says_so",
            ),
        ),
    ]
