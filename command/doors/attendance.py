"""接班 over HTTP: parse, call, answer. For the desk."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from command.access import Right
from command.duty import attendance
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, ProblemOut, answered

router = Router(tags=["duty"], auth=BY_PERSON)


class BeginIn(Body):
    """Whether the device was really heard to sound."""

    heard: bool


class OwnShiftOut(Schema):
    """The post by which one begins a shift, and since when it runs; null: it has not begun."""

    post: UUID
    began_at: datetime | None


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
