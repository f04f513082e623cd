"""Lets the database refuse that a message is altered or removed. Runs beside the previous release."""

from pathlib import Path

from django.db import migrations

SQL = (Path(__file__).parents[1] / "sql" / "messages_v1.sql").read_text(encoding="utf-8")
UNDO = """
GRANT DELETE ON matter_messages_message TO relay_app;
GRANT UPDATE, DELETE ON matter_messages_reading TO relay_app;
DROP TRIGGER message_is_of_one_issue ON matter_messages_message;
DROP FUNCTION matter_messages_message_fits();
DROP TRIGGER message_is_not_edited ON matter_messages_message;
DROP TRIGGER message_is_not_removed ON matter_messages_message;
DROP TRIGGER reading_is_not_edited ON matter_messages_reading;
DROP FUNCTION matter_messages_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("matter_messages", "0001_messages"),
        ("clocks", "0003_aggregate"),
    ]

    operations = [migrations.RunSQL(SQL, UNDO)]
