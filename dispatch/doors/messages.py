"""What is done about messages, over HTTP: parse, call, answer. Writing one is a verb of its issue or order."""

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from command.people.authentication import BY_PERSON, command_of
from dispatch.matter.messages.states import StrikeGround
from dispatch.verbs import messages as actions
from dispatch.verbs.requests import ANSWERS, PROBLEMS, Body, ProblemOut, answered

router = Router(tags=["messages"], auth=BY_PERSON)


class ReadIn(Body):
    """Which messages were drawn."""

    messages: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=actions.MOST)]


class StrikeIn(Body):
    """Why it is struck out."""

    ground: StrikeGround


@router.post("/issues/{issue_id}/messages/read", response={**ANSWERS, 204: None, PROBLEMS: ProblemOut})
def read(request: HttpRequest, issue_id: UUID, asked: ReadIn) -> HttpResponse:
    """The caller's unit has these before its eyes. 204 where it had before: nothing is recorded then."""
    answer = actions.read(issue_id, asked.messages, cmd=command_of(request))
    return HttpResponse(status=204) if answer is None else answered(answer)


@router.post("/messages/{message_id}/strike", response=ANSWERS)
def strike(request: HttpRequest, message_id: UUID, asked: StrikeIn) -> HttpResponse:
    """Strikes a message out; it stays legible."""
    return answered(actions.strike(message_id, asked.ground, cmd=command_of(request)))
