"""Lets the database refuse a photo that is mixed from two issues or centres. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "of_one_issue_v1.sql").read_text(encoding="utf-8")
UNDO = "DROP FUNCTION photos_photo_fits CASCADE;"


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0003_aggregate"),
        ("photos", "0001_photos"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
