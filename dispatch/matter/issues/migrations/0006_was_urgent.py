"""Keeps that an issue was urgent once: to amend that away changes nobody's right to decline it.

Runs beside the previous release, which leaves it false."""

from django.db import migrations, models

SQL = """
UPDATE issues_issue SET was_urgent = true
WHERE urgent OR id IN (SELECT issue_id FROM clocks_clock WHERE kind = 'on_scene')
"""


class Migration(migrations.Migration):
    dependencies = [
        ("issues", "0005_search"),
        ("clocks", "0004_kinds_pauses_ladder"),
    ]

    operations = [
        migrations.AddField(
            model_name="issue",
            name="was_urgent",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RunSQL(SQL, migrations.RunSQL.noop),
    ]
