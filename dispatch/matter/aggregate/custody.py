"""The only writer of hops: custody follows the rows. Works on rows that the caller has locked, at the caller's time."""

from typing import Final
from uuid import uuid4

from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.custody.holders import HandOver, holder_of

# The hop that was ends where the one that is begins; what was taken up again after its end begins another chain.
_HAND_OVER: Final = """
WITH ended AS (UPDATE relays_hop SET to_at = %s WHERE issue_id = %s AND to_at IS NULL RETURNING chain)
INSERT INTO relays_hop (id, issue_id, chain, holder_id, from_at, how, by)
SELECT h.id, h.issue,
       coalesce((SELECT chain FROM ended), 1 + (SELECT max(chain) FROM relays_hop WHERE issue_id = h.issue), 1),
       h.holder, h.at, h.how, h.by
FROM (VALUES (%s::uuid, %s::uuid, %s::uuid, %s::timestamptz, %s, %s)) AS h(id, issue, holder, at, how, by)
"""
_END: Final = "UPDATE relays_hop SET to_at = %s WHERE issue_id = %s AND to_at IS NULL"


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
    """Has the hand-overs of the aggregate written, after the issue's row. No statement of its own."""
    issue, at = aggregate.issue.pk, aggregate.at
    for hop in aggregate.hops:
        if hop.holder is None:
            aggregate.writes.append((_END, [at, issue]))
        else:
            aggregate.writes.append((_HAND_OVER, [at, issue, uuid4(), issue, hop.holder, at, str(hop.how), hop.by]))
    aggregate.hops.clear()
