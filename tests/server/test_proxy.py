"""Behind a proxy a refused sign-in counts against who tried, not against the proxy."""

import pytest
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings

from command.people.models import SignInFailure
from server.proxy import from_whom
from tests.door.test_production import COMPOSE


@pytest.mark.parametrize(
    ("header", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("1.2.3.4, 203.0.113.7", "203.0.113.7"),  # the first was written by the client
        ("2001:db8::1", "2001:db8::1"),
        ("1.2.3.4,", "10.0.0.9"),
        ("unknown", "10.0.0.9"),
        (None, "10.0.0.9"),
    ],
)
def test_the_last_entry_is_the_proxys_own(header: str | None, address: str) -> None:
    headers = {"X-Forwarded-For": header} if header is not None else {}
    request = RequestFactory().get("/", headers=headers, REMOTE_ADDR="10.0.0.9")
    seen = []

    def answer(asked: HttpRequest) -> HttpResponse:
        seen.append(asked.META["REMOTE_ADDR"])
        return HttpResponse()

    from_whom(answer)(request)
    assert seen == [address]


def test_a_refused_sign_in_counts_against_who_tried(db: None) -> None:
    middleware = ["server.proxy.from_whom", *settings.MIDDLEWARE]
    with override_settings(MIDDLEWARE=middleware):
        Client(headers={"X-Forwarded-For": "203.0.113.7"}).post(
            "/api/v1/session", {"username": "nobody", "password": "x"}, content_type="application/json"
        )
    assert SignInFailure.objects.get().address == "203.0.113.7"


def test_production_is_behind_its_proxy() -> None:
    assert 'RELAY_BEHIND_PROXY: "true"' in COMPOSE
