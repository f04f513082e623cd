"""The door of a verb over HTTP: its name is the address, its body the request's, its docstring the description."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from command.people.authentication import command_of
from dispatch.requests import ANSWERS, answered, expected_version
from dispatch.verbs.declared import AnyOrderVerb, AnyRequestVerb
from dispatch.verbs.running import run_order, run_request


def add_order_verb(router: Router, verb: AnyOrderVerb) -> None:
    """`POST /orders/{order_id}/<verb>`; a body of which all may be left out may be left out itself."""

    def bare(request: HttpRequest, order_id: UUID) -> HttpResponse:
        expected = expected_version(request) if verb.versioned else None
        return answered(run_order(verb, order_id, expected=expected, cmd=command_of(request)))

    def door(request: HttpRequest, order_id: UUID, asked: Any) -> HttpResponse:
        expected = expected_version(request) if verb.versioned else None
        return answered(run_order(verb, order_id, asked, expected=expected, cmd=command_of(request)))

    view = door
    if verb.body is None:
        view = bare  # type: ignore[assignment]
    else:
        door.__annotations__["asked"] = verb.body
        if not any(field.is_required() for field in verb.body.model_fields.values()):
            door.__defaults__ = (verb.body(),)
    _add(router, f"/orders/{{order_id}}/{verb.verb}", verb, view)


def add_request_verb(router: Router, verb: AnyRequestVerb) -> None:
    """`POST /returns/{request_id}/<verb>`."""

    def door(request: HttpRequest, request_id: UUID, asked: Any) -> HttpResponse:
        return answered(
            run_request(verb, request_id, asked, expected=expected_version(request), cmd=command_of(request))
        )

    door.__annotations__["asked"] = verb.body
    _add(router, f"/returns/{{request_id}}/{verb.verb}", verb, door)


def _add(router: Router, path: str, verb: AnyOrderVerb | AnyRequestVerb, view: Any) -> None:
    view.__name__, view.__doc__ = str(verb.verb), verb.function.__doc__
    router.post(path, response=ANSWERS)(view)
