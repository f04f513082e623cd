"""Whether the rows say what the feed says: every open object, recomputed from facts alone, beside what is stored.

The head and the objects are read in one short snapshot; the facts up to that head are read afterwards, range by range:
what is at or below a head never changes, and no long snapshot is kept on the primary.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

import rfc8785

from command.organisations.models import Centre
from realtime.feed import queries as feed
from realtime.feed.contract import Audience, AudienceClass, Cursor, Json, Pair, Scope
from realtime.gateway.contract import SnapshotSource
from realtime.gateway.snapshot import read_snapshot

Key = tuple[str, UUID]
ABSENT: Final = "absent"


@dataclass(frozen=True, slots=True)
class OpenObject:
    """One open object as one side knows it. Card and audience are canonical JSON: equal values have equal bytes."""

    version: int
    card: bytes
    audience: bytes


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing about one object that the feed and the rows do not agree on."""

    kind: str
    id: UUID
    what: str  # "object", "version", "card" or "audience"
    by_feed: str
    by_rows: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}: {self.what}: the feed says {self.by_feed}, the rows say {self.by_rows}"


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """What came of comparing one centre."""

    head: Cursor
    facts: int
    objects: int  # open ones, by the feed
    differences: list[Difference] = field(default_factory=list)


def reconcile(centre: Centre, sources: Sequence[SnapshotSource]) -> Reconciliation:
    """Compares one centre's open objects as its sources read them with those that its facts add up to."""
    head, stored = _read_rows(centre, sources)
    told, facts = replayed(_facts_up_to(centre.pk, head.seq))
    return Reconciliation(head, facts, len(told), list(differences(told, stored)))


def replayed(facts: Iterable[feed.FactRow]) -> tuple[dict[Key, OpenObject], int]:
    """The open objects that some facts add up to, from the first fact on, and how many facts there were."""
    shown: dict[Key, OpenObject] = {}
    count = 0
    for count, row in enumerate(facts, start=1):  # noqa: B007
        key = (row.object_kind, row.object_id)
        card = json.loads(row.bytes)["card"]
        audience = Audience.of_wire(json.loads(row.audience)["after"])
        if card.get("open") and audience.audience_class is not AudienceClass.CONTROL:
            shown[key] = OpenObject(row.version, _canonical(card), _canonical(audience.wire()))
        else:
            shown.pop(key, None)
    return shown, count


def differences(told: dict[Key, OpenObject], stored: dict[Key, OpenObject]) -> Iterator[Difference]:
    """Every difference between two sides, by kind and id."""
    for kind, id_ in sorted(told.keys() | stored.keys()):
        one, other = told.get((kind, id_)), stored.get((kind, id_))
        if one is None or other is None:
            yield Difference(kind, id_, "object", _presence(one), _presence(other))
            continue
        if one.version != other.version:
            yield Difference(kind, id_, "version", str(one.version), str(other.version))
        if one.card != other.card:
            yield Difference(kind, id_, "card", *_unlike(one.card, other.card))
        if one.audience != other.audience:
            yield Difference(kind, id_, "audience", *_unlike(one.audience, other.audience))


def _read_rows(centre: Centre, sources: Sequence[SnapshotSource]) -> tuple[Cursor, dict[Key, OpenObject]]:
    """Head and open objects of one instant, as a screen's snapshot is made, in a scope that sees everything."""
    everything = Scope((Pair(f"place:{centre.code}", AudienceClass.SENSITIVE),))
    snapshot = read_snapshot(sources, everything, centre.pk)
    return snapshot.at, {
        (one.kind, one.id): OpenObject(one.version, _canonical(one.card), _canonical(one.audience.wire()))
        for one in snapshot.objects
    }


def _facts_up_to(centre_id: UUID, seq: int) -> Iterator[feed.FactRow]:
    for row in feed.all_facts(centre_id):
        if row.seq > seq:
            return
        yield row


def _canonical(value: object) -> bytes:
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # its own alias knows dict and list only


def _presence(one: OpenObject | None) -> str:
    return f"open at version {one.version}" if one else ABSENT


def _unlike(one: bytes, other: bytes) -> tuple[str, str]:
    """Only what differs of two JSON objects: their fields by name."""
    left, right = json.loads(one), json.loads(other)
    names = sorted(name for name in left.keys() | right.keys() if left.get(name) != right.get(name))

    def say(value: dict[str, Json]) -> str:
        return json.dumps({name: value.get(name) for name in names}, ensure_ascii=False)

    return say(left), say(right)
