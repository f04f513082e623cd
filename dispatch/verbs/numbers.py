"""Numbers of issues: one sequence per centre, in one row."""

from uuid import UUID

from django.db import connection


def next_number(centre_id: UUID) -> int:
    """The centre's next number: one row, locked until the commit, so that a roll-back leaves no gap."""
    return reserve(centre_id, 1)


def reserve(centre_id: UUID, count: int) -> int:
    """Takes the next `count` numbers of a centre for issues to come. The first of them. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO issues_issuenumber (centre_id, last) VALUES (%s, %s)"
            " ON CONFLICT (centre_id) DO UPDATE SET last = issues_issuenumber.last + %s RETURNING last",
            [centre_id, count, count],
        )
        last = cursor.fetchone()[0]
    assert isinstance(last, int)
    return last - count + 1
