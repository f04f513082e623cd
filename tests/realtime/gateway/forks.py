"""What restoring an older backup does to a centre: its last facts never were, and others take their places."""

from collections.abc import Sequence

from django.db import connection, transaction

from realtime.feed.actions import record
from realtime.feed.clock import at
from realtime.feed.contract import Change
from tests.realtime.gateway.stage import Centre


@transaction.atomic
def fork(centre: Centre, kept_seq: int, changes: Sequence[Change], *, epoch: int = 1) -> None:
    """Forgets everything behind `kept_seq` and records `changes` instead; one step for whoever looks on."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feed_fact DISABLE TRIGGER fact_is_never_changed_or_removed")
        cursor.execute("DELETE FROM feed_fact WHERE centre_id = %s AND seq > %s", [centre.id, kept_seq])
        cursor.execute("ALTER TABLE feed_fact ENABLE TRIGGER fact_is_never_changed_or_removed")
        cursor.execute(
            "UPDATE feed_centre_head h SET epoch = %s, seq = f.seq, hash = f.hash FROM feed_fact f"
            " WHERE h.centre_id = %s AND f.centre_id = h.centre_id AND f.seq = %s",
            [epoch, centre.id, kept_seq],
        )
    if changes:
        record(None, *changes, at=at(None), centre_id=centre.id)
