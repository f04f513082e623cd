"""Addresses that are none: a program gets a problem document."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/reports", "/api/"])
def test_an_unknown_address_of_the_api_answers_with_a_problem(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "address.not_found"
