"""What no view refuses is refused in the same words and form: the router's, Django's and the server's own answers."""

import json
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from server.problems import in_chinese, unreadable


def problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    """The document of a refusal."""
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    document: dict[str, Any] = json.loads(answer.content)
    assert (document["code"], document["status"]) == (code, status)
    assert document["detail"].endswith("。")
    return document


@pytest.mark.django_db
def test_a_method_that_an_address_does_not_take() -> None:
    answer = Client().put("/api/v1/session")
    document = problem(answer, 405, "method.not_allowed")
    assert document["allowed"] == answer["Allow"].split(", ")
    problem(Client().post("/wall"), 405, "method.not_allowed")


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/api/v1/openapi.json", "/", "/console", "/r/1", "/phone-worker.js"])
def test_an_address_that_is_only_read_says_so_to_who_has_no_token(method: str, path: str) -> None:
    """A program asks without a CSRF token, and is told what is wrong."""
    problem(Client(enforce_csrf_checks=True).generic(method, path), 405, "method.not_allowed")


@pytest.mark.django_db
def test_an_address_that_is_none_says_so_to_who_has_no_token() -> None:
    problem(Client(enforce_csrf_checks=True).put("/api/nowhere"), 404, "address.not_found")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/nowhere", "/api/v1/nowhere", "/static/none.js"])
def test_an_address_that_is_none(path: str) -> None:
    problem(Client().get(path), 404, "address.not_found")


@pytest.mark.parametrize(("status", "code"), [(400, "request.malformed"), (413, "request.too_large")])
def test_what_django_refuses_by_itself(status: int, code: str) -> None:
    refused = in_chinese(lambda request: HttpResponse("<h1>Bad Request</h1>", status=status))
    problem(refused(RequestFactory().get("/")), status, code)


def test_what_was_refused_in_words_stays_as_it_is() -> None:
    said = HttpResponse(b"{}", status=404, content_type="application/problem+json")
    assert in_chinese(lambda request: said)(RequestFactory().get("/")) is said


@pytest.mark.parametrize(("status", "code"), [(400, "request.malformed"), (503, "server.error")])
def test_what_never_reaches_django(status: int, code: str) -> None:
    document = json.loads(unreadable(status))
    assert (document["code"], document["status"]) == (code, status)
