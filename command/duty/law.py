"""Who is on duty at an instant, and when nobody is. Pure: a plan and instants in, posts and spells out.

Source: docs/rules.md, "Duty". A weekly shift comes back each week, on the local day on which it begins; a dated shift
adds somebody, an absence takes somebody out, and on a day of its own only dated shifts begin. `queries.on_duty_now`
says the same in SQL for the instant that is now: tests/command/duty/test_now.py holds one against the other.

Instants are aware; local time is that of `zone`, without summer time (Asia/Shanghai). What begins at 08:00 counts at
08:00:00, what ends at 08:00 no longer does.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Final
from uuid import UUID

from command.units.departments import Stationing

DAY_MIN: Final = 24 * 60
WEEK_MIN: Final = 7 * DAY_MIN
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Weekly:
    """A shift that comes back each week. weekday: 0 Monday; from_min: of the local day; minutes: at most 24 hours."""

    post: UUID
    weekday: int
    from_min: int
    minutes: int
    kind: Stationing


@dataclass(frozen=True, slots=True)
class Dated:
    """A shift of one date; `kind` None: the post is absent meanwhile, whatever the week says."""

    post: UUID
    starts_at: datetime
    ends_at: datetime
    kind: Stationing | None


@dataclass(frozen=True, slots=True)
class Plan:
    """The roster of a unit.

    own_days  local days on which no weekly shift begins: who is on duty is said by dated shifts alone
    gone      posts that nobody active holds any more: their shifts cover nothing
    """

    weekly: tuple[Weekly, ...] = ()
    dated: tuple[Dated, ...] = ()
    own_days: frozenset[date] = frozenset()
    gone: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From an instant until another, the other not included."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Spell:
    """Somebody on duty without a break, by one kind of stationing."""

    post: UUID
    kind: Stationing
    span: Span


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two shifts of one post that cover the same minute, by their places in what was asked."""

    first: int
    second: int


def on_duty(plan: Plan, at: datetime, zone: tzinfo) -> list[Spell]:
    """Who is on duty at an instant, each post once: what began first first, then by post."""
    found: dict[UUID, Spell] = {}
    for spell in spells(plan, Span(at, at + _MINUTE), zone):
        if spell.span.start <= at < spell.span.end:
            found.setdefault(spell.post, spell)
    return list(found.values())


def spells(plan: Plan, within: Span, zone: tzinfo) -> list[Spell]:
    """All spells that touch a span, whole, in order of their beginning. Absences are cut out of weekly shifts."""
    absent: dict[UUID, list[Dated]] = {}
    for off in plan.dated:
        if off.kind is None:
            absent.setdefault(off.post, []).append(off)
    found = [
        Spell(one.post, one.kind, Span(one.starts_at, one.ends_at))
        for one in plan.dated
        if one.kind is not None and one.starts_at < within.end and within.start < one.ends_at
    ]
    for one, span in _occurrences(plan.weekly, within, zone):
        if _begins_on(span, zone) in plan.own_days:
            continue
        away = absent.get(one.post, ())
        found += [Spell(one.post, one.kind, part) for part in _without(span, away) if part.start < within.end]
    standing = (one for one in found if one.post not in plan.gone and within.start < one.span.end)
    return sorted(standing, key=lambda one: (one.span, str(one.post)))


def gaps(plan: Plan, within: Span, zone: tzinfo) -> list[Span]:
    """When nobody is on duty, in order."""
    return _left([within], _covered(plan, within, zone))


def uncovered(plan: Plan, within: Span, zone: tzinfo) -> list[Span]:
    """What of the weekly shifts that begin in a span nobody covers: absence, a day of its own, a post nobody holds.

    Hours for which the week names nobody are no such thing: `gaps` has them.
    """
    hours = {_hours(one): one for one in plan.weekly}.values()
    begun = [span for _, span in _occurrences(hours, within, zone) if within.start <= span.start < within.end]
    if not begun:
        return []
    whole = Span(within.start, max(span.end for span in begun))
    return _left(_joined(begun), _covered(plan, whole, zone))


def overlaps_of_week(shifts: Iterable[Weekly]) -> Overlap | None:
    """The first two weekly shifts of one post that cover the same minute; Sunday's night goes into Monday."""
    known: dict[tuple[UUID, int], int] = {}
    for place, one in enumerate(shifts):
        start = one.weekday * DAY_MIN + one.from_min
        for minute in range(start, start + one.minutes):
            other = known.setdefault((one.post, minute % WEEK_MIN), place)
            if other != place:
                return Overlap(other, place)
    return None


def overlaps_of_dates(shifts: Iterable[Dated]) -> Overlap | None:
    """The first two dated shifts or absences of one post that cover the same time."""
    placed = sorted(enumerate(shifts), key=lambda one: (str(one[1].post), one[1].starts_at))
    for (first, one), (second, other) in pairwise(placed):
        if one.post == other.post and other.starts_at < one.ends_at:
            return Overlap(min(first, second), max(first, second))
    return None


def _occurrences(shifts: Iterable[Weekly], within: Span, zone: tzinfo) -> Iterator[tuple[Weekly, Span]]:
    """Each time that a weekly shift touches a span."""
    first, last = within.start.astimezone(zone).date() - timedelta(days=1), within.end.astimezone(zone).date()
    by_weekday: dict[int, list[Weekly]] = {}
    for one in shifts:
        by_weekday.setdefault(one.weekday, []).append(one)
    for days in range((last - first).days + 1):
        day = first + timedelta(days=days)
        midnight = datetime.combine(day, time(), zone)
        for one in by_weekday.get(day.weekday(), ()):
            start = midnight + one.from_min * _MINUTE
            span = Span(start, start + one.minutes * _MINUTE)
            if span.start < within.end and within.start < span.end:
                yield one, span


def _covered(plan: Plan, within: Span, zone: tzinfo) -> list[Span]:
    """When somebody is on duty, whoever: of many posts at the same hours one is worked out, if none is away."""
    away = {one.post for one in plan.dated if one.kind is None}
    there = {_hours(one): one for one in plan.weekly if one.post not in away and one.post not in plan.gone}
    some = (*there.values(), *(one for one in plan.weekly if one.post in away))
    return [one.span for one in spells(replace(plan, weekly=some), within, zone)]


def _hours(one: Weekly) -> tuple[int, int, int]:
    return one.weekday, one.from_min, one.minutes


def _without(span: Span, away: Iterable[Dated]) -> list[Span]:
    return _left([span], (Span(off.starts_at, off.ends_at) for off in away))


def _begins_on(span: Span, zone: tzinfo) -> date:
    return span.start.astimezone(zone).date()


def _left(spans: Iterable[Span], covering: Iterable[Span]) -> list[Span]:
    """What of spans that do not overlap nobody covers, in order."""
    taken = _joined(covering)
    ends = [one.end for one in taken]
    found: list[Span] = []
    for span in sorted(spans):
        free_from = span.start
        for one in taken[bisect_right(ends, span.start) :]:
            if one.start >= span.end:
                break
            if free_from < one.start:
                found.append(Span(free_from, one.start))
            free_from = max(free_from, one.end)
        if free_from < span.end:
            found.append(Span(free_from, span.end))
    return found


def _joined(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for one in sorted(spans):
        if found and one.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found
