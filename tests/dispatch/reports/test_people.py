"""Names and telephone numbers of a report, at every door: what is none is not kept as one, and says so."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from command.people.actions import make_api_client
from dispatch.matter.issues.models import Issue
from tests.dispatch.browser import Browser, report_body, signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.reports.test_batch import pushes

WRONG: list[tuple[dict[str, Any], str, str, str]] = [
    ({"reporter": {"name": "45991"}}, "name.not_a_name", "reporter.name", "数字"),
    ({"reporter": {"name": "#N/A"}}, "name.not_a_name", "reporter.name", "错误值"),
    ({"reporter": {"name": "2026-01-02"}}, "name.not_a_name", "reporter.name", "日期"),
    ({"reporter": {"name": "不详"}}, "name.not_a_name", "reporter.name", "用词"),
    ({"reporter": {"name": "\u200b"}}, "name.not_a_name", "reporter.name", "没有文字"),
    ({"parties": [{"name": "李四海"}, {"name": "NULL"}]}, "name.not_a_name", "parties.1.name", "空值"),
    ({"reporter": {"name": "王建国", "phone": "abc"}}, "person.phone_invalid", "reporter.phone", "没有号码"),
    ({"reporter": {"phone": "不详"}}, "person.phone_invalid", "reporter.phone", "没有号码"),
    ({"parties": [{"phone": "－－"}]}, "person.phone_invalid", "parties.0.phone", "没有号码"),
]


@pytest.mark.parametrize(("more", "code", "field", "why"), WRONG)
def test_a_person_is_told_what_is_no_name_and_no_number(
    desk: Desk, more: dict[str, Any], code: str, field: str, why: str
) -> None:
    for door in ("duty1", "grid1"):
        refused = signed_in(door).post("/reports", report_body(**more)).json()
        assert (refused["status"], refused["code"], refused["field"]) == (422, code, field)
        assert why in refused["detail"] and refused["rule"] and refused["remedy"]
    assert not Issue.objects.exists()


@pytest.mark.parametrize(("more", "code", "field", "why"), WRONG)
def test_a_systems_report_comes_in_without_it_and_both_sides_are_told(
    desk: Desk, more: dict[str, Any], code: str, field: str, why: str
) -> None:
    asked = {"reporter": None} | report_body(**more) | {"text": "路灯不亮三天了"}
    key = make_api_client(desk.built.id, str(uuid4()), ["hotline_12345"])
    sent = {"source_number": "1"} | asked
    taken = Browser(Client(headers={"Authorization": f"Bearer {key}"})).post("/reports", sent)
    assert (taken.status_code, taken["Left-Out"]) == (201, field), taken.content
    again = pushes(key, [sent, {**asked, "source_number": "2"}, report_body(source_number="3")]).json()
    assert (again["taken"], again["known"]) == (2, 1)
    assert [line["left_out"] for line in again["rows"]] == [[field], [field], []]

    issue_id = UUID(taken.json()["object"]["id"])
    [shown] = signed_in("duty1").post(f"/issues/{issue_id}/reveal", {"reason": "回访"}).json()["reports"]
    people = {"reporter": shown["reporter"] or {}, "parties": shown["parties"]}
    step: Any = people
    for part in field.split("."):
        step = step[int(part)] if part.isdecimal() else step.get(part)
    assert step is None
    assert shown["text"].startswith("路灯不亮三天了\n（来源所填") and why in shown["text"]


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ({"name": "李　四", "phone": "一三八一二三四一二三四"}, {"name": "李四", "phone": "一三八一二三四一二三四"}),
        ({"name": "阿依古丽·买买提", "phone": "110"}, {"name": "阿依古丽·买买提", "phone": "110"}),
        ({"name": "物业", "phone": None}, {"name": "物业", "phone": None}),
    ],
)
def test_what_is_one_is_kept(desk: Desk, given: dict[str, Any], kept: dict[str, Any]) -> None:
    duty = signed_in("duty1")
    issue_id = UUID(duty.post("/reports", report_body(reporter=given)).json()["object"]["id"])
    [shown] = duty.post(f"/issues/{issue_id}/reveal", {"reason": "回访"}).json()["reports"]
    assert shown["reporter"] == kept
