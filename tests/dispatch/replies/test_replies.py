"""Reporters are answered, and who was not is listed."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from command.settings import actions as settings
from dispatch.matter.replies.models import Reply
from dispatch.matter.reports.models import Report
from dispatch.reading.waiting import unanswered
from realtime.feed import clock
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk

TEXT = "已派人前往，今晚修复。"


def replies(browser: Browser, report_id: UUID, **more: Any) -> Any:
    """A reply by telephone."""
    return browser.post(f"/reports/{report_id}/replies", {"channel": "telephone", "text": TEXT, **more})


def waiting(browser: Browser) -> list[str]:
    """The numbers of the issues whose reporter was not answered."""
    answer = browser.get("/issues/unanswered")
    assert answer.status_code == 200, answer.content
    page = answer.json()
    assert (page["total"], page["cursor"]) == (len(page["issues"]), None)
    return [line["card"]["number"] for line in page["issues"]]


@pytest.mark.mechanism("M116")
def test_a_reply_is_kept_with_text_channel_and_time_and_told_without_words(desk: Desk) -> None:
    desk.reported()
    report = Report.objects.get()
    answer = replies(signed_in("duty1"), report.pk)
    assert answer.status_code == 200, answer.content
    row = Reply.objects.get()
    assert (row.channel, row.by, row.told_at) == ("telephone", f"person:{desk.built.people['duty1']}", row.at)
    assert TEXT.encode() not in bytes(row.sealed)
    [fact] = [fact for fact in all_facts(desk.built.id) if fact.name == "reply.made"]
    told = json.loads(fact.bytes)
    assert (told["object"]["kind"], told["card"]["open"], told["card"]["report"]) == ("reply", False, str(report.pk))
    assert TEXT not in fact.bytes.decode()


def test_a_reply_was_given_after_the_report_and_not_in_the_future(desk: Desk) -> None:
    desk.reported()
    report = Report.objects.get()
    for told_at in ("2025-01-01T00:00:00Z", "2099-01-01T00:00:00Z"):
        refused = replies(signed_in("duty1"), report.pk, told_at=told_at)
        assert (refused.status_code, refused.json()["code"]) == (422, "reply.told_at")


def test_only_those_concerned_reply(desk: Desk, other_desk: Desk) -> None:
    desk.dispatched(DOMESTIC_VIOLENCE, lead="police")
    report = Report.objects.get()
    for username in ("chengguan", "town", "leader", "grid1", "o_duty1"):
        assert replies(signed_in(username), report.pk).status_code == 404, username
    assert replies(signed_in("police"), report.pk).status_code == 200
    assert replies(signed_in("duty1"), UUID(int=0)).json()["code"] == "report.not_found"


@pytest.mark.mechanism("M75")
def test_issues_whose_reporter_was_not_answered_are_listed(desk: Desk, other_desk: Desk) -> None:
    duty = signed_in("duty1")
    issue_id = desk.reported()
    assert waiting(duty) == []  # not taken in yet: the relay up watches that
    issues.accept(issue_id, cmd=desk.command("duty1"))
    assert waiting(duty) == ["000001"]
    replies(duty, Report.objects.get().pk)
    assert waiting(duty) == []
    desk.declined(desk.reported())
    assert waiting(duty) == ["000002"]
    assert waiting(signed_in("o_duty1")) == []
    assert signed_in("grid1").get("/issues/unanswered").status_code == 403


def test_closing_asks_for_an_answer_again(desk: Desk) -> None:
    duty = signed_in("duty1")
    issue_id = desk.accepted()
    replies(duty, Report.objects.get().pk)
    desk.closes(issue_id)
    assert waiting(duty) == ["000001"]
    replies(duty, Report.objects.get().pk)
    assert waiting(duty) == []


def test_nobody_waits_for_the_answer_to_an_anonymous_report(desk: Desk) -> None:
    duty = signed_in("duty1")
    issue_id = duty.reports(reporter=None)
    duty.post(f"/issues/{issue_id}/accept")
    assert waiting(duty) == []


def test_the_whole_list_is_read_by_pages_the_newest_need_first(desk: Desk) -> None:
    duty = signed_in("duty1")
    for _ in range(5):
        issues.accept(desk.reported(), cmd=desk.command("duty1"))
    first = duty.get("/issues/unanswered", limit=2).json()
    assert (first["total"], [line["card"]["number"] for line in first["issues"]]) == (5, ["000005", "000004"])
    issues.accept(desk.reported(), cmd=desk.command("duty1"))  # what comes meanwhile moves no page
    second = duty.get("/issues/unanswered", limit=2, cursor=first["cursor"]).json()
    third = duty.get("/issues/unanswered", limit=2, cursor=second["cursor"]).json()
    assert [line["card"]["number"] for line in (*second["issues"], *third["issues"])] == ["000003", "000002", "000001"]
    assert (third["total"], third["cursor"]) == (6, None)
    refused = duty.get("/issues/unanswered", cursor="2026~x")
    assert (refused.status_code, refused.json()["code"]) == (422, "page.cursor")


def test_what_was_declined_or_closed_long_ago_is_listed_no_longer_and_what_is_open_is(desk: Desk) -> None:
    issues.accept(desk.reported(), cmd=desk.command("duty1"))
    desk.declined(desk.reported())
    desk.closed()

    def after(days: int) -> list[str]:
        with clock.shifted(timedelta(days=days)):
            return [str(one.card["number"]) for one in unanswered(actor=desk.actor("duty1")).issues]

    assert after(29) == ["000003", "000002", "000001"]
    assert after(31) == ["000001"]
    settings.change("answer_wanted_days", 60, expected=0, cmd=desk.command("admin"))
    assert after(31) == ["000003", "000002", "000001"]


def test_an_issue_with_two_who_wait_is_one_line(desk: Desk) -> None:
    source, target = desk.reported(), desk.accepted()
    issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
    page = signed_in("duty1").get("/issues/unanswered").json()
    assert (page["total"], [len(line["reports"]) for line in page["issues"]]) == (1, [2])
