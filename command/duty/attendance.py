"""接班: who of the desk has begun a shift, and who is on its roster now and has not. Writers first, then reads."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction

from command.access import HeldPost, PersonActor, Right, Role, right_missing
from command.duty.facts import AttendanceChanged
from command.duty.models import Attendance
from command.duty.queries import Member, on_duty_at
from command.kept import change_of
from command.organisations.queries import desk_id
from command.people.locks import person_acting
from command.people.models import Post
from realtime.feed import clock
from realtime.feed.actions import once, record
from realtime.feed.contract import Answer, Change, Command
from realtime.feed.errors import Conflict, Invalid

LASTS: Final = timedelta(hours=24)  # a shift that nobody ended is over after its longest
RULE: Final = "值班·接班"
_OF_THE_DESK: Final = frozenset({Role.DUTY_OFFICER, Role.DUTY_LEAD})


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody on the desk's roster now who has not begun the shift, and since when it runs."""

    member: Member
    since: datetime


@transaction.atomic(durable=True)
def begin(heard: bool, *, cmd: Command) -> Answer:
    """Begins the actor's shift at the desk.

    heard   whether the device was really heard to sound: a desk that can't be heard is no duty
    Raises Forbidden for who holds no post of the desk, Invalid when it was not heard, Conflict when it has begun.
    """
    once(cmd)
    actor = person_acting(cmd)
    row = _locked(own_post(actor))
    if not heard:
        raise Invalid(
            "attendance.not_heard",
            "没有听到响铃，不能接班。",
            field="heard",
            rule=RULE,
            remedy="请检查音箱、音量和浏览器的声音权限，再试一次。",
        )
    at = clock.at(None)
    if is_there(row, at):
        raise Conflict("attendance.begun", "您已接班。")
    row.began_at, row.ended_at = at, None
    return _saved(row, "begun", actor, at, cmd)


@transaction.atomic(durable=True)
def end(*, cmd: Command) -> Answer:
    """Ends the actor's shift at the desk. Raises Forbidden, Conflict when none has begun."""
    once(cmd)
    actor = person_acting(cmd)
    row = _locked(own_post(actor))
    at = clock.at(None)
    if not is_there(row, at):
        raise Conflict("attendance.not_begun", "您还没有接班，或班次已满 24 小时。")
    row.ended_at = at
    return _saved(row, "ended", actor, at, cmd)


def ended(post_id: UUID, actor: PersonActor, at: datetime) -> Change | None:
    """Ends the shift of a post with its handover, which the actor took over. Its fact; None: none runs."""
    row = Attendance.objects.select_for_update(no_key=True).filter(post_id=post_id).first()
    if row is None or not is_there(row, at):
        return None
    row.ended_at = max(at, row.began_at)
    return _changed(row, "ended", actor)


def post_of_the_desk(actor: PersonActor) -> HeldPost | None:
    """The post by which somebody is of the centre's desk; None: is not."""
    desk = desk_id(actor.centre_id)
    return next((post for post in actor.posts if post.unit_id == desk and post.role in _OF_THE_DESK), None)


def own_post(actor: PersonActor) -> HeldPost:
    """The post of the desk by which somebody begins a shift. Raises Forbidden for who holds none."""
    held = post_of_the_desk(actor)
    if held is None:
        raise right_missing(Right.CALLS_TELEPHONE)
    return held


def began(post_id: UUID) -> datetime | None:
    """Since when the holder of a post is on shift; None: is not. Two statements."""
    row = Attendance.objects.filter(post_id=post_id).first()
    return row.began_at if row is not None and is_there(row, clock.at(None)) else None


def not_begun(centre_id: UUID) -> list[Missing]:
    """Who is on the desk's roster now and has not begun the shift, the longest first. A few statements."""
    found = on_duty_at(desk_id(centre_id))
    rows = {row.post_id: row for row in Attendance.objects.filter(post__in=[one.post for one, _ in found.on_duty])}
    missing = [
        Missing(member, spell.span.start)
        for member, spell in found.on_duty
        if member.post not in rows or not is_there(rows[member.post], found.at)
    ]
    return sorted(missing, key=lambda one: (one.since, one.member.name, one.member.post))


def is_there(row: Attendance, at: datetime) -> bool:
    """Whether a shift that was begun goes on."""
    return row.version > 0 and row.ended_at is None and at - row.began_at < LASTS


def _locked(held: HeldPost) -> Attendance:
    Post.objects.select_for_update(no_key=True).only("id").get(pk=held.id)
    row = Attendance.objects.filter(post_id=held.id).first()
    return row or Attendance(id=uuid4(), post_id=held.id, version=0)


def _saved(row: Attendance, change: str, actor: PersonActor, at: datetime, cmd: Command) -> Answer:
    return record(cmd, _changed(row, change, actor), at=at)


def _changed(row: Attendance, change: str, actor: PersonActor) -> Change:
    row.version += 1
    row.save()
    fact = AttendanceChanged(
        object_id=row.pk,
        version=row.version,
        change=change,
        by=actor.principal,
        card={"open": False, "post": str(row.post_id), "there": row.ended_at is None},
    )
    return change_of(fact, actor.root)
