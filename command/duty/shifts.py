"""Who is on duty at all units of a centre at once: for the desk's shift page and for the wall, from one place.

Frozen values out; nothing here writes or locks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Final
from uuid import UUID

from command.duty.attendance import is_there
from command.duty.law import Plan, Span, Spell, gaps, on_duty, spells, uncovered
from command.duty.models import Attendance
from command.duty.queries import AHEAD, WEEK, Member, is_kept, plans, zone
from command.organisations.queries import desk_id
from command.people.models import Post
from command.units.models import Unit
from realtime.delivery.queries import in_reach
from realtime.feed import clock

BEHIND: Final = timedelta(minutes=3)  # a device that has not had by now what was told so long ago is out of reach


@dataclass(frozen=True, slots=True)
class UnitShift:
    """A unit with a roster now.

    on_duty    who is on duty, until when
    next       who begins next within 24 hours, all of the same instant
    gaps       of the next 24 hours; uncovered: weekly shifts of 7 days that nobody covers
    silent     somebody is on duty, and no device of them all has had what the feed told three minutes ago
    """

    unit: UUID
    short: str
    on_duty: tuple[tuple[Member, Spell], ...]
    next: tuple[tuple[Member, Spell], ...]
    gaps: tuple[Span, ...]
    uncovered: tuple[Span, ...]
    silent: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """Somebody of the desk who has begun a shift, on the roster or not."""

    member: Member
    since: datetime


@dataclass(frozen=True, slots=True)
class ShiftPage:
    """The desk's own shift, and those of the other units; `desk` None: the desk keeps no roster."""

    at: datetime
    desk: UnitShift | None
    begun: tuple[Begun, ...]
    units: tuple[UnitShift, ...]
    unrostered: int  # units in use without a roster: their contacts answer at any hour


@dataclass(frozen=True, slots=True)
class UnitName:
    """A unit, for a room: no person."""

    unit: UUID
    short: str


@dataclass(frozen=True, slots=True)
class UnitsOnDuty:
    """Which units have somebody on duty now, and which of those with a roster have nobody. No person."""

    at: datetime
    on_duty: tuple[UnitName, ...]
    empty: tuple[UnitName, ...]


def shift_page(centre_id: UUID) -> ShiftPage:
    """Who is on duty now, at the desk and at each unit, and what comes. Ten statements, however many units."""
    here, at = zone(), clock.at(None)
    names, rosters = _rosters(centre_id, at)
    found = {key: on_duty(plan, at, here) for key, plan in rosters.items()}
    coming = {key: _next(plan, at, here) for key, plan in rosters.items()}
    begun = list(Attendance.objects.filter(post__unit=desk_id(centre_id)))
    who = _known(
        {one.post for lists in (found, coming) for listed in lists.values() for one in listed}
        | {row.post_id for row in begun}
    )
    reached = in_reach(centre_id, {f"person:{person}" for _, person in who.values()}, as_of=at - BEHIND)

    def shift(key: UUID) -> UnitShift:
        plan, there = rosters[key], found[key]
        hears = any(f"person:{who[one.post][1]}" in reached for one in there)
        return UnitShift(
            key,
            names[key],
            tuple((who[one.post][0], one) for one in there),
            tuple((who[one.post][0], one) for one in coming[key]),
            tuple(gaps(plan, Span(at, at + AHEAD), here)),
            tuple(uncovered(plan, Span(at, at + WEEK), here)),
            bool(there) and not hears,
        )

    shifts = {key: shift(key) for key in rosters}
    desk = shifts.pop(desk_id(centre_id), None)
    return ShiftPage(
        at,
        desk,
        tuple(
            Begun(who[row.post_id][0], row.began_at)
            for row in sorted(begun, key=lambda row: row.began_at)
            if is_there(row, at)
        ),
        tuple(sorted(shifts.values(), key=lambda one: (not _needs_a_look(one), one.short, one.unit))),
        len(names) - len(rosters) - (desk is None),
    )


def units_on_duty(centre_id: UUID) -> UnitsOnDuty:
    """The units of the same page, by name: what a room may read. Five statements."""
    here, at = zone(), clock.at(None)
    names, rosters = _rosters(centre_id, at)
    there = {key for key, plan in rosters.items() if on_duty(plan, at, here)}
    shown = sorted((UnitName(key, names[key]) for key in rosters), key=lambda one: (one.short, one.unit))
    return UnitsOnDuty(
        at, tuple(one for one in shown if one.unit in there), tuple(one for one in shown if one.unit not in there)
    )


def _rosters(centre_id: UUID, at: datetime) -> tuple[dict[UUID, str], Mapping[UUID, Plan]]:
    """The units in use by their short names, and the rosters of those that keep one."""
    names = dict(Unit.objects.filter(centre_id=centre_id, retired_at=None).values_list("pk", "short"))
    return names, {key: plan for key, plan in plans(list(names), at).items() if is_kept(plan, at)}


def _next(plan: Plan, at: datetime, here: tzinfo) -> list[Spell]:
    coming = [one for one in spells(plan, Span(at, at + AHEAD), here) if one.span.start > at]
    return [one for one in coming if one.span.start == coming[0].span.start]


def _needs_a_look(one: UnitShift) -> bool:
    return one.silent or not one.on_duty or bool(one.gaps or one.uncovered)


def _known(posts: set[UUID]) -> dict[UUID, tuple[Member, UUID]]:
    """The posts with who holds them, and whose person that is. One statement."""
    rows = Post.objects.filter(pk__in=posts).select_related("person")
    return {row.pk: (Member.of(row, holds=True), row.person_id) for row in rows}
