"""Whether the rows say what the feed says: every open object, recomputed from facts alone, beside what is stored.

Rows are read part by part, a few hundred issues with all that hangs on each, in a short snapshot with the head that it
is true at; the facts up to that head are then added to what was replayed, range by range. What is at or below a head
never changes, so each part is compared at an instant of its own, no long snapshot is kept on the primary, and no
transaction lasts longer the more is open.
"""

import json
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final, Protocol
from uuid import UUID

import rfc8785

from command.units.models import Centre
from realtime.feed import queries as feed
from realtime.feed.contract import Audience, AudienceClass, Cursor, Json, Pair, Scope
from realtime.feed.objects import ShownObject
from realtime.gateway.snapshot import read_snapshot

Key = tuple[str, UUID]
ABSENT: Final = "absent"
PART_ROOTS: Final = 200  # issues in a transaction: a third of a second of reading; idle ones are ended after two
_LEAST, _MOST = UUID(int=0), UUID(int=2**128 - 1)


class RowSource(Protocol):
    """Reads the open objects of one package from its rows, of the roots between two ids, both included.

    An object's root is the issue that its card names, else itself.
    """

    def __call__(self, scope: Scope, centre_id: UUID, *, among: tuple[UUID, UUID]) -> Iterable[ShownObject]: ...


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


def reconcile(centre: Centre, sources: Sequence[RowSource], *, part_roots: int = PART_ROOTS) -> Reconciliation:
    """Compares one centre's open objects as its sources read them with those that its facts add up to.

    part_roots  how many issues one transaction reads
    """
    replay = Replay(centre.pk)
    replay.up_to(feed.head(centre.pk).seq)
    found: list[Difference] = []
    objects = 0
    for number, part in enumerate(replay.divide(part_roots)):
        head, stored = _read_rows(centre, sources, part)
        replay.up_to(head.seq)
        objects += len(replay.parts[number])
        found += differences(replay.parts[number], stored)
    return Reconciliation(head, replay.facts, objects, found)


class Replay:
    """The open objects that a centre's facts add up to, as far as they were read; in parts once it was divided."""

    def __init__(self, centre_id: UUID) -> None:
        self._centre_id = centre_id
        self._seq = 0
        self._ends: list[UUID] = []  # the last root of each part but the last
        self._part_of: dict[Key, int] = {}
        self.facts = 0
        self.parts: list[dict[Key, OpenObject]] = [{}]

    def up_to(self, seq: int) -> None:
        """Reads on, by ranges, each a short statement."""
        for row in feed.all_facts(self._centre_id, after=self._seq):
            if row.seq > seq:
                break
            self.add(row)
            self._seq = row.seq

    def add(self, row: feed.FactRow) -> None:
        """Takes one fact."""
        self.facts += 1
        key = (row.object_kind, row.object_id)
        card = json.loads(row.bytes)["card"]
        audience = Audience.of_wire(json.loads(row.audience)["after"])
        if (before := self._part_of.pop(key, None)) is not None:
            del self.parts[before][key]
        if card.get("open") and audience.audience_class is not AudienceClass.CONTROL:
            shown = OpenObject(row.version, _canonical(card), _canonical(audience.wire()))
            self._put(key, _root(row.object_id, card), shown)

    def divide(self, roots: int) -> list[tuple[UUID, UUID]]:
        """Parts of so many roots each, as ranges of ids that leave none out: rows without a fact lie in one too."""
        known = {key: shown for part in self.parts for key, shown in part.items()}
        root_of = {key: _root(key[1], json.loads(shown.card)) for key, shown in known.items()}
        self._ends = sorted(set(root_of.values()))[roots - 1 :: roots]
        self.parts = [{} for _ in range(len(self._ends) + 1)]
        for key, shown in known.items():
            self._put(key, root_of[key], shown)
        begins = [_LEAST, *(UUID(int=end.int + 1) for end in self._ends)]
        return list(zip(begins, [*self._ends, _MOST], strict=True))

    def _put(self, key: Key, root: UUID, shown: OpenObject) -> None:
        number = bisect_left(self._ends, root)
        self._part_of[key] = number
        self.parts[number][key] = shown


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


def _read_rows(
    centre: Centre, sources: Sequence[RowSource], among: tuple[UUID, UUID]
) -> tuple[Cursor, dict[Key, OpenObject]]:
    """Head and open objects of one instant, as a screen's snapshot is made, in a scope that sees everything."""
    everything = Scope((Pair(f"place:{centre.code}", AudienceClass.SENSITIVE),))
    snapshot = read_snapshot([partial(source, among=among) for source in sources], everything, centre.pk)
    return snapshot.at, {
        (one.kind, one.id): OpenObject(one.version, _canonical(one.card), _canonical(one.audience.wire()))
        for one in snapshot.objects
    }


def _root(object_id: UUID, card: Mapping[str, Json]) -> UUID:
    issue = card.get("issue")
    return UUID(issue) if isinstance(issue, str) else object_id


def _canonical(value: object) -> bytes:
    return rfc8785.dumps(value)  # type: ignore[arg-type]  # its own alias knows dict and list only


def _presence(one: OpenObject | None) -> str:
    return f"open at version {one.version}" if one else ABSENT


def _unlike(one: bytes, other: bytes) -> tuple[str, str]:
    """Only what differs of two JSON objects: their fields by name. What a side lacks is not null there."""
    left, right = json.loads(one), json.loads(other)
    written = [{name: _canonical(value) for name, value in side.items()} for side in (left, right)]
    names = sorted(name for name in left.keys() | right.keys() if written[0].get(name) != written[1].get(name))

    def say(value: dict[str, Json]) -> str:
        said = json.dumps({name: value[name] for name in names if name in value}, ensure_ascii=False)
        lacking = [name for name in names if name not in value]
        return f"{said}, {', '.join(lacking)} {ABSENT}" if lacking else said

    return say(left), say(right)
