"""Keeps a withdrawal with the report of who withdrew. Runs beside the previous release, which does not know it."""

from django.db import migrations, models

TAKE_OVER = """
UPDATE intake_report r SET withdrawn_at = i.withdrawn_at
FROM issues_issue i WHERE i.id = r.issue_id AND i.withdrawn_at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0002_query_codes_and_posts"),
        ("issues", "0005_search"),
    ]

    operations = [
        migrations.AddField(model_name="report", name="withdrawn_at", field=models.DateTimeField(null=True)),
        migrations.RunSQL(TAKE_OVER, migrations.RunSQL.noop),
    ]
