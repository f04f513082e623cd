"""Lets the database refuse that a record of looking is changed or removed. Runs beside the previous release."""

from django.db import migrations

SQL = "REVOKE UPDATE, DELETE ON viewings_viewing FROM relay_app;"
UNDO = "GRANT UPDATE, DELETE ON viewings_viewing TO relay_app;"


class Migration(migrations.Migration):
    dependencies = [("viewings", "0001_viewings")]

    operations = [migrations.RunSQL(SQL, UNDO)]
