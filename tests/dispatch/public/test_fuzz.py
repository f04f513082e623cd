"""Whatever comes to the doors without an account, to photos or suggestions, is answered, never with a fault of ours."""

from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from dispatch.doors.limits import Doorkeeper
from tests.dispatch.desk import make_desk
from tests.dispatch.photos.pictures import photo
from tests.dispatch.public.page import Page, grid_of

OURS = ("/public", "/photos", "/suggest")
EXAMPLES = 25


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_no_request_that_the_document_allows_ends_in_a_fault_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Doorkeeper, "count", lambda *asked, **more: 0)  # the limits have tests of their own
    desk = make_desk()
    code = Page().reports(desk)["query_code"]
    grid = grid_of(desk).code
    browser = Client()
    browser.post("/api/v1/session", {"username": "duty1", "password": "relay60-demo"}, content_type="application/json")
    cookies = {name: morsel.value for name, morsel in browser.cookies.items()}
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    tried, seen = set(), set()
    for found in schema.get_all_operations():
        operation = found.ok()
        if not operation.path.startswith(tuple(f"/api/v1{path}" for path in OURS)):
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(), known=st.booleans())
        def ask(case: schemathesis.Case, known: bool) -> None:
            if known and isinstance(case.body, dict):
                for name, value in (("query_code", code), ("grid", grid)):
                    if name in case.body:
                        case.body[name] = value
            headers = {"X-CSRFToken": cookies["csrftoken"], "Idempotency-Key": str(uuid4())}
            response = case.call(headers=headers, cookies=cookies)
            assert response.status_code < 500, response.text
            seen.add(response.status_code)

        ask()
        tried.add(f"{operation.method} {operation.path}")
    assert len(tried) >= 10
    assert {200, 404, 422} <= seen


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(cut=st.integers(0, 400), claimed=st.sampled_from(["image/jpeg", "image/png", "text/html", "", "x" * 300]))
@pytest.mark.django_db
def test_a_broken_form_is_answered(cut: int, claimed: str) -> None:
    """A multipart body that ends too early, or is none."""
    boundary = "----edge"
    body = (
        f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        f"Content-Type: {claimed}\r\n\r\n"
    ).encode() + photo(size=(8, 8))
    answer = Client().post(
        "/api/v1/public/photos",
        body[:cut],
        content_type=f"multipart/form-data; boundary={boundary}",
        headers={"Idempotency-Key": str(uuid4())},
    )
    assert answer.status_code in (400, 422, 429), answer.content
    assert answer["Content-Type"] == "application/problem+json"
