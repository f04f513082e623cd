"""接班 and who is on duty now, over HTTP: parse, call, answer. For the desk; units without persons for the wall."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from command.access import Right
from command.doors.rosters import SpanOut
from command.duty import attendance, shifts
from command.duty.law import Spell
from command.duty.queries import Member
from command.people.authentication import BY_PERSON, BY_PERSON_OR_DEVICE, actor_of, command_of, person_of
from command.people.machines import DeviceActor
from command.requests import ANSWERS, PROBLEMS, Body, ProblemOut, answered

router = Router(tags=["duty"], auth=BY_PERSON)


class BeginIn(Body):
    """Whether the device was really heard to sound."""

    heard: bool


class OwnShiftOut(Schema):
    """The post by which one begins a shift, and since when it runs; null: it has not begun."""

    post: UUID
    began_at: datetime | None


class ThereOut(Schema):
    """Somebody on duty, or who will be: the number to ring is for the desk."""

    post: UUID
    role: str
    name: str
    phone: str | None
    kind: str
    start: datetime
    end: datetime


class UnitShiftOut(Schema):
    """A unit with a roster now. `silent`: somebody is on duty, and no device of them all is in reach."""

    unit: UUID
    short: str
    on_duty: list[ThereOut]
    next: list[ThereOut]
    gaps: list[SpanOut]
    uncovered: list[SpanOut]
    silent: bool


class BegunOut(Schema):
    """Somebody of the desk who has begun a shift."""

    post: UUID
    role: str
    name: str
    since: datetime


class ShiftPageOut(Schema):
    """Who is on duty at the desk and at each unit now, and what comes. `desk` null: it keeps no roster."""

    at: datetime
    desk: UnitShiftOut | None
    begun: list[BegunOut]
    units: list[UnitShiftOut]
    unrostered: int


class UnitNameOut(Schema):
    """A unit."""

    unit: UUID
    short: str


class UnitsOnDutyOut(Schema):
    """Which units have somebody on duty now, and which of those with a roster have nobody. No person."""

    at: datetime
    on_duty: list[UnitNameOut]
    empty: list[UnitNameOut]


class MissingOut(Schema):
    """Somebody on the desk's roster now who has not begun the shift, and the number to ring."""

    post: UUID
    role: str
    name: str
    phone: str | None
    since: datetime


@router.get("/duty/own", response={200: OwnShiftOut, PROBLEMS: ProblemOut})
def read_own_shift(request: HttpRequest, response: HttpResponse) -> OwnShiftOut:
    """Whether one's own shift at the desk has begun."""
    response["Cache-Control"] = "no-store"
    held = attendance.own_post(person_of(request))
    return OwnShiftOut(post=held.id, began_at=attendance.began(held.id))


@router.post("/duty/begin", response=ANSWERS)
def begin_shift(request: HttpRequest, asked: BeginIn) -> HttpResponse:
    """接班: begins one's own shift at the desk, once the sound was heard."""
    return answered(attendance.begin(asked.heard, cmd=command_of(request)))


@router.post("/duty/end", response=ANSWERS)
def end_shift(request: HttpRequest) -> HttpResponse:
    """Ends one's own shift at the desk."""
    return answered(attendance.end(cmd=command_of(request)))


@router.get("/duty/not-begun", response={200: list[MissingOut], PROBLEMS: ProblemOut})
def list_not_begun(request: HttpRequest, response: HttpResponse) -> list[MissingOut]:
    """未接班: who is on the desk's roster now and has not begun the shift; for the desk."""
    actor = person_of(request)
    actor.must(Right.CALLS_TELEPHONE)
    response["Cache-Control"] = "no-store"
    return [
        MissingOut(
            post=one.member.post,
            role=one.member.role,
            name=one.member.name,
            phone=one.member.phone,
            since=one.since,
        )
        for one in attendance.not_begun(actor.centre_id)
    ]


@router.get("/duty/shift", response={200: ShiftPageOut, PROBLEMS: ProblemOut})
def read_shift(request: HttpRequest, response: HttpResponse) -> ShiftPageOut:
    """值班: who is on duty now at the desk and at each unit, with numbers; for the desk."""
    actor = person_of(request)
    actor.must(Right.CALLS_TELEPHONE)
    response["Cache-Control"] = "no-store"
    found = shifts.shift_page(actor.centre_id)
    return ShiftPageOut(
        at=found.at,
        desk=_shift(found.desk) if found.desk else None,
        begun=[
            BegunOut(post=one.member.post, role=one.member.role, name=one.member.name, since=one.since)
            for one in found.begun
        ],
        units=[_shift(one) for one in found.units],
        unrostered=found.unrostered,
    )


@router.get("/duty/units", response={200: UnitsOnDutyOut, PROBLEMS: ProblemOut}, auth=BY_PERSON_OR_DEVICE)
def read_units_on_duty(request: HttpRequest, response: HttpResponse) -> UnitsOnDutyOut:
    """在班单位: which units have somebody on duty now; no person. For the desk and the wall."""
    actor = actor_of(request)
    if not isinstance(actor, DeviceActor):
        actor.must(Right.CALLS_TELEPHONE)
    response["Cache-Control"] = "no-store"
    return UnitsOnDutyOut.model_validate(shifts.units_on_duty(actor.centre_id), from_attributes=True)


def _shift(one: shifts.UnitShift) -> UnitShiftOut:
    return UnitShiftOut(
        unit=one.unit,
        short=one.short,
        on_duty=[_there(member, spell) for member, spell in one.on_duty],
        next=[_there(member, spell) for member, spell in one.next],
        gaps=[SpanOut(start=gap.start, end=gap.end) for gap in one.gaps],
        uncovered=[SpanOut(start=gap.start, end=gap.end) for gap in one.uncovered],
        silent=one.silent,
    )


def _there(member: Member, spell: Spell) -> ThereOut:
    return ThereOut(
        post=member.post,
        role=member.role,
        name=member.name,
        phone=member.phone,
        kind=spell.kind,
        start=spell.span.start,
        end=spell.span.end,
    )
