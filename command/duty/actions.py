"""The only writer of rosters: key, lock, authorise, version, check, save, record."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction

from command.access import Right
from command.duty.changes import Changes, Standing, must_be_good, must_not_overlap
from command.duty.facts import RosterChanged
from command.duty.models import DatedShift, OwnDay, Roster, WeeklyShift
from command.duty.queries import ANSWERING, dated_of, weekly_of, zone
from command.duty.scope import must_know
from command.kept import change_of
from command.people.locks import person_acting
from command.people.models import Post
from command.people.queries import held_posts
from command.units.models import Unit
from command.versions import must_match
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Change, Command, Json
from realtime.feed.errors import Conflict, NotFound


@transaction.atomic(durable=True)
def change(unit_id: UUID, asked: Changes, *, expected: int | None, cmd: Command) -> Answer:
    """Changes a unit's roster in one act: all of it, or nothing.

    expected   the roster's version that was seen; 0: there was none
    Raises NotFound for a foreign unit or line, Forbidden, Conflict for a retired unit, an overlap, a line that is
    over, Invalid for a line that may not stand, VersionRequired, StaleVersion.
    """
    once(cmd)
    must_know(person_acting(cmd), unit_id)
    unit = held(unit_id, cmd)
    cmd.actor.must(Right.ROSTERS_KEEP, unit_id=unit.pk)
    roster = lock(unit)
    must_match(expected, roster.version)
    at = clock.at(None)
    return record(cmd, put(roster, unit, asked, at, by=cmd.actor.principal)[0], at=at)


def held(unit_id: UUID, cmd: Command) -> Unit:
    """The unit, kept in use until the end of the transaction. Raises NotFound, Conflict for a retired one."""
    rows = Unit.objects.select_for_update(no_key=True, of=("self",)).select_related("centre")
    unit = rows.filter(pk=unit_id, centre_id=cmd.actor.centre_id).first()
    if unit is None:
        raise NotFound("unit.not_found", "没有这个单位。")
    if unit.retired_at is not None:
        raise Conflict("unit.retired", "该单位已撤销。")
    return unit


def lock(unit: Unit) -> Roster:
    """The roster of a unit that is locked; its first one if there is none."""
    return Roster.objects.get_or_create(unit=unit, defaults={"id": uuid4()})[0]


def put(roster: Roster, unit: Unit, asked: Changes, at: datetime, *, by: str) -> tuple[Change, list[UUID]]:
    """Checks and writes what is asked of a roster whose unit is locked. Its fact, and the ids of new dated lines.

    Raises as `change`.
    """
    here = zone()
    weekly = list(WeeklyShift.objects.filter(unit=unit))
    dated = list(DatedShift.objects.filter(unit=unit, ends_at__gt=at))
    gone = set(asked.remove)
    _must_be_there(gone, weekly, dated, unit)
    named = {one.post for one in asked.weekly} | {one.post for one in asked.dated}
    named |= {row.post_id for row in weekly} | {row.post_id for row in dated}
    posts = _standing(named, unit)
    must_be_good(asked, posts, at, here)
    stay_weekly = [weekly_of(row) for row in weekly if row.pk not in gone]
    stay_dated = [dated_of(row) for row in dated if row.pk not in gone]
    must_not_overlap([*stay_weekly, *asked.weekly], [*stay_dated, *asked.dated], posts, here)
    WeeklyShift.objects.filter(pk__in=gone, unit=unit).delete()
    DatedShift.objects.filter(pk__in=gone, unit=unit).delete()
    OwnDay.objects.filter(unit=unit, day__in=asked.shared_days).delete()
    WeeklyShift.objects.bulk_create(
        WeeklyShift(
            id=uuid4(),
            unit=unit,
            post_id=one.post,
            weekday=one.weekday,
            from_min=one.from_min,
            minutes=one.minutes,
            kind=one.kind,
        )
        for one in asked.weekly
    )
    made = DatedShift.objects.bulk_create(
        DatedShift(id=uuid4(), unit=unit, post_id=one.post, starts_at=one.starts_at, ends_at=one.ends_at, kind=one.kind)
        for one in asked.dated
    )
    OwnDay.objects.bulk_create(
        (OwnDay(unit=unit, day=day) for day in dict.fromkeys(asked.own_days)), ignore_conflicts=True
    )
    roster.version += 1
    roster.save(update_fields=["version"])
    fact = RosterChanged(
        object_id=roster.pk,
        version=roster.version,
        change="changed",
        by=by,
        card={"open": False, "unit": str(unit.pk)},
        said=_said(asked, unit, [row for row in (*weekly, *dated) if row.pk in gone]),
    )
    return change_of(fact, unit.centre.code), [row.pk for row in made]


def _must_be_there(gone: Collection[UUID], weekly: list[WeeklyShift], dated: list[DatedShift], unit: Unit) -> None:
    missing = set(gone) - {row.pk for row in (*weekly, *dated)}
    if not missing:
        return
    if DatedShift.objects.filter(pk__in=missing, unit=unit).exists():
        raise Conflict("roster.line_over", "这个班次已经结束，不再改动。", remedy="请刷新值班表。")
    raise NotFound("roster.line_not_found", "值班表上没有这个班次。", remedy="可能已被删除，请刷新值班表。")


def _standing(keys: Collection[UUID], unit: Unit) -> dict[UUID, Standing]:
    """What of some posts matters to a roster; those of another centre are none. Two statements."""
    rows = Post.objects.filter(pk__in=keys, unit__centre_id=unit.centre_id).select_related("person")
    holding = set(held_posts().filter(pk__in=keys).values_list("pk", flat=True))
    return {
        row.pk: Standing(row.person.name, row.unit_id == unit.pk, row.pk in holding, row.role in ANSWERING)
        for row in rows
    }


def _said(asked: Changes, unit: Unit, removed: list[WeeklyShift | DatedShift]) -> dict[str, Json]:
    """What the fact says of it: posts, times and kinds."""
    lines: list[Json] = [
        {
            "post": str(one.post),
            "weekday": one.weekday,
            "from_min": one.from_min,
            "minutes": one.minutes,
            "kind": one.kind,
        }
        for one in asked.weekly
    ]
    dated: list[Json] = [
        {
            "post": str(one.post),
            "from": one.starts_at.isoformat(),
            "to": one.ends_at.isoformat(),
            "kind": str(one.kind) if one.kind else None,
        }
        for one in asked.dated
    ]
    return {
        "unit": str(unit.pk),
        "weekly": lines,
        "dated": dated,
        "removed": [str(row.post_id) for row in removed],
        "own_days": [day.isoformat() for day in asked.own_days],
        "shared_days": [day.isoformat() for day in asked.shared_days],
    }
