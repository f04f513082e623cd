"""Proof that a feed is what was written: the chain is computed again and every row that does not fit is named.

Source: docs/protocol.md, "The chain". Reads by ranges, each a short statement.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

import orjson

from realtime.feed.contract import GENESIS_HASH, Cursor
from realtime.feed.queries import FactRow, all_facts, head


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the feed is not what was written. `kind`: changed, removed, inserted, column, head."""

    seq: int
    kind: str
    detail: str


def chained(previous: bytes, epoch: int, seq: int, body: bytes, audience: bytes) -> bytes:
    """The hash at `seq`; the same as the SQL function `feed_hash_v1`."""
    return hashlib.sha256(
        previous
        + epoch.to_bytes(8, "big")
        + seq.to_bytes(8, "big")
        + hashlib.sha256(body).digest()
        + hashlib.sha256(audience).digest()
    ).digest()


def findings(rows: Iterable[FactRow], end: Cursor) -> Iterator[Finding]:
    """Walks the rows in order of seq against the head `end`; yields each misfit and goes on from the stored hash.

    A row whose bytes, audience, epoch or hash were edited is `changed`, and so is one put in another's place;
    a hole in seq is `removed`; a row above the head, or a seq twice, is `inserted`; a column that says something
    else than the hashed bytes is `column`; a head that the last row does not lead to is `head`.
    """
    previous, expected = GENESIS_HASH, 1
    for row in rows:
        if row.seq > end.seq:
            yield Finding(row.seq, "inserted", f"lies above the head ({end.seq})")
            continue
        if row.seq < expected:
            yield Finding(row.seq, "inserted", "this seq stands twice")
            continue
        if row.seq > expected:
            missing = f"{expected}" if row.seq == expected + 1 else f"{expected} to {row.seq - 1}"
            yield Finding(expected, "removed", f"seq {missing} is missing")
            # The chain can't be followed over a hole: go on from what the row after it claims.
        elif chained(previous, row.epoch, row.seq, row.bytes, row.audience) != row.hash:
            yield Finding(row.seq, "changed", "bytes, audience or hash are not those that were chained here")
        yield from _columns(row)
        previous, expected = row.hash, row.seq + 1
    if expected <= end.seq:
        yield Finding(expected, "removed", f"seq {expected} to {end.seq} is missing at the end")
    elif previous != end.hash:
        yield Finding(end.seq, "head", "the head's hash is not the last fact's")


def _columns(row: FactRow) -> Iterator[Finding]:
    """The columns that only index the bytes must say what the bytes say."""
    fact = orjson.loads(row.bytes)
    told = (fact["name"], fact["object"]["kind"], fact["object"]["id"], fact["version"], fact.get("to"))
    kept = (row.name, row.object_kind, str(row.object_id), row.version, row.addressed_to)
    if told != kept:
        yield Finding(row.seq, "column", f"columns say {kept}, the hashed bytes say {told}")


def verify(centre_id: UUID) -> tuple[Cursor, list[Finding]]:
    """Where the centre's feed ended when the walk began, and every finding up to there."""
    end = head(centre_id)
    rows = (row for row in all_facts(centre_id))
    found = []
    for finding in findings(rows, end):
        # Facts recorded while the walk ran lie above the head that it began with.
        if finding.kind == "inserted" and finding.seq > end.seq and finding.seq <= head(centre_id).seq:
            continue
        found.append(finding)
    return end, found
