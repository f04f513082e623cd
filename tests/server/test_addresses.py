"""Addresses that are none: a program gets a problem document, a person a page."""

import pytest
from django.test import Client


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/v2/reports", "/api/"])
def test_an_unknown_address_of_the_api_answers_with_a_problem(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("application/problem+json")
    assert answer.json()["code"] == "address.not_found"


@pytest.mark.parametrize("path", ["/nothing", "/consol", "/r/" + "9" * 65])
def test_an_address_that_is_no_screen_says_so_in_chinese(db: None, path: str) -> None:
    answer = Client().get(path)
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()
    assert "Not Found" not in answer.content.decode()
    assert answer["Content-Security-Policy"] == Client().get("/api/v1/nothing")["Content-Security-Policy"]
