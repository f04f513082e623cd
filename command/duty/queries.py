"""Reads of rosters. Frozen values out; nothing here writes or locks."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from command.access import RIGHTS, Right, Role
from command.duty.law import Dated, Plan, Span, Spell, Weekly, gaps, on_duty, spells, uncovered
from command.duty.models import MINUTES, DatedShift, OwnDay, Roster, WeeklyShift
from command.people.models import Post
from command.people.queries import LIAISONS, held_posts
from command.units.departments import Stationing
from command.units.models import Unit
from realtime.feed import clock
from realtime.feed.statements import Rows, Statement

AHEAD: Final = timedelta(hours=24)  # gaps are shown so long before
WEEK: Final = timedelta(days=7)  # a date nobody covers is shown so long before; a roster ends so long after its last
MOST_DAYS: Final = 31  # that are read at once
ANSWERING: Final = frozenset(role for role in Role if Right.CALLS_ANSWER in RIGHTS[role])
"""Roles that can answer a call: only these stand on a roster."""

# Both parts go by an index, unit by unit: what stands at other hours or on other rosters is not read.
_ON_DUTY_NOW: Final = f"""
WITH now AS MATERIALIZED (
    SELECT t.at, t.local, t.local::date AS day, (extract(isodow FROM t.local)::int - 1) AS weekday,
           extract(hour FROM t.local)::int * 60 + extract(minute FROM t.local)::int AS minute
    FROM (SELECT n.at, n.at AT TIME ZONE %s AS local FROM relay_at(NULL) AS n(at)) t
), on_duty AS (
    SELECT s.unit_id, s.post_id, s.kind FROM now, unnest(%s::uuid[]) AS u(id), LATERAL (
        SELECT unit_id, post_id, kind FROM duty_datedshift
        WHERE unit_id = u.id AND tstzrange(starts_at, ends_at) @> now.at AND kind IS NOT NULL
        UNION ALL
        SELECT unit_id, post_id, kind FROM (VALUES (0), (7 * 1440)) AS week(later), duty_weeklyshift w
        WHERE unit_id = u.id AND {MINUTES} @> now.weekday * 1440 + now.minute + later
        AND NOT EXISTS (
            SELECT FROM duty_datedshift a WHERE a.unit_id = u.id AND a.post_id = w.post_id AND a.kind IS NULL
            AND tstzrange(a.starts_at, a.ends_at) @> now.at)
        AND NOT EXISTS (
            SELECT FROM duty_ownday d WHERE d.unit_id = u.id
            AND d.day = now.day - (w.weekday <> now.weekday OR w.from_min > now.minute)::int)  -- the day it began
    ) s
)
SELECT s.unit_id, s.post_id, s.kind FROM on_duty s
JOIN people_post o ON o.id = s.post_id JOIN people_person p ON p.id = o.person_id, now
WHERE p.is_active AND o.active_from <= now.at AND (o.active_until IS NULL OR o.active_until > now.at)
ORDER BY s.unit_id, o.active_from, p.username
"""  # noqa: S608  # words of our own
_ABSENT_NOW: Final = """
SELECT a.post_id FROM relay_at(NULL) AS now(at), unnest(%s::uuid[]) AS u(id), LATERAL (
    SELECT post_id FROM duty_datedshift
    WHERE unit_id = u.id AND tstzrange(starts_at, ends_at) @> now.at AND kind IS NULL
) a
"""


@dataclass(frozen=True, slots=True)
class Member:
    """A post that can stand on the unit's roster, or stands there still. `phone` None: the administrator has none."""

    post: UUID
    role: str
    name: str
    username: str
    phone: str | None
    holds: bool  # somebody active holds it now

    @classmethod
    def of(cls, row: Post, *, holds: bool) -> "Member":
        """The post whose person is loaded."""
        return cls(row.pk, str(row.role), row.person.name, row.person.username, row.person.phone, holds)


@dataclass(frozen=True, slots=True)
class WeeklyLine:
    """A weekly shift as it stands there."""

    id: UUID
    shift: Weekly


@dataclass(frozen=True, slots=True)
class DatedLine:
    """A dated shift or an absence as it stands there."""

    id: UUID
    shift: Dated


@dataclass(frozen=True, slots=True)
class RosterView:
    """The roster of a unit over some days. `kept` False: there is none, its contacts are called at any hour."""

    unit: UUID
    version: int
    kept: bool
    at: datetime
    members: tuple[Member, ...]
    weekly: tuple[WeeklyLine, ...]
    dated: tuple[DatedLine, ...]
    own_days: tuple[date, ...]
    spells: tuple[Spell, ...]
    gaps: tuple[Span, ...]
    uncovered: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class OnDutyView:
    """Who is on duty at a unit now. With `kept` and nobody: a gap, the contacts are called in order."""

    unit: UUID
    kept: bool
    at: datetime
    on_duty: tuple[tuple[Member, Spell], ...]
    next_gap: Span | None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who of a unit may acknowledge, and so can be named to receive an order.

    on_duty_until   as the roster stands now; None: is not on duty
    absent_until    None: is not absent
    """

    post: UUID
    role: str
    name: str
    on_duty_until: datetime | None
    absent_until: datetime | None


@dataclass(frozen=True, slots=True)
class UnitGaps:
    """When a unit with a roster has nobody within a day, and which of its weekly shifts nobody covers within a week."""

    unit: UUID
    short: str
    gaps: tuple[Span, ...]
    uncovered: tuple[Span, ...]


def zone() -> tzinfo:
    """Local time of the installation."""
    return ZoneInfo(settings.TIME_ZONE)


def on_duty_now(unit_ids: Collection[UUID]) -> Statement:
    """Who is on duty now at some units: rows of unit, post, kind. To be asked together with others."""
    return _ON_DUTY_NOW, [settings.TIME_ZONE, list(unit_ids)]


def absent_now(unit_ids: Collection[UUID]) -> Statement:
    """Which posts of some units are absent now: rows of a post. To be asked together with others."""
    return _ABSENT_NOW, [list(unit_ids)]


def posts_on_duty(rows: Rows) -> dict[UUID, tuple[UUID, ...]]:
    """What `on_duty_now` found: the posts of each unit, each once."""
    found: dict[UUID, dict[UUID, None]] = defaultdict(dict)
    for unit_id, post_id, _ in rows:
        found[unit_id][post_id] = None
    return {unit_id: tuple(posts) for unit_id, posts in found.items()}


def roster_of(unit_id: UUID, first: date | None, days: int) -> RosterView:
    """The roster of a unit for some local days from `first`, today without one. Six statements.

    gaps and uncovered   of these days, from now on: what is over is not shown any more
    """
    here, at = zone(), clock.at(None)
    first = first or at.astimezone(here).date()
    begin = datetime.combine(first, datetime.min.time(), here)
    within = Span(begin, begin + timedelta(days=days))
    weekly = WeeklyShift.objects.filter(unit_id=unit_id).order_by("weekday", "from_min", "post__person__username")
    dated = DatedShift.objects.filter(unit_id=unit_id, ends_at__gt=min(begin, at - WEEK)).order_by("starts_at", "pk")
    weekly_lines = tuple(WeeklyLine(row.pk, weekly_of(row)) for row in weekly)
    dated_lines = tuple(DatedLine(row.pk, dated_of(row)) for row in dated)
    own_days = tuple(
        OwnDay.objects.filter(unit_id=unit_id, day__gte=first - WEEK).order_by("day").values_list("day", flat=True)
    )
    named = {line.shift.post for line in weekly_lines} | {line.shift.post for line in dated_lines}
    members = _members(unit_id, named)
    plan = Plan(
        tuple(line.shift for line in weekly_lines),
        tuple(line.shift for line in dated_lines),
        frozenset(own_days),
        frozenset(one.post for one in members if not one.holds),
    )
    kept = is_kept(plan, at)
    ahead = Span(max(within.start, at), within.end) if kept and within.end > at else None
    roster = Roster.objects.filter(unit_id=unit_id).first()
    return RosterView(
        unit_id,
        roster.version if roster else 0,
        kept,
        at,
        members,
        weekly_lines,
        tuple(line for line in dated_lines if within.start < line.shift.ends_at and line.shift.starts_at < within.end),
        tuple(day for day in own_days if first <= day < first + timedelta(days=days)),
        tuple(spells(plan, within, here)),
        tuple(gaps(plan, ahead, here)) if ahead else (),
        tuple(uncovered(plan, ahead, here)) if ahead else (),
    )


def on_duty_at(unit_id: UUID) -> OnDutyView:
    """Who is on duty at a unit now, until when, and when the next gap begins. Four statements."""
    here, at = zone(), clock.at(None)
    plan = plans([unit_id], at).get(unit_id, Plan())
    kept, found = is_kept(plan, at), on_duty(plan, at, here)
    who = {one.post: one for one in _members(unit_id, {spell.post for spell in found})}
    next_gap = next(iter(gaps(plan, Span(at, at + AHEAD), here)), None) if kept else None
    members = tuple((who[spell.post], spell) for spell in found)
    return OnDutyView(unit_id, kept, at, members, next_gap)


def receivers(unit_id: UUID) -> list[Receiver]:
    """Who of a unit can be named to receive an order; who is on duty now first. Six statements."""
    at = clock.at(None)
    until = {spell.post: spell.span.end for _, spell in on_duty_at(unit_id).on_duty}
    away = DatedShift.objects.filter(unit_id=unit_id, kind=None, starts_at__lte=at, ends_at__gt=at)
    absent = dict(away.values_list("post_id", "ends_at"))
    rows = held_posts().filter(unit_id=unit_id, role__in=LIAISONS).select_related("person")
    found = [
        Receiver(row.pk, str(row.role), row.person.name, until.get(row.pk), absent.get(row.pk))
        for row in rows.order_by("active_from", "person__username")
    ]
    return sorted(found, key=lambda one: (one.on_duty_until is None, one.absent_until is not None))


def gaps_ahead(centre_id: UUID) -> list[UnitGaps]:
    """The units in use with a roster that has a gap within 24 hours, or a weekly shift nobody covers within 7 days.

    The next one first. Five statements, however many units.
    """
    here, at = zone(), clock.at(None)
    units = dict(Unit.objects.filter(centre_id=centre_id, retired_at=None).values_list("pk", "short"))
    found: list[UnitGaps] = []
    for unit_id, plan in plans(list(units), at).items():
        if not is_kept(plan, at):
            continue
        near = tuple(gaps(plan, Span(at, at + AHEAD), here))
        week = tuple(uncovered(plan, Span(at, at + WEEK), here))
        if near or week:
            found.append(UnitGaps(unit_id, units[unit_id], near, week))
    return sorted(found, key=lambda one: (min((*one.gaps, *one.uncovered)), one.short))


def is_kept(plan: Plan, at: datetime) -> bool:
    """Whether a unit keeps a roster: a weekly shift stands, or a dated one is to come or ended within a week."""
    return bool(plan.weekly) or any(one.kind is not None and one.ends_at > at - WEEK for one in plan.dated)


def plans(unit_ids: Sequence[UUID], at: datetime) -> Mapping[UUID, Plan]:
    """The rosters of some units that have a line, as far as they matter from a week ago on. Four statements."""
    weekly: dict[UUID, list[Weekly]] = defaultdict(list)
    dated: dict[UUID, list[Dated]] = defaultdict(list)
    own: dict[UUID, set[date]] = defaultdict(set)
    columns = ("unit_id", "post_id", "weekday", "from_min", "minutes", "kind")
    for unit_id, post, weekday, from_min, minutes, kind in WeeklyShift.objects.filter(unit__in=unit_ids).values_list(
        *columns
    ):
        weekly[unit_id].append(Weekly(post, weekday, from_min, minutes, Stationing(kind)))
    for row in DatedShift.objects.filter(unit__in=unit_ids, ends_at__gt=at - WEEK):
        dated[row.unit_id].append(dated_of(row))
    for unit_id, day in OwnDay.objects.filter(unit__in=unit_ids, day__gte=(at - WEEK).date()).values_list(
        "unit", "day"
    ):
        own[unit_id].add(day)
    named = {one.post for lines in weekly.values() for one in lines} | {
        one.post for lines in dated.values() for one in lines
    }
    gone = named - set(held_posts().filter(pk__in=named).values_list("pk", flat=True)) if named else set()
    return {
        unit_id: Plan(tuple(weekly[unit_id]), tuple(dated[unit_id]), frozenset(own[unit_id]), frozenset(gone))
        for unit_id in [*weekly, *(unit_id for unit_id in dated if unit_id not in weekly)]
    }


def weekly_of(row: WeeklyShift) -> Weekly:
    """The value of a row."""
    return Weekly(row.post_id, row.weekday, row.from_min, row.minutes, Stationing(row.kind))


def dated_of(row: DatedShift) -> Dated:
    """The value of a row."""
    return Dated(row.post_id, row.starts_at, row.ends_at, Stationing(row.kind) if row.kind else None)


def _members(unit_id: UUID, named: Collection[UUID]) -> tuple[Member, ...]:
    """The posts of a unit that can answer, and those that its roster names. Two statements."""
    holding = set(held_posts().filter(unit_id=unit_id).values_list("pk", flat=True))
    rows = Post.objects.filter(Q(pk__in=named) | Q(pk__in=holding, role__in=ANSWERING)).select_related("person")
    return tuple(Member.of(row, holds=row.pk in holding) for row in rows.order_by("active_from", "person__username"))
