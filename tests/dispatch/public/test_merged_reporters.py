"""Several reporters of one matter: each follows, adds, rates and withdraws the own report, and each is answered."""

from uuid import UUID

import pytest

from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Outcome
from dispatch.matter.orders.models import Order
from dispatch.matter.reports.models import Report
from realtime.feed.errors import Conflict, Invalid, NotFound
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.browser import signed_in
from tests.dispatch.desk import Desk
from tests.dispatch.public.page import Page

BACK = {"reason": "已经自己修好了"}


def merged(desk: Desk, page: Page) -> tuple[str, UUID, UUID]:
    """The query code of a report that was merged away, its issue, and the issue that took it in."""
    code = page.reports(desk)["query_code"]
    source, target = Issue.objects.get().pk, desk.accepted()
    issues.merge(source, target, "同一盏灯", expected=desk.version(source), cmd=desk.command("duty1"))
    return code, source, target


def withdraws(desk: Desk, issue_id: UUID, report: UUID | None = None) -> None:
    """The desk notes what a reporter said by telephone."""
    cmd = desk.command("duty1")
    issues.withdraw(issue_id, "不追究了", report=report, expected=desk.version(issue_id), cmd=cmd)


def closes_as_withdrawn(desk: Desk, issue_id: UUID) -> None:
    """The desk ends what all reporters took back."""
    closing = Closing(Outcome.WITHDRAWN, followed_up=False)
    issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("duty1"))


def test_one_reporter_does_not_withdraw_for_all(desk: Desk, page: Page) -> None:
    code, source, target = merged(desk, page)
    withdraws(desk, target)
    assert Issue.objects.get(pk=target).withdrawn_at is None
    with pytest.raises((Conflict, Invalid)):
        closes_as_withdrawn(desk, target)
    found = page.post("/withdraw", {"query_code": code, **BACK})
    assert found.status_code == 200, found.content
    assert found.json()["withdrawn"] is True
    assert "withdraw" not in found.json()["may"]
    assert Issue.objects.get(pk=target).withdrawn_at == Report.objects.get(issue_id=source).withdrawn_at
    closes_as_withdrawn(desk, target)
    assert Issue.objects.get(pk=target).outcome == "withdrawn"


def test_who_was_merged_withdraws_the_own_report_only(desk: Desk, page: Page) -> None:
    code, _, target = merged(desk, page)
    assert page.post("/withdraw", {"query_code": code, **BACK}).status_code == 200
    assert page.post("/withdraw", {"query_code": code, **BACK}).json()["code"] == "issue.withdrawn_before"
    assert Report.objects.get(issue_id=target).withdrawn_at is None
    assert Issue.objects.get(pk=target).withdrawn_at is None
    withdraws(desk, target)
    assert Issue.objects.get(pk=target).withdrawn_at is not None


def test_the_desk_names_whose_report_is_taken_back(desk: Desk, page: Page) -> None:
    _, source, target = merged(desk, page)
    withdraws(desk, target, Report.objects.get(issue_id=source).pk)
    assert Report.objects.get(issue_id=source).withdrawn_at is not None
    detail = signed_in("duty1").get(f"/issues/{target}").json()
    assert [report["withdrawn_at"] for report in detail["reports"]] == [None]
    assert detail["merged"][0]["reports"][0]["withdrawn_at"] is not None
    with pytest.raises(NotFound):
        withdraws(desk, target, Report.objects.get(issue_id=desk.reported()).pk)


def test_who_handles_the_matter_reads_what_every_reporter_told_of_it_masked(desk: Desk, page: Page) -> None:
    code = page.reports(desk)["query_code"]
    source, target = Issue.objects.get().pk, desk.dispatched(lead="law_enforcement")
    issues.merge(source, target, "同一盏灯", expected=desk.version(source), cmd=desk.command("duty1"))
    told = page.post("/add", {"query_code": code, "text": "现在整条巷子都黑了，请打 13812345678"})
    assert told.status_code == 200, told.content

    unit = signed_in("chengguan")
    detail = unit.get(f"/issues/{target}").json()
    (merged,) = detail["merged"]
    own = signed_in("duty1").get(f"/issues/{source}").json()["reports"]
    assert merged["reports"] == [report | {"slip": False} for report in own]  # the query code is the desk's
    assert [one["text"] for one in detail["additions"]] == ["现在整条巷子都黑了，请打 138****5678"]
    assert unit.get(f"/issues/{source}").status_code == 404  # what was merged stays the desk's

    order = Order.objects.get(pk=desk.lead(target))
    orders.recall(order.pk, "派错了", expected=order.version, cmd=desk.command("duty1"))
    assert unit.get(f"/issues/{target}").status_code == 404


def test_a_merge_takes_in_who_still_stands_by_the_matter_and_an_unmerge_lets_them_go(desk: Desk) -> None:
    target, source = desk.accepted(), desk.accepted()
    withdraws(desk, target)
    issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=target).withdrawn_at is None
    issues.unmerge(source, "不是同一盏灯", expected=desk.version(source), cmd=desk.command("lead"))
    assert Issue.objects.get(pk=target).withdrawn_at is not None
    assert Issue.objects.get(pk=source).withdrawn_at is None


def test_a_reopened_matter_asks_every_reporter_anew(desk: Desk) -> None:
    target, source = desk.accepted(), desk.accepted()
    issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
    withdraws(desk, target)
    withdraws(desk, target, Report.objects.get(issue_id=source).pk)
    closes_as_withdrawn(desk, target)
    issues.reopen(target, "又坏了", expected=desk.version(target), cmd=desk.command("lead"))
    assert set(Report.objects.values_list("withdrawn_at", flat=True)) == {None}
    assert Issue.objects.get(pk=target).withdrawn_at is None


def test_who_was_merged_adds_and_rates_and_the_desk_reads_it_with_the_matter(desk: Desk, page: Page) -> None:
    code, _, target = merged(desk, page)
    found = page.looks_up(code)
    assert (found["state_zh"], found["may"]) == ("已并案，已受理", ["add", "withdraw"])
    added = page.post("/add", {"query_code": code, "text": "又坏了一盏"})
    assert added.status_code == 200, added.content
    assert [said["text"] for said in added.json()["additions"]] == ["又坏了一盏"]
    detail = signed_in("duty1").get(f"/issues/{target}").json()
    assert [said["text"] for said in detail["additions"]] == ["又坏了一盏"]
    early = page.post("/rate", {"query_code": code, "score": 4})
    assert (early.status_code, early.json()["code"]) == (409, "reporter.not_open")
    desk.closes(target)
    assert page.looks_up(code)["may"] == ["rate"]
    assert page.post("/rate", {"query_code": code, "score": 4}).json()["rating"] == 4
    assert page.post("/add", {"query_code": code, "text": "又坏了"}).json()["code"] == "reporter.not_open"


@pytest.mark.mechanism("M75")
def test_every_reporter_of_a_merged_matter_waits_for_an_answer(desk: Desk, page: Page) -> None:
    duty = signed_in("duty1")
    code, source, target = merged(desk, page)

    def waiting() -> set[tuple[str, str]]:
        lines = duty.get("/issues/unanswered").json()["issues"]
        return {(line["id"], report) for line in lines for report in line["reports"]}

    own, other = (str(Report.objects.get(issue_id=issue_id).pk) for issue_id in (target, source))
    assert waiting() == {(str(target), own), (str(target), other)}
    assert duty.post(f"/reports/{own}/replies", {"channel": "telephone", "text": "今晚修复"}).status_code == 200
    assert waiting() == {(str(target), other)}
    assert duty.post(f"/reports/{other}/replies", {"channel": "page", "text": "今晚修复"}).status_code == 200
    assert waiting() == set()
    assert [reply["text"] for reply in page.looks_up(code)["replies"]] == ["今晚修复"]
    page.post("/add", {"query_code": code, "text": "又坏了一盏"})
    assert waiting() == {(str(target), other)}
    duty.post(f"/reports/{other}/replies", {"channel": "page", "text": "一并修复"})
    desk.closes(target)
    assert waiting() == {(str(target), own), (str(target), other)}
