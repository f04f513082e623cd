"""A feed that was tampered with names the row: changed, removed, inserted."""

from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from realtime.feed.verification import verify
from tests.realtime.feed.toys import move, moved, toy_command


@pytest.fixture
def feed_of_five(centre: UUID) -> UUID:
    """A centre with five facts."""
    for _ in range(5):
        move(toy_command(centre), moved())
    return centre


def tamper(statement: str, *args: object) -> None:
    """What somebody with the owner's rights could do: the trigger switched off, then a statement."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feed_fact DISABLE TRIGGER USER")
        cursor.execute(statement, args)
        cursor.execute("ALTER TABLE feed_fact ENABLE TRIGGER USER")


def test_an_untouched_feed_holds(feed_of_five: UUID, capsys: pytest.CaptureFixture[str]) -> None:
    end, found = verify(feed_of_five)
    assert (end.seq, found) == (5, [])
    call_command("verify_feed")
    assert f"centre {feed_of_five}: epoch 1, 5 facts: the chain holds" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE feed_fact SET bytes = bytes || ' ' WHERE centre_id = %s AND seq = 3", [(3, "changed")]),
        ("UPDATE feed_fact SET audience = '{}' WHERE centre_id = %s AND seq = 3", [(3, "changed")]),
        ("UPDATE feed_fact SET version = 9 WHERE centre_id = %s AND seq = 3", [(3, "column")]),
        ("UPDATE feed_fact SET epoch = 2 WHERE centre_id = %s AND seq = 3", [(3, "changed")]),
        ("DELETE FROM feed_fact WHERE centre_id = %s AND seq = 3", [(3, "removed")]),
        ("DELETE FROM feed_fact WHERE centre_id = %s AND seq >= 4", [(4, "removed")]),
        ("UPDATE feed_centre_head SET hash = decode(repeat('11', 32), 'hex') WHERE centre_id = %s", [(5, "head")]),
        (
            "INSERT INTO feed_fact SELECT centre_id, 6, epoch, at, name, object_kind, gen_random_uuid(), version,"
            " bytes, audience, addressed_to, hash FROM feed_fact WHERE centre_id = %s AND seq = 5",
            [(6, "inserted")],
        ),
    ],
)
def test_what_was_done_is_named_with_its_row(
    feed_of_five: UUID, statement: str, expected: list[tuple[int, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    tamper(statement, feed_of_five)
    _, found = verify(feed_of_five)
    assert [(finding.seq, finding.kind) for finding in found] == expected
    with pytest.raises(SystemExit):
        call_command("verify_feed")
    assert f"seq {expected[0][0]}: {expected[0][1]}" in capsys.readouterr().out


def test_two_rows_that_changed_places_are_both_named(feed_of_five: UUID) -> None:
    tamper("UPDATE feed_fact SET seq = 100 WHERE centre_id = %s AND seq = 2", feed_of_five)
    tamper("UPDATE feed_fact SET seq = 2 WHERE centre_id = %s AND seq = 3", feed_of_five)
    tamper("UPDATE feed_fact SET seq = 3 WHERE centre_id = %s AND seq = 100", feed_of_five)
    _, found = verify(feed_of_five)
    assert {2, 3} <= {finding.seq for finding in found}
