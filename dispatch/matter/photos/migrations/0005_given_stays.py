"""Lets the database refuse that a photo which was given away is altered or removed. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "given_v1.sql").read_text(encoding="utf-8")
UNDO = """
DROP TRIGGER photo_that_was_given_stays ON photos_photo;
DROP FUNCTION photos_photo_stays();
DROP TRIGGER photo_of_a_message_is_of_one_issue ON photos_photo;
DROP FUNCTION photos_message_fits();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("photos", "0004_of_messages"),
        ("clocks", "0003_aggregate"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
