"""The door of a verb over HTTP: its name is the address, its body the request's, its docstring the description."""

from inspect import Parameter, Signature
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from command.people.authentication import command_of
from dispatch.verbs.declared import AnyIssueVerb, AnyOrderVerb, AnyRequestVerb
from dispatch.verbs.on_paper import NOW, StepIn
from dispatch.verbs.requests import ANSWERS, answered, expected_version
from dispatch.verbs.running import run_issue, run_order, run_request


def add_issue_verb(router: Router, verb: AnyIssueVerb) -> None:
    """`POST /issues/{issue_id}/<verb>`."""
    _add(router, "issues", "issue_id", verb, run_issue)


def add_order_verb(router: Router, verb: AnyOrderVerb) -> None:
    """`POST /orders/{order_id}/<verb>`."""
    _add(router, "orders", "order_id", verb, run_order)


def add_request_verb(router: Router, verb: AnyRequestVerb) -> None:
    """`POST /returns/{request_id}/<verb>`."""
    _add(router, "returns", "request_id", verb, run_request)


def _add(router: Router, kind: str, key: str, verb: AnyIssueVerb | AnyOrderVerb | AnyRequestVerb, run: Any) -> None:
    """What happens as it is entered needs no body, where a body could only say that it did not."""

    def door(request: HttpRequest, asked: Any = None, **named: UUID) -> HttpResponse:
        expected = expected_version(request) if verb.versioned else None
        return answered(run(verb, named[key], asked, expected=expected, cmd=command_of(request)))

    takes = {"request": HttpRequest, key: UUID, "asked": verb.body}
    door.__name__, door.__doc__ = str(verb.verb), verb.function.__doc__
    door.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(
                name,
                Parameter.POSITIONAL_OR_KEYWORD,
                annotation=annotation,
                default=NOW if annotation is StepIn else Parameter.empty,
            )
            for name, annotation in takes.items()
            if annotation is not None
        ],
        return_annotation=HttpResponse,
    )
    router.post(f"/{kind}/{{{key}}}/{verb.verb}", response=ANSWERS)(door)
