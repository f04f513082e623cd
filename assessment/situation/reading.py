"""Reads what a situation report is counted from: facts, range by range, in short statements, up to one position.

What is open now is read with the head in one short REPEATABLE READ transaction, as a screen's snapshot is. The facts
of the period are read afterwards: what lies at or below a head never changes, and no long snapshot is kept.
Only what a scope sees is taken: the whole place up to the class `desk`. Of sensitive issues only a count per township,
and nothing of the time before they were known to be sensitive: the past is told by today's rights.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import orjson
from django.db import connection, transaction

from assessment.situation.counting import FinishedRelay
from assessment.situation.histories import BEFORE, ClockSpan, History, Shown, Step
from assessment.situation.places import scope_of_place
from dispatch.issues.models import Issue
from dispatch.issues.queries import visible
from dispatch.issues.states import OPEN
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed.contract import Audience, AudienceClass, Cursor, Scope
from realtime.feed.queries import head, latest_facts

RANGE: Final = 1000  # facts per statement
KINDS: Final = ("issue", "report", "order")
_OPEN: Final = sorted(OPEN)
_RELAY_OF: Final = {"issue": "relay_down_issue", "report": "relay_up", "order": "relay_down_order"}


@dataclass(frozen=True, slots=True)
class Material:
    """What was read: histories and relays of a place, at which position of the feed, and how much it took."""

    counted: Cursor
    counted_at: datetime
    histories: list[History]
    relays: list[FinishedRelay]
    sensitive: Mapping[str, int]  # open ones, by the path of their township
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
    at, now, shown_now, sensitive = _read_now(centre_id, scope)
    tracks: dict[UUID, _Track] = defaultdict(_Track)
    relays: dict[tuple[UUID, str, float], FinishedRelay] = {}
    uncounted: set[tuple[UUID, str, float]] = set()
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
            _gather(fact, card, relays, uncounted)
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
    ended = [relay for key, relay in relays.items() if key not in uncounted and relay.issue not in out]
    return Material(at, now, histories, ended, sensitive, count)


def _read_now(centre_id: UUID, scope: Scope) -> tuple[Cursor, datetime, dict[UUID, Shown], dict[str, int]]:
    """Head, time, open issues of the scope, and how many sensitive ones lie where, all of one instant."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        at = head(centre_id)  # the first read: it fixes what all others see
        with connection.cursor() as cursor:
            cursor.execute("SELECT relay_at(NULL)")
            now: datetime = cursor.fetchone()[0]
        issues = Issue.objects.filter(visible(scope), centre_id=centre_id, state__in=_OPEN)
        told = latest_facts(centre_id, issues.order_by().values_list("pk", "version"))
        sensitive = _guarded(centre_id, scope.pairs[0].token.removeprefix("place:"))
    shown = {one.id: Shown.of_card(one.card) for one in told if scope.sees(one.audience)}
    return at, now, shown, sensitive


def _guarded(centre_id: UUID, place: str) -> dict[str, int]:
    """How many sensitive issues are open, by township; by the place itself what lies in none. Two statements.

    A township is the finest: asked of a community or a grid there are none, else its parts would say where they lie.
    """
    cells = Cell.objects.filter(centre_id=centre_id, tier=Tier.TOWNSHIP).values_list("path", flat=True)
    townships = {path for path in cells if path == place or path.startswith(place + "/")}
    if "/" in place and not townships:
        return {}
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


_COLUMNS: Final = "seq, at, name, object_kind, object_id, version, bytes, audience"


def _facts(centre_id: UUID, start: datetime, last: int) -> Iterator[tuple[float, _Fact]]:
    """The facts about issues, reports and orders from the first at or after `start` up to `last`, with the share read.

    A few of an earlier time may be among them: positions follow commits, not times.
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
    after, total = first - 1, last - first + 1
    while after < last:
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT {_COLUMNS} FROM feed_fact WHERE centre_id = %s AND seq > %s AND seq <= %s"  # noqa: S608
                " AND object_kind = ANY(%s) ORDER BY seq",
                [centre_id, after, min(after + RANGE, last), list(KINDS)],
            )
            rows = cursor.fetchall()
        after = min(after + RANGE, last)
        for row in rows:
            yield (row[0] - first + 1) / total, _fact(row)


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


def _gather(
    fact: _Fact,
    card: Mapping[str, Any],
    relays: dict[tuple[UUID, str, float], FinishedRelay],
    uncounted: set[tuple[UUID, str, float]],
) -> None:
    """Takes the relays that the card shows as ended; each is one, however often it is told."""
    wanted = _RELAY_OF[fact.kind]
    clocks = [card["clock"]] if card.get("clock") else card.get("clocks", ())
    for clock in clocks:
        if clock["kind"] != wanted:
            continue
        span = ClockSpan.of_card(clock)
        key = (fact.object_id, span.kind, span.started)
        if not span.counted:
            uncounted.add(key)
        if span.stopped is not None:
            issue = str(fact.object_id) if fact.kind == "issue" else str(card["issue"])
            relays[key] = FinishedRelay(issue, span.kind, span.started, span.stopped, span.breached)


def _audience(stored: bytes) -> Audience:
    found = _AUDIENCES.get(stored)
    if found is None:
        if len(_AUDIENCES) > 20_000:
            _AUDIENCES.clear()
        found = _AUDIENCES[stored] = Audience.of_wire(orjson.loads(stored)["after"])
    return found


_AUDIENCES: Final[dict[bytes, Audience]] = {}  # many facts share one
