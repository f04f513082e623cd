"""What proves that there is room to write, from `sql/room_v1.sql`."""

from pathlib import Path
from typing import ClassVar

from django.db import migrations

SQL = (Path(__file__).parent.parent / "sql" / "room_v1.sql").read_text(encoding="utf-8")
BACK = "DROP FUNCTION feed_prove_room_v1(); DROP TABLE feed_room"


class Migration(migrations.Migration):
    """The release before runs beside it: it asks for none of this."""

    dependencies: ClassVar = [("feed", "0003_fact_by_time")]
    operations: ClassVar = [migrations.RunSQL(SQL, BACK)]
