"""Pushes over HTTP: whether the centre has them, and that this browser takes them. No fact, no key: a repeat changes
nothing."""

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import StringConstraints

from command.outside import subscriptions
from command.people.authentication import BY_PERSON, person_of
from command.requests import PROBLEMS, Body, ProblemOut

router = Router(tags=["session"], auth=BY_PERSON)

_Key = Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=r"^[0-9A-Za-z_-]+=*$")]


class PushOut(Schema):
    """What a browser subscribes with (null: the centre has no pushes in use), and whether this one has."""

    key: str | None
    subscribed: bool


class PushIn(Body):
    """A browser's subscription, as it tells it: where to, and its keys."""

    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=1000)]
    p256dh: _Key
    auth: _Key


@router.get("/session/push", response={200: PushOut, PROBLEMS: ProblemOut})
def read_push(request: HttpRequest, response: HttpResponse) -> PushOut:
    """Whether the centre sends pushes, and whether this browser takes them."""
    response["Cache-Control"] = "no-store"
    actor = person_of(request)
    return PushOut(key=subscriptions.offered_key(actor.centre_id), subscribed=subscriptions.takes_pushes(actor))


@router.put("/session/push", response={204: None, PROBLEMS: ProblemOut})
def take_push(request: HttpRequest, asked: PushIn) -> HttpResponse:
    """This browser takes pushes for who is signed in here, as long as that session lasts."""
    subscriptions.keep(asked.endpoint, asked.p256dh, asked.auth, actor=person_of(request))
    return HttpResponse(status=204)


@router.delete("/session/push", response={204: None, PROBLEMS: ProblemOut})
def end_push(request: HttpRequest) -> HttpResponse:
    """This browser takes no pushes any more."""
    subscriptions.end(person_of(request))
    return HttpResponse(status=204)
