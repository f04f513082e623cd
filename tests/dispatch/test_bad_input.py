"""What people and systems send by mistake: refused as problem+json, with field, rule and remedy; nothing changes."""

import json
from datetime import timedelta, timezone
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import psycopg
import pytest
from django.db import InternalError, OperationalError
from django.test import Client

from dispatch.matter.aggregate.notes import checked
from dispatch.matter.issues.models import Issue
from realtime.feed import clock
from realtime.feed.errors import Invalid
from tests.dispatch.browser import Browser, report_body, signed_in
from tests.dispatch.desk import Desk


@pytest.fixture
def duty(desk: Desk) -> Browser:
    """A duty officer at the console."""
    return signed_in("duty1")


def problem(response: Any, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["code"] == code
    assert document["type"] == f"urn:relay60:{code}"
    assert document["status"] == status
    assert document["title"] and document["detail"]
    return document


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"item": "9999"}, "report.item_unknown", "item"),
        ({"channel": "pigeon"}, "report.channel_unknown", "channel"),
        ({"text": ""}, "request.invalid", "text"),
        ({"text": "  \n "}, "request.invalid", "text"),
        ({"text": "字" * 20_000}, "request.invalid", "text"),
        ({"text": "\u200b\x00"}, "text.empty", "text"),
        ({"text": "\u3164\u2800\ufe0f"}, "text.empty", "text"),
        ({"reporter": {"name": "\u3164\u115f"}}, "name.not_a_name", "reporter.name"),
        ({"text": "窨井盖\x00破损"}, "request.unstorable", "text"),
        ({"text": "窨井盖\x1b[31m破损"}, "request.unstorable", "text"),
        ({"text": 5}, "request.invalid", "text"),
        ({"text": None}, "request.invalid", "text"),
        ({"level": "grave"}, "request.invalid", "level"),
        ({"position": {"lon": 120.35, "lat": 30.65}}, "request.invalid", "position.system"),
        ({"position": {"lon": 120.35, "lat": 30.65, "system": "WGS72"}}, "report.system_unknown", "position.system"),
        ({"position": {"lon": 30.65, "lat": 120.35, "system": "WGS84"}}, "report.position_swapped", "position"),
        ({"position": {"lon": 120.3, "lat": 95, "system": "WGS84"}}, "report.latitude_out_of_range", "position.lat"),
        ({"position": {"lon": "far", "lat": 30, "system": "WGS84"}}, "request.invalid", "position.lon"),
        (
            {"position": {"lon": 120, "lat": 30, "system": "WGS84", "accuracy_m": -1}},
            "request.invalid",
            "position.accuracy_m",
        ),
        ({"source_number": "a\x00b"}, "request.invalid", "source_number"),
        ({"source_number": ""}, "request.invalid", "source_number"),
        ({"source_number": "\u200b\u2060"}, "request.invalid", "source_number"),
        ({"address": "\u200b\u202e"}, "request.invalid", "address"),
        ({"address": "\u3164"}, "request.invalid", "address"),
        ({"parties": [{"name": "李四", "note": "\u200b"}]}, "request.invalid", "parties.0.note"),
        ({"source_received_at": "2026-11-02T09:00:00"}, "request.invalid", "source_received_at"),
        ({"source_received_at": "0001-01-01T00:00:00+08:00"}, "request.invalid", "source_received_at"),
        ({"observed_at": "yesterday"}, "request.invalid", "observed_at"),
        ({"observed_at": "2026-11-02T09:00:00+23:59"}, "request.invalid", "observed_at"),
        ({"source_received_at": "2026-11-02T09:00:00-16:00"}, "request.invalid", "source_received_at"),
        ({"reporter": {"name": "a" * 51}}, "request.invalid", "reporter.name"),
        ({"reporter": "王建国"}, "request.invalid", "reporter"),
        ({"postion": {"lon": 120.35, "lat": 30.65, "system": "WGS84"}}, "request.invalid", "postion"),
    ],
)
def test_a_report_is_refused_with_field_rule_and_remedy(
    duty: Browser, change: dict[str, Any], code: str, field: str
) -> None:
    document = problem(duty.post("/reports", report_body(**change)), 422, code)
    assert document["field"] == field
    assert document["rule"] and document["remedy"]
    assert not Issue.objects.exists()


def test_an_offset_that_no_place_has_is_the_reason(duty: Browser) -> None:
    for offset, status in (("+23:59", 422), ("-12:01", 422), ("+14:00", 201), ("-12:00", 201)):
        at = (clock.at(None) - timedelta(hours=1)).astimezone(timezone(_offset(offset))).isoformat()
        answer = duty.post("/reports", report_body(observed_at=at))
        assert answer.status_code == status, answer.content
        assert status == 201 or "时区偏移" in answer.json()["detail"]


def _offset(text: str) -> timedelta:
    hours, minutes = map(int, text[1:].split(":"))
    return (-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"text": NaN}', b'{"text": "\\ud800"}'])
def test_a_body_that_is_no_report(duty: Browser, body: bytes) -> None:
    response = duty.client.post(
        "/api/v1/reports", body, content_type="application/json", headers={"Idempotency-Key": "k"}
    )
    assert response.status_code in (400, 422), response.content
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("words", ["已\x00办", "已办\x1b[0m", "已办\x7f。"])
def test_no_sealed_text_holds_a_control_character(words: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(words, "text")
    assert (refused.value.code, refused.value.field) == ("request.unstorable", "text")
    assert "U+00" in refused.value.detail


def test_lines_tabs_and_breaks_of_pages_are_text() -> None:
    assert checked(" 一、\t现场\r\n二、\x0b已办\x0c ", "text") == "一、\t现场\r\n二、\x0b已办"


def test_numbers_that_are_none(duty: Browser) -> None:
    for number in ("NaN", "Infinity", "1e999"):
        body = json.dumps(report_body(position={"lon": 0, "lat": 1, "system": "WGS84"})).replace(": 0,", f": {number},")
        response = duty.client.post(
            "/api/v1/reports", body, content_type="application/json", headers={"Idempotency-Key": "k"}
        )
        problem(response, 422, "request.invalid")


def test_numbers_and_names_that_postgresql_does_not_take(duty: Browser) -> None:
    tiny = {"lon": 1e-320, "lat": 5e-324, "system": "WGS84"}
    problem(duty.post("/reports", report_body(position=tiny)), 422, "request.unstorable")
    problem(duty.get(f"/objects/%00/{uuid4()}"), 422, "request.unstorable")
    assert not Issue.objects.exists()


def test_a_key_with_another_body(duty: Browser) -> None:
    assert duty.post("/reports", report_body(), key="k").status_code == 201
    problem(duty.post("/reports", report_body(item="1401"), key="k"), 422, "idempotency_key.reused")
    issue_id = duty.reports()
    problem(duty.post(f"/issues/{issue_id}/accept", key="k"), 422, "idempotency_key.reused")


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_command_without_a_key(duty: Browser, key: str) -> None:
    problem(duty.post("/reports", report_body(), key=key), 422, "idempotency_key.invalid")


def test_a_version_that_is_stale_missing_or_malformed(duty: Browser) -> None:
    issue_id = duty.reports()
    duty.post(f"/issues/{issue_id}/accept")
    document = problem(duty.post(f"/issues/{issue_id}/file", version=1), 412, "version.stale")
    assert (document["version"], document["expected"]) == (2, 1)
    problem(duty.post(f"/issues/{issue_id}/file"), 428, "version.required")
    problem(duty.post(f"/issues/{issue_id}/file", version="newest"), 422, "version.malformed")


def test_a_verb_in_the_wrong_state_says_what_is_open(duty: Browser) -> None:
    issue_id = duty.reports()
    document = problem(duty.post(f"/issues/{issue_id}/verify", version=1), 409, "issue.not_open")
    assert (document["state"], document["verb"], document["open"]) == (
        "reported",
        "verify",
        ["accept", "decline", "merge", "amend", "withdraw", "refer_emergency", "message"],
    )
    assert document["detail"] == "事项为「待受理」，不能核查通过。"


def test_an_id_of_another_unit_or_centre_does_not_exist(desk: Desk, other_desk: Desk, duty: Browser) -> None:
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    problem(signed_in("power").post(f"/orders/{order_id}/acknowledge"), 404, "order.not_found")
    problem(signed_in("o_duty1").get(f"/issues/{issue_id}"), 404, "issue.not_found")
    problem(signed_in("o_duty1").post(f"/issues/{issue_id}/accept"), 404, "issue.not_found")
    problem(duty.post(f"/issues/{uuid4()}/accept"), 404, "issue.not_found")
    problem(duty.post("/issues/17/accept"), 422, "request.invalid")


def test_nobody_known(desk: Desk) -> None:
    stranger = Browser(Client())
    problem(stranger.post("/reports", report_body()), 401, "session.none")
    problem(stranger.get("/issues"), 401, "session.none")
    bad_key = Browser(Client(headers={"Authorization": "Bearer nothing"}))
    problem(bad_key.post("/reports", report_body()), 401, "session.none")


def test_a_session_without_the_csrf_token(desk: Desk) -> None:
    client = Client(enforce_csrf_checks=True)
    body = {"username": "duty1", "password": "relay60-demo"}
    client.post("/api/v1/session", body, content_type="application/json")
    browser = Browser(client)
    problem(browser.post("/reports", report_body()), 403, "csrf.failed")
    token = client.cookies["csrftoken"].value
    assert browser.post("/reports", report_body(), **{"X-CSRFToken": token}).status_code == 201


def test_who_lacks_the_right(desk: Desk) -> None:
    issue_id = desk.reported()
    document = problem(signed_in("leader").post(f"/issues/{issue_id}/accept"), 403, "right.missing")
    assert document["right"] == "issues.accept"


def test_a_lock_that_is_held_says_try_again(duty: Browser) -> None:
    held = OperationalError("canceling statement due to lock timeout")
    held.__cause__ = psycopg.errors.LockNotAvailable("55P03")
    with patch("dispatch.verbs.running.lock_issue", side_effect=held):
        response = duty.post(f"/issues/{uuid4()}/accept")
    problem(response, 503, "lock.busy")
    assert response["Retry-After"] == "1"


def test_a_process_that_got_no_turn_for_too_long_says_try_again(duty: Browser) -> None:
    ended = InternalError("terminating connection due to idle-in-transaction timeout")
    ended.__cause__ = psycopg.errors.IdleInTransactionSessionTimeout("25P03")
    with patch("dispatch.verbs.running.lock_issue", side_effect=ended):
        problem(duty.post(f"/issues/{uuid4()}/accept"), 503, "lock.busy")


def test_a_fault_of_ours_shows_nothing_of_itself(duty: Browser) -> None:
    with patch("dispatch.verbs.running.lock_issue", side_effect=RuntimeError("secret path /etc")):
        response = duty.post(f"/issues/{uuid4()}/accept")
    problem(response, 500, "server.error")
    assert b"secret" not in response.content


def test_a_body_of_two_megabytes(duty: Browser) -> None:
    problem(duty.post("/reports", report_body(text="x" * 2_000_000)), 413, "request.too_large")


def test_pages_that_do_not_exist(duty: Browser) -> None:
    problem(duty.get("/issues", cursor="x"), 422, "page.cursor")
    assert duty.get("/reports/mine", before=f"2026-11-02T09:00:00+23:59~{uuid4()}").status_code == 200
    problem(duty.get("/reports/mine", before=f"0001-01-01T00:00:00+08:00~{uuid4()}"), 422, "page.cursor")
    problem(duty.get("/issues", limit=0), 422, "request.invalid")
    problem(duty.get("/issues", state="lost"), 422, "request.invalid")
    problem(duty.get("/issues", q="\x00"), 422, "request.invalid")
    assert duty.get("/issues", q="'; DROP TABLE issues_issue; --").json()["issues"] == []
