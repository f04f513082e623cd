"""Whatever a client sends, the API answers, and never with a fault of ours."""

from uuid import uuid4

import pytest
import schemathesis
from django.core.wsgi import get_wsgi_application
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings

from tests.dispatch.desk import make_desk

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
OURS = ("/reports", "/issues", "/orders", "/reference")
EXAMPLES = 25


def test_no_request_that_the_document_allows_ends_in_a_fault_of_ours() -> None:
    desk = make_desk()
    issue_id = desk.dispatched()
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
        @given(case=operation.as_strategy())
        def ask(case: schemathesis.Case) -> None:
            if "issue_id" in case.path_parameters:
                case.path_parameters["issue_id"] = str(issue_id)
            headers = {"X-CSRFToken": cookies["csrftoken"], "Idempotency-Key": str(uuid4()), "If-Match": '"1"'}
            response = case.call(headers=headers, cookies=cookies)
            assert response.status_code < 500, response.text
            seen.add(response.status_code)

        ask()
        tried.add(f"{operation.method} {operation.path}")
    assert len(tried) >= 13
    assert {200, 422} <= seen  # requests went through, and were looked at
    assert 401 not in seen
