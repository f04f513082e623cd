"""Handovers over HTTP: parse, call, answer. For the desk; for everybody else there are none."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from assessment.handovers import actions, queries
from assessment.handovers.log import ShiftLog
from assessment.handovers.states import State
from command.people.authentication import BY_PERSON, command_of, person_of
from command.requests import ANSWERS, PROBLEMS, Body, Position, ProblemOut, Words, answered, must_expect

router = Router(tags=["handovers"], auth=BY_PERSON)


class NotesIn(Body):
    """Notes for the next shift, if there are any."""

    notes: Words | None = None


class SheetLineOut(Schema):
    """One matter of a sheet: `what` is a clock's or a call's kind, or the ground of a return request."""

    issue: UUID
    number: str
    item: str
    place: str | None
    what: str
    state: str
    unit: UUID
    since: datetime
    due_at: datetime | None
    sensitive: bool


class SheetSectionOut(Schema):
    """Some matters, what is due first first: of `count` as many lines as a sheet has; `sensitive` of them are."""

    count: int
    sensitive: int
    lines: list[SheetLineOut]


class SheetOut(Schema):
    """What stands at the desk. `states` without the sensitive ones; exercises are in nothing."""

    states: dict[str, int]
    sensitive: int
    late: SheetSectionOut
    urgent: SheetSectionOut
    calls: SheetSectionOut
    relays: SheetSectionOut
    requests: SheetSectionOut


class SignerOut(Schema):
    """Who signed, for which post."""

    post: UUID
    role: str
    name: str


class HandoverOut(Schema):
    """A handover. `giver` null: nobody gave, it was taken over alone."""

    id: UUID
    version: int
    state: State
    since: datetime
    at: datetime
    giver: SignerOut | None
    taker: SignerOut | None
    taken_at: datetime | None
    withdrawn_at: datetime | None


class WholeHandoverOut(Schema):
    """With its sheet, and the notes: for the screen, and masked for paper."""

    handover: HandoverOut
    sheet: SheetOut
    notes: str | None
    notes_masked: str | None


class StandingOut(Schema):
    """What a handover would say now; what waits to be taken over, and the one before."""

    post: UUID
    since: datetime
    at: datetime
    sheet: SheetOut
    waiting: HandoverOut | None
    before: HandoverOut | None


class LogLineOut(Schema):
    """One step of a shift: never who did it, of an answered call the post's unit and role."""

    at: datetime
    issue: UUID
    number: str
    item: str
    name: str
    unit: UUID | None
    role: str | None
    how: str | None


class HiddenOut(Schema):
    """Of sensitive issues counts only."""

    steps: int
    issues: int


class ShiftLogOut(Schema):
    """What happened in a shift: `counts` of each step; `left_out` lines stand behind the last one."""

    since: datetime
    until: datetime
    counts: dict[str, int]
    lines: list[LogLineOut]
    left_out: int
    sensitive: HiddenOut


@router.get("/duty/standing", response={200: StandingOut, PROBLEMS: ProblemOut})
def read_standing(request: HttpRequest, response: HttpResponse) -> StandingOut:
    """What a handover would say now, made by the server."""
    response["Cache-Control"] = "no-store"
    return StandingOut.model_validate(queries.standing(actor=person_of(request)), from_attributes=True)


@router.get("/duty/log", response={200: ShiftLogOut, PROBLEMS: ProblemOut})
def read_log_so_far(request: HttpRequest, response: HttpResponse) -> ShiftLogOut:
    """值班日志: what happened since the last handover, at most 24 hours back."""
    response["Cache-Control"] = "no-store"
    return _log(queries.log_so_far(actor=person_of(request)))


@router.get("/duty/handovers", response={200: list[HandoverOut], PROBLEMS: ProblemOut})
def list_handovers(request: HttpRequest, response: HttpResponse, before: Position = None) -> list[HandoverOut]:
    """The desk's handovers, the newest first, 30 a page. `before`: `at` and `id` of the last one, with `~` between."""
    response["Cache-Control"] = "no-store"
    found = queries.handovers(actor=person_of(request), before=before)
    return [HandoverOut.model_validate(one, from_attributes=True) for one in found]


@router.post("/duty/handovers", response=ANSWERS)
def give(request: HttpRequest, asked: NotesIn) -> HttpResponse:
    """交班: signs what stands now, with notes, for whoever begins."""
    return answered(actions.give(asked.notes, cmd=command_of(request)))


@router.post("/duty/handovers/alone", response=ANSWERS)
def take_alone(request: HttpRequest, asked: NotesIn) -> HttpResponse:
    """接班 where nobody gives: the sheet bears one name."""
    return answered(actions.take_alone(asked.notes, cmd=command_of(request)))


@router.get("/duty/handovers/{handover_id}", response={200: WholeHandoverOut, PROBLEMS: ProblemOut})
def read_handover(request: HttpRequest, response: HttpResponse, handover_id: UUID) -> WholeHandoverOut:
    """One handover, with its sheet and notes."""
    response["Cache-Control"] = "no-store"
    found = queries.handover(handover_id, actor=person_of(request))
    return WholeHandoverOut.model_validate(found, from_attributes=True)


@router.get("/duty/handovers/{handover_id}/log", response={200: ShiftLogOut, PROBLEMS: ProblemOut})
def read_log(request: HttpRequest, response: HttpResponse, handover_id: UUID) -> ShiftLogOut:
    """值班日志: what happened in the shift that this handover ended."""
    response["Cache-Control"] = "no-store"
    return _log(queries.log_of_shift(handover_id, actor=person_of(request)))


@router.post("/duty/handovers/{handover_id}/take", response=ANSWERS)
def take(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """接班: takes over what was given, on the version that was seen."""
    return answered(actions.take(handover_id, expected=must_expect(request), cmd=command_of(request)))


@router.post("/duty/handovers/{handover_id}/withdraw", response=ANSWERS)
def withdraw(request: HttpRequest, handover_id: UUID) -> HttpResponse:
    """撤回交班: the shift goes on."""
    return answered(actions.withdraw(handover_id, expected=must_expect(request), cmd=command_of(request)))


def _log(found: ShiftLog) -> ShiftLogOut:
    steps, issues = found.sensitive
    return ShiftLogOut(
        since=found.since,
        until=found.until,
        counts=dict(found.counts),
        lines=[LogLineOut.model_validate(one, from_attributes=True) for one in found.lines],
        left_out=found.left_out,
        sensitive=HiddenOut(steps=steps, issues=issues),
    )
