"""Reads what a situation report is counted from: facts, range by range, in short statements, up to one position.

What is open now is read with the head in one short REPEATABLE READ transaction, as a screen's snapshot is. The facts
of the period are read afterwards: what lies at or below a head never changes, and no long snapshot is kept.
Only what a scope sees is taken: the whole place up to the class `desk`. Of sensitive issues only a count per township,
and nothing of the time before they were known to be sensitive: the past is told by today's rights.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction
from django.db.models import QuerySet

from assessment.situation.histories import BEFORE, ClockSpan, History, Shown, Step
from assessment.situation.places import scope_of_place
from assessment.situation.relays import RELAYS, Relay
from dispatch.matter.aggregate.visible import visible
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.states import OPEN
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.contract import Audience, AudienceClass, Cursor, Scope
from realtime.feed.queries import head, latest_facts

RANGE: Final = 1000  # facts per statement
KINDS: Final = ("issue", "report", "order")
_OPEN: Final = sorted(OPEN)
_RELAYS_OF: Final = {
    "issue": ("relay_down_issue",),
    "report": ("relay_up",),
    "order": ("relay_down_order", "relay_down_forward"),
}
_FORWARD: Final = "relay_down_forward"
_Key = tuple[UUID, int | tuple[str, float]]  # of a relay: the object on whose card it stands, and its clock's id


@dataclass(frozen=True, slots=True)
class Material:
    """What was read: histories and relays of a place, at which position of the feed, and how much it took."""

    counted: Cursor
    counted_at: datetime
    histories: list[History]
    relays: list[Relay]  # that ended since, or run
    sensitive: Mapping[str, int] | None  # open ones, by the path of their township; None: not told of so small a place
    facts: int


@dataclass(slots=True)
class _Track:
    """An issue as far as it was read."""

    steps: list[Step] = field(default_factory=list)
    first_version: int = 1
    guarded: bool = False  # sensitive, as far as it was read


def read_material(
    centre_id: UUID, place: str, start: datetime, *, progress: Callable[[float], None] = lambda share: None
) -> Material:
    """All that is needed to say what the place was like at any instant from `start` until now.

    place     path of a cell
    progress  called with the share that is read, 0 to 1
    Statements: a few, and one per 1,000 facts since `start`.
    """
    scope = scope_of_place(place)
    at, now, shown_now, running, sensitive = _read_now(centre_id, scope)
    tracks: dict[UUID, _Track] = defaultdict(_Track)
    relays = _Relays()
    count = 0
    for count, (share, fact) in enumerate(_facts(centre_id, start, at.seq), start=1):  # noqa: B007
        progress(share)
        audience = _audience(fact.audience)
        card = orjson.loads(fact.body)["card"] if scope.sees(audience) else None
        if fact.kind == "issue":
            track = tracks[fact.object_id]
            track.guarded = audience.audience_class > AudienceClass.DESK
            _follow(track, fact, card)
        if card is not None:
            relays.take(fact, card)
    _begin(tracks, _facts_before(centre_id, tracks), scope)
    for issue_id, shown in shown_now.items():
        if issue_id not in tracks:  # nothing happened to it since `start`: it was the whole time what it is
            tracks[issue_id].steps.append(Step(BEFORE, "", shown))
    histories = [
        History(str(issue_id), tuple(track.steps))
        for issue_id, track in tracks.items()
        if track.steps and not track.guarded
    ]
    out = {history.id for history in histories if not history.counts}
    out |= {str(issue_id) for issue_id, track in tracks.items() if track.guarded}
    counting = [relay for relay in relays.with_those_that_run(running) if relay.issue not in out]
    return Material(at, now, histories, counting, sensitive, count)


_Running = list[tuple[UUID, int, Relay]]  # the object on whose card it stands, its clock's id there
_Now = tuple[Cursor, datetime, dict[UUID, Shown], _Running, dict[str, int] | None]


def _read_now(centre_id: UUID, scope: Scope) -> _Now:
    """Head, time, open issues, the relays that run for them, how many sensitive ones lie where: all of one instant."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        at = head(centre_id)  # the first read: it fixes what all others see
        with connection.cursor() as cursor:
            cursor.execute("SELECT relay_at(NULL)")
            now: datetime = cursor.fetchone()[0]
        issues = Issue.objects.filter(visible(scope), centre_id=centre_id, state__in=_OPEN)
        told = latest_facts(centre_id, issues.order_by().values_list("pk", "version"))
        running = _running(issues)
        sensitive = _guarded(centre_id, scope.pairs[0].token.removeprefix("place:"))
    shown = {one.id: Shown.of_card(one.card) for one in told if scope.sees(one.audience)}
    return at, now, shown, running, sensitive


def _running(issues: QuerySet[Issue]) -> _Running:
    """The relays that run for some issues. One statement; every write of a clock takes the head.

    What is open bounds it: a relay ends with its issue.
    """
    clocks = Clock.objects.filter(kind__in=RELAYS, stopped_at=None, issue__in=issues.order_by().values("pk"))
    columns = ("issue_id", "report_id", "order_id", "card_id", "kind", "started_at", "due_at", "breached_at")
    found = []
    for issue, report, order, card_id, kind, started, due, breached in clocks.values_list(*columns):
        if due is None:
            continue  # no relay rests: the database refuses it
        relay = Relay(str(issue), kind, started.timestamp(), due.timestamp(), None, breached is not None)
        found.append((report or order or issue, card_id, relay))
    return found


def _guarded(centre_id: UUID, place: str) -> dict[str, int] | None:
    """How many sensitive issues are open, by township; by the place itself what lies in none. Two statements.

    A township is the finest: of a community or a grid it is not told, else its parts would say where they lie.
    """
    cells = Cell.objects.filter(centre_id=centre_id, tier=Tier.TOWNSHIP).values_list("path", flat=True)
    townships = {path for path in cells if path == place or path.startswith(place + "/")}
    if "/" in place and not townships:
        return None
    guarded = Issue.objects.filter(centre_id=centre_id, state__in=_OPEN, sensitive=True, exercise=False)
    paths = guarded.filter(place__startswith=place).values_list("place", flat=True)
    here = (path for path in paths if path == place or path.startswith(place + "/"))
    return dict(Counter(_township_of(path, townships) or place for path in here))


def _township_of(path: str, townships: Collection[str]) -> str | None:
    while path and path not in townships:
        path = path.rpartition("/")[0]
    return path or None


@dataclass(frozen=True, slots=True)
class _Fact:
    """The parts of a stored fact that are counted."""

    at: datetime
    name: str
    kind: str
    object_id: UUID
    version: int
    body: bytes
    audience: bytes


class _Relays:
    """The relays that cards show, each once, however often it is told."""

    def __init__(self) -> None:
        self._former: set[_Key] = set()  # told before clocks had an id: these are known by kind and start
        self._ended: dict[_Key, Relay] = {}
        self._uncounted: set[_Key] = set()
        self._forwards: dict[UUID, dict[_Key, Relay]] = {}  # of an order, as it was told last, still running

    def take(self, fact: _Fact, card: Mapping[str, Any]) -> None:
        """Takes those that a fact's card shows.

        A forward that was taken back is no longer on its order's card: its relay ended with that fact.
        """
        run: dict[_Key, Relay] = {}
        for clock in [card["clock"]] if fact.kind == "report" and card.get("clock") else card.get("clocks", ()):
            if clock["kind"] not in _RELAYS_OF[fact.kind]:
                continue
            span = ClockSpan.of_card(clock)
            key = self._key(fact.object_id, span.id, span.kind, span.started)
            if not span.counted:
                self._uncounted.add(key)
            issue = str(fact.object_id) if fact.kind == "issue" else str(card["issue"])
            due = span.due if span.due is not None else math.inf  # no relay rests
            relay = Relay(issue, span.kind, span.started, due, span.stopped, span.breached)
            if span.stopped is not None:
                self._ended[key] = relay
                continue
            self._ended.pop(key, None)  # it runs again: the acknowledgment that had ended it was struck
            if span.kind == _FORWARD:
                run[key] = relay
        if fact.kind == "order":
            at = fact.at.astimezone(UTC).timestamp()
            for key, relay in self._forwards.get(fact.object_id, {}).items():
                if key not in run and key not in self._ended:
                    self._ended[key] = replace(relay, stopped=at, breached=at >= relay.due)
            self._forwards[fact.object_id] = run

    def with_those_that_run(self, running: _Running) -> list[Relay]:
        """All that are counted."""
        run = {self._key(object_id, id_, relay.kind, relay.started): relay for object_id, id_, relay in running}
        return [relay for key, relay in {**self._ended, **run}.items() if key not in self._uncounted]

    def _key(self, object_id: UUID, id_: int | None, kind: str, started: float) -> _Key:
        """One for each clock, also where its first facts told no id and later ones do."""
        former = (object_id, (kind, started))
        if id_ is None:
            self._former.add(former)
        return former if id_ is None or former in self._former else (object_id, id_)


_COLUMNS: Final = "seq, at, name, object_kind, object_id, version, bytes, audience"


def _facts(centre_id: UUID, start: datetime, last: int) -> Iterator[tuple[float, _Fact]]:
    """The facts about issues, reports and orders at or after `start`, up to `last`, in order, with the share read.

    Of each object they are the latest: its facts have ascending times, also where a past was recorded between them.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            # MATERIALIZED: the index by time finds them; walking the centre's facts from the first would read them all.
            "WITH since AS MATERIALIZED"
            " (SELECT seq FROM feed_fact WHERE at >= %s AND centre_id = %s AND seq <= %s) SELECT min(seq) FROM since",
            [start, centre_id, last],
        )
        first = cursor.fetchone()[0]
    if first is None:
        return
    after, total, full = first - 1, last - first + 1, True
    while full:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_COLUMNS} FROM feed_fact WHERE centre_id = %s AND seq > %s AND seq <= %s AND at >= %s"  # noqa: S608
                " AND object_kind = ANY(%s) ORDER BY seq LIMIT %s",
                [centre_id, after, last, start, list(KINDS), RANGE],
            )
            rows = cursor.fetchall()
        full = len(rows) == RANGE
        for row in rows:
            yield (row[0] - first + 1) / total, _fact(row)
        after = rows[-1][0] if rows else last


def _facts_before(centre_id: UUID, tracks: Mapping[UUID, _Track]) -> Iterator[_Fact]:
    """For each issue that began before what was read: the fact just before the first that was read."""
    wanted = [(issue_id, track.first_version - 1) for issue_id, track in tracks.items() if track.first_version > 1]
    for start in range(0, len(wanted), RANGE):
        part = wanted[start : start + RANGE]
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT f.seq, f.at, f.name, f.object_kind, f.object_id, f.version, f.bytes, f.audience"
                " FROM unnest(%s::uuid[], %s::int[]) AS w(id, version)"
                " JOIN feed_fact f ON f.centre_id = %s AND f.object_id = w.id AND f.version = w.version",
                [[issue_id for issue_id, _ in part], [version for _, version in part], centre_id],
            )
            rows = cursor.fetchall()
        yield from map(_fact, rows)


def _fact(row: Sequence[Any]) -> _Fact:
    return _Fact(row[1], row[2], row[3], row[4], row[5], bytes(row[6]), bytes(row[7]))


def _follow(track: _Track, fact: _Fact, card: Mapping[str, Any] | None) -> None:
    """Adds one fact to its issue's history."""
    if not track.steps:
        track.first_version = fact.version
    shown = Shown.of_card(card) if card is not None else None
    track.steps.append(Step(fact.at.astimezone(UTC).timestamp(), fact.name, shown))


def _begin(tracks: Mapping[UUID, _Track], before: Iterator[_Fact], scope: Scope) -> None:
    """Puts before each history what the issue was when the period began."""
    for fact in before:
        seen = scope.sees(_audience(fact.audience))
        shown = Shown.of_card(orjson.loads(fact.body)["card"]) if seen else None
        tracks[fact.object_id].steps.insert(0, Step(BEFORE, "", shown))
    for track in tracks.values():
        if all(step.shown is None for step in track.steps):
            track.steps.clear()  # never in sight


def _audience(stored: bytes) -> Audience:
    found = _AUDIENCES.get(stored)
    if found is None:
        if len(_AUDIENCES) > 20_000:
            _AUDIENCES.clear()
        found = _AUDIENCES[stored] = Audience.of_wire(orjson.loads(stored)["after"])
    return found


_AUDIENCES: Final[dict[bytes, Audience]] = {}  # many facts share one
