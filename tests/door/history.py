"""Writes history for the tests of backup and restore, then its anchors: `python -m tests.door.history <marks…>`."""

import sys
from datetime import UTC, datetime
from typing import Final
from uuid import UUID, uuid5

import django

CENTRE: Final = UUID("5e57e570-0000-4000-8000-000000000001")
AT: Final = datetime(2026, 11, 2, 1, 2, 3, tzinfo=UTC)


def main(marks: list[str]) -> None:
    """One fact per mark: other marks at the same places of the feed make another history."""
    django.setup()
    from django.db import transaction

    from realtime.feed.actions import open_centre, record
    from realtime.feed.anchors import write_anchors
    from realtime.feed.contract import Audience, AudienceClass, Change
    from realtime.feed.facts import EpochOpened

    open_centre(CENTRE)
    audience = Audience.of([f"centre:{CENTRE}"], AudienceClass.CONTROL)
    for mark in marks:
        fact = EpochOpened(
            object_id=uuid5(CENTRE, mark), epoch=1, kept_seq=0, lost_epoch=None, lost_seq=None, lost_hash=None
        )
        with transaction.atomic():
            record(None, Change(fact, None, audience), at=AT, centre_id=CENTRE)
    write_anchors()


if __name__ == "__main__":
    main(sys.argv[1:])
