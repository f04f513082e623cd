"""Finds a report by the end of the sender's own number. Runs beside the previous release, which does not look for it."""

from django.db import migrations

# Signs that part a number's figures are left out on both sides: dispatch/reading/senders_numbers.py writes the same.
SQL = """
CREATE FUNCTION senders_number_backwards(text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT reverse(translate(upper($1), ' -_/.#:()[]〔〕（）【】', ''))
$$;
CREATE INDEX report_by_senders_number ON intake_report
    (centre_id, senders_number_backwards(source_number) text_pattern_ops) WHERE source_number IS NOT NULL;
"""
UNDO = """
DROP INDEX report_by_senders_number;
DROP FUNCTION senders_number_backwards(text);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0003_withdrawn_by_report")]

    operations = [migrations.RunSQL(SQL, UNDO)]
