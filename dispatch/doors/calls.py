"""Calls over HTTP: parse, call, answer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import Field, StringConstraints

from command.outside.contract import Outcome, OutsideWay
from command.people.authentication import BY_PERSON, BY_PERSON_OR_DEVICE, actor_of, command_of
from dispatch.matter.calls.states import Reached
from dispatch.matter.cards.calls import CallCard
from dispatch.reading import calls as queries
from dispatch.verbs import call_receipts as receipts
from dispatch.verbs import calls as answering
from dispatch.verbs.requests import ANSWERS, PROBLEMS, Body, ProblemOut, Words, answered
from realtime.feed.cards import AS_TOLD

router = Router(tags=["calls"], auth=BY_PERSON)


class AttemptOut(Schema):
    """One attempt: which post was called by what; when a device of the post had it, and drew it."""

    post: UUID
    unit: UUID
    role: str
    rank: str
    rung: int
    channel: str
    queued_at: datetime
    attempted_at: datetime | None
    delivered_at: datetime | None
    displayed_at: datetime | None
    tries: int
    ended_at: datetime | None
    outcome: Outcome | None


class TelephoningOut(Schema):
    """One telephone call of the desk: to which post, what came of it; the note for the desk only."""

    post: UUID
    unit: UUID
    role: str
    outcome: str
    at: datetime
    note: str | None


class CallOut(Schema):
    """A call with all that was tried."""

    id: UUID
    version: int
    card: Annotated[CallCard, AS_TOLD]
    attempts: list[AttemptOut]
    telephonings: list[TelephoningOut]


class CalleeOut(Schema):
    """Whom the desk rings. `phone`: null where the administrator has none."""

    post: UUID
    unit: UUID
    role: str
    name: str
    phone: str | None


class ListedOut(Schema):
    """A line of the telephone list."""

    call: CallOut
    urgent: bool
    item: str
    callees: list[CalleeOut]


class FailingWayOut(Schema):
    """A way outside the house whose last sendings all failed."""

    kind: OutsideWay
    since: datetime
    outcome: Outcome | None


class UnansweredCallsOut(Schema):
    """How many calls nobody has answered."""

    calls: int


class TelephoneIn(Body):
    """Whom of those called the desk rang, what came of it, and a note."""

    post: UUID
    outcome: Reached
    note: Words | None = None


class PushReceiptIn(Body):
    """What came in a push: for which attempts, to which browser, and the proof that it was opened there."""

    device: UUID
    attempts: Annotated[list[UUID], Field(min_length=1, max_length=100)]
    proof: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    displayed: bool


@router.get("/issues/{issue_id}/calls", response={200: list[CallOut], PROBLEMS: ProblemOut})
def list_calls(request: HttpRequest, response: HttpResponse, issue_id: UUID) -> list[CallOut]:
    """Who was called for an issue, by what, when, and who answered; the latest first."""
    response["Cache-Control"] = "no-store"
    found = queries.calls_of(issue_id, actor=actor_of(request))
    return [CallOut.model_validate(one, from_attributes=True) for one in found]


@router.get("/calls/telephone-list", response={200: list[ListedOut], PROBLEMS: ProblemOut})
def telephone_list(request: HttpRequest, response: HttpResponse) -> list[ListedOut]:
    """电话叫应: the calls that nobody answered, with names and numbers of whom to ring. For the desk only."""
    response["Cache-Control"] = "no-store"
    found = queries.telephone_list(actor=actor_of(request))
    return [ListedOut.model_validate(one, from_attributes=True) for one in found]


@router.get("/calls/unanswered", response={200: UnansweredCallsOut, PROBLEMS: ProblemOut}, auth=BY_PERSON_OR_DEVICE)
def unanswered(request: HttpRequest, response: HttpResponse) -> UnansweredCallsOut:
    """How many calls of the centre nobody has answered: for the wall."""
    response["Cache-Control"] = "no-store"
    return UnansweredCallsOut(calls=queries.unanswered(actor_of(request).centre_id))


@router.get("/calls/failing-ways", response={200: list[FailingWayOut], PROBLEMS: ProblemOut})
def failing_ways(request: HttpRequest, response: HttpResponse) -> list[FailingWayOut]:
    """Ways outside the house whose last sendings all failed: for the desk, which then rings by telephone."""
    response["Cache-Control"] = "no-store"
    found = queries.failing_ways(actor=actor_of(request))
    return [FailingWayOut.model_validate(one, from_attributes=True) for one in found]


@router.post("/calls/receipts", auth=None, response={204: None, PROBLEMS: ProblemOut})
def receive_push(request: HttpRequest, asked: PushReceiptIn) -> HttpResponse:
    """A browser has a push, or shows it: told by its worker, which has no session. No key: a repeat changes nothing."""
    receipts.receive_push(asked.device, asked.attempts, asked.proof, displayed=asked.displayed)
    return HttpResponse(status=204)


@router.post("/calls/{call_id}/answer", response=ANSWERS)
def answer(request: HttpRequest, call_id: UUID) -> HttpResponse:
    """应答: the call has reached the caller. It is no 签收, and stops no clock."""
    return answered(answering.answer(call_id, cmd=command_of(request)))


@router.post("/calls/{call_id}/telephone", response=ANSWERS)
def telephone(request: HttpRequest, call_id: UUID, asked: TelephoneIn) -> HttpResponse:
    """电话叫应: what came of ringing one of those called."""
    cmd = command_of(request)
    return answered(answering.telephone(call_id, asked.post, asked.outcome, asked.note, cmd=cmd))
