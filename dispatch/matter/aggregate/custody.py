"""The only writer of hops: custody follows the rows. Works on rows that the caller has locked, at the caller's time."""

from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from django.db import connection

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.custody.holders import HandOver, holder_of
from dispatch.matter.custody.models import Hop

# The hop that was ends where the one that is begins; what was taken up again after its end begins another chain.
_HAND_OVER: Final = """
WITH ended AS (UPDATE relays_hop SET to_at = %(at)s WHERE issue_id = %(issue)s AND to_at IS NULL RETURNING chain)
INSERT INTO relays_hop (id, issue_id, chain, holder_id, from_at, how, by)
SELECT %(id)s, %(issue)s,
       coalesce((SELECT chain FROM ended), 1 + (SELECT max(chain) FROM relays_hop WHERE issue_id = %(issue)s), 1),
       %(holder)s, %(at)s, %(how)s, %(by)s
"""


def follow(aggregate: Aggregate, *, how: str, by: str) -> None:
    """Hands the issue over when its rows say that another holds it now, or that it has ended. Written by `save`.

    how   the verb that was done
    by    the principal who did it
    No statement. Call it before facts are told: the issue's card names its holder.
    """
    issue = aggregate.issue
    holder = holder_of(issue, aggregate.orders)
    if holder == issue.holder_id:
        return
    issue.holder_id, issue.held_since = holder, aggregate.at if holder else None
    aggregate.hops.append(HandOver(holder, how, by))


def save(aggregate: Aggregate) -> None:
    """Writes the hand-overs of the aggregate, after the issue's row. One statement each, none without one."""
    for hop in aggregate.hops:
        if hop.holder is None:
            Hop.objects.filter(issue=aggregate.issue, to_at=None).update(to_at=aggregate.at)
            continue
        values: dict[str, UUID | datetime | str] = {"id": uuid4(), "issue": aggregate.issue.pk, "at": aggregate.at}
        with connection.cursor() as cursor:
            cursor.execute(_HAND_OVER, values | {"holder": hop.holder, "how": hop.how, "by": hop.by})
    aggregate.hops.clear()
