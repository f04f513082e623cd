"""Gives the clocks that began before their instants and their numbers. Rewrites each row once; leaves columns on the way back."""

from django.db import migrations

# Seconds as numbers are exact; the text of one is read as an interval without a rounding in between.
SQL = """
UPDATE clocks_clock c SET card_id = n.card_id,
    amber_at = CASE WHEN c.due_at IS NOT NULL THEN c.started_at + c.paused_for
        + (round(extract(epoch FROM c.allowance) * c.amber_share / 100, 6)::text || ' seconds')::interval END
FROM (SELECT id, row_number() OVER (PARTITION BY issue_id ORDER BY id) AS card_id FROM clocks_clock) n
WHERE n.id = c.id
"""


class Migration(migrations.Migration):
    dependencies = [("clocks", "0008_instants")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
