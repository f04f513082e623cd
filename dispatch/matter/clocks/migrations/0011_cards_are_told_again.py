"""Has what is open told once more: clocks on cards have an id and `amber_at`. The worker does it (verbs/redrawing.py)."""

from django.db import migrations

SQL = """
INSERT INTO issues_redrawing (centre_id) SELECT id FROM organisations_centre
ON CONFLICT (centre_id) DO UPDATE SET after = NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0010_instants_agree"),
        ("issues", "0008_redrawing"),
    ]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
