"""Return requests over HTTP: parse, call, answer. Asking stands with the order."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from command.people.authentication import BY_PERSON, command_of
from dispatch.requests import ANSWERS, Body, Words, answered, expected_version
from dispatch.returns import actions
from dispatch.returns.states import ReturnGround

router = Router(tags=["returns"], auth=BY_PERSON)


class RequestReturnIn(Body):
    """A listed ground, the unit that should have it (null: the desk finds one), and why in words."""

    ground: ReturnGround
    unit: UUID | None = None
    text: Words


class GrantIn(Body):
    """Why, if there is something to say."""

    reason: Words | None = None


class CompelIn(Body):
    """Why the unit must act."""

    reason: Words


@router.post("/orders/{order_id}/request_return", response=ANSWERS)
def request_return(request: HttpRequest, order_id: UUID, asked: RequestReturnIn) -> HttpResponse:
    """Asks that the order be taken back. The answer is the request's."""
    expected, cmd = expected_version(request), command_of(request)
    return answered(actions.request_return(order_id, asked.ground, asked.unit, asked.text, expected=expected, cmd=cmd))


@router.post("/returns/{request_id}/grant", response=ANSWERS)
def grant(request: HttpRequest, request_id: UUID, asked: GrantIn) -> HttpResponse:
    """Takes the order back as its unit asked."""
    return answered(
        actions.grant(request_id, asked.reason, expected=expected_version(request), cmd=command_of(request))
    )


@router.post("/returns/{request_id}/compel", response=ANSWERS)
def compel(request: HttpRequest, request_id: UUID, asked: CompelIn) -> HttpResponse:
    """Refuses, for a reason: the unit must act."""
    return answered(
        actions.compel(request_id, asked.reason, expected=expected_version(request), cmd=command_of(request))
    )
