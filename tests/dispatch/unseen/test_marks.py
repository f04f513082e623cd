"""What others change marks an issue for each who may see it, until that person has looked. Rules: docs/rules.md."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from dispatch.matter.issues.outcomes import Closing, Outcome
from dispatch.matter.reports.models import Report
from dispatch.matter.unseen.marking import ENDING, MARKING, MARKING_FOR_MEMBERS
from dispatch.matter.unseen.models import Look, UnseenChange
from dispatch.reading.unseen import unseen
from dispatch.verbs import looking as actions
from dispatch.verbs import replies
from realtime.feed import clock
from realtime.feed.models import StoredFact
from tests.dispatch import issue_verbs as issues
from tests.dispatch.browser import Browser, signed_in
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk
from tests.dispatch.public.page import Page

SQL = Path(__file__).parents[3] / "dispatch/matter/unseen/sql"


def marks(browser: Browser) -> dict[str, list[str]]:
    """The names of what marks each issue, for who asks."""
    answer = browser.get("/issues/unseen")
    assert answer.status_code == 200, answer.content
    return {one["id"]: [change["name"] for change in one["changes"]] for one in answer.json()["issues"]}


def looks(browser: Browser, issue_id: UUID, seq: int | None = None) -> Any:
    """Somebody has the issue before their eyes as it is now."""
    seen = seq or browser.get(f"/issues/{issue_id}").json()["timeline"][-1]["seq"]
    return browser.client.put(f"/api/v1/issues/{issue_id}/look", {"seq": seen}, content_type="application/json")


def taken(desk: Desk, page: Page, text: str | None = None) -> tuple[str, UUID]:
    """A report by a grid's page that the desk has accepted: its query code, its issue."""
    code = page.reports(desk, item="1901", **({"text": text} if text else {}))["query_code"]
    issue_id = Report.objects.latest("received_at").issue_id
    issues.accept(issue_id, cmd=desk.command("duty1"))
    return code, issue_id


def test_what_a_reporter_adds_marks_the_issue_until_one_has_looked(desk: Desk) -> None:
    page, duty, other = Page(), signed_in("duty1"), signed_in("lead")
    code, issue_id = taken(desk, page)
    assert marks(duty) == {}
    assert page.post("/add", {"query_code": code, "text": "又坏了一盏"}).status_code == 200
    assert marks(duty) == marks(other) == {str(issue_id): ["report.added"]}
    facts = StoredFact.objects.count()
    assert looks(duty, issue_id).status_code == 204
    assert (marks(duty), marks(other)) == ({}, {str(issue_id): ["report.added"]})
    assert StoredFact.objects.count() == facts  # it is no fact, and nobody is told
    assert looks(duty, issue_id).status_code == 204  # again
    assert page.post("/add", {"query_code": code, "text": "还有一盏"}).status_code == 200
    assert marks(duty) == {str(issue_id): ["report.added"]}


def test_a_look_clears_what_was_drawn_and_no_more(desk: Desk) -> None:
    page, duty = Page(), signed_in("duty1")
    code, issue_id = taken(desk, page)
    page.post("/add", {"query_code": code, "text": "又坏了一盏"})
    drawn = duty.get(f"/issues/{issue_id}").json()["timeline"][-1]["seq"]
    page.post("/add", {"query_code": code, "text": "还有一盏"})
    looks(duty, issue_id, drawn)
    assert marks(duty) == {str(issue_id): ["report.added"]}
    looks(duty, issue_id, 2**40)  # beyond the end counts as the end
    assert marks(duty) == {}
    page.post("/add", {"query_code": code, "text": "第三盏"})
    assert marks(duty) == {str(issue_id): ["report.added"]}
    looks(duty, issue_id)
    looks(duty, issue_id, drawn)  # an older screen takes nothing back
    assert marks(duty) == {}


def test_a_rating_a_withdrawal_and_the_wish_to_be_reconsidered_mark(desk: Desk) -> None:
    page, duty = Page(), signed_in("duty1")
    code, issue_id = taken(desk, page)
    page.post("/withdraw", {"query_code": code, "reason": "已经好了"})
    assert marks(duty) == {str(issue_id): ["issue.withdrawn"]}
    closing = Closing(Outcome.WITHDRAWN, followed_up=True)
    issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("lead"))
    assert marks(duty) == {}  # it has ended: what was marked before is over
    assert page.post("/rate", {"query_code": code, "score": 2}).status_code == 200
    assert marks(duty) == {str(issue_id): ["report.rated"]}
    [line] = duty.get("/issues/unseen").json()["issues"]
    assert (line["card"]["number"], line["card"]["open"]) == (
        "000001",
        False,
    )  # it is on no board: its card comes along
    code = page.reports(desk, item="1901")["query_code"]
    declined = Report.objects.latest("received_at").issue_id
    desk.declined(declined)
    page.post("/reconsider", {"query_code": code, "reason": "请再看看"})
    assert marks(duty)[str(declined)] == ["report.reconsideration_asked"]


def test_a_units_answer_marks_for_the_desk_and_not_for_the_unit_itself(desk: Desk) -> None:
    issue_id = desk.fed_back()
    assert marks(signed_in("duty1")) == {str(issue_id): ["order.fed_back"]}
    assert marks(signed_in("chengguan")) == {}
    assert marks(signed_in("chengguan2")) == {str(issue_id): ["order.fed_back"]}
    assert marks(signed_in("police")) == {}
    order = desk.lead(issue_id)
    issues.rework(issue_id, [order], "未见照片", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert marks(signed_in("chengguan")) == {str(issue_id): ["order.reworked"]}


def test_marks_are_scoped_by_rights(desk: Desk, other_desk: Desk) -> None:
    issue_id = desk.dispatched(DOMESTIC_VIOLENCE, lead="police")
    report = Report.objects.get()
    replies.reply(report.pk, replies.NewReply("telephone", "已派人"), cmd=desk.command("duty1"))  # type: ignore[arg-type]
    assert marks(signed_in("lead")) == marks(signed_in("police")) == {str(issue_id): ["reply.made"]}
    for username in ("chengguan", "town", "leader", "grid1", "o_duty1"):
        assert marks(signed_in(username)) == {}, username
        assert looks(signed_in(username), issue_id, 1).status_code == 404, username
    assert Page().client.get("/api/v1/issues/unseen").status_code == 401


def test_a_member_is_marked_how_the_own_report_ended(desk: Desk) -> None:
    issue_id = desk.reported(by="grid1", position=desk.inside())
    desk.declined(issue_id)
    assert marks(signed_in("grid1")) == {str(issue_id): ["issue.declined"]}
    assert marks(signed_in("lead")) == {}  # the desk's own step


def test_what_is_added_to_a_report_that_was_merged_away_marks_the_matter(desk: Desk) -> None:
    page, duty = Page(), signed_in("duty1")
    code, source = taken(desk, page)
    target = desk.accepted()
    issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("lead"))
    assert marks(duty) == {str(target): ["issue.took_in"]}
    page.post("/add", {"query_code": code, "text": "又坏了一盏"})
    assert marks(duty) == {str(target): ["issue.took_in", "report.added"]}
    looks(duty, target, StoredFact.objects.count())
    assert marks(duty) == {}


@pytest.mark.parametrize("text", ["孩子不见了", "老人走失了，快来", "现在冒烟了"])
def test_words_of_danger_in_what_is_added_are_told_without_the_words(desk: Desk, text: str) -> None:
    page, duty = Page(), signed_in("duty1")
    code, _ = taken(desk, page)
    page.post("/add", {"query_code": code, "text": text})
    [line] = duty.get("/issues/unseen").json()["issues"]
    assert line["changes"][-1]["danger"] in (["110"], ["119"])
    fact = StoredFact.objects.get(name="report.added")
    assert text not in bytes(fact.bytes).decode() and b'"danger":["11' in bytes(fact.bytes)


def test_words_of_danger_are_heard_in_every_text_that_others_send(desk: Desk) -> None:
    issue_id = desk.fed_back()
    order = desk.lead(issue_id)
    issues.rework(issue_id, [order], "有人落水", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    desk.feeds_back(order, text="现场有人落水")
    page = Page()
    code, _ = taken(desk, page)
    page.post("/withdraw", {"query_code": code, "reason": "孩子不见了，顾不上了"})
    told = {one["id"]: one["changes"] for one in signed_in("lead").get("/issues/unseen").json()["issues"]}
    heard = [(change["name"], change["danger"]) for changes in told.values() for change in changes if change["danger"]]
    assert heard == [("order.fed_back", ["119", "120"]), ("issue.withdrawn", ["110"])]


def test_the_database_marks_what_the_law_says() -> None:
    trigger = (SQL / "unseen_v3.sql").read_text(encoding="utf-8")
    assert set(re.findall(r"'([a-z]+\.[a-z_]+)'", trigger)) == MARKING | MARKING_FOR_MEMBERS | ENDING
    function = (SQL / "unseen_v2.sql").read_text(encoding="utf-8")
    [ending, returning, members] = [
        set(re.findall(r"'([a-z]+\.[a-z_]+)'", part))
        for part in re.findall(r"NEW\.name (?:NOT )?IN \(([^)]*)\)", function)
    ]
    assert (ending, returning, members) == (ENDING, ENDING - MARKING_FOR_MEMBERS, MARKING_FOR_MEMBERS)


def test_what_ended_and_what_is_old_leaves_no_rows(desk: Desk) -> None:
    issue_id = desk.fed_back()
    looks(signed_in("duty1"), issue_id)
    assert (UnseenChange.objects.count(), Look.objects.count()) == (1, 1)
    issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    issues.close(
        issue_id,
        Closing(Outcome.RESOLVED, followed_up=True),
        expected=desk.version(issue_id),
        cmd=desk.command("duty1"),
    )
    assert (UnseenChange.objects.count(), Look.objects.count()) == (0, 0)
    desk.fed_back()
    with clock.shifted(timedelta(days=15)):
        assert unseen(actor=desk.actor("duty1")).issues == ()
        assert actions.forget_old() == 1
    assert UnseenChange.objects.count() == 0


def test_nobody_writes_a_mark_but_the_facts_themselves(desk: Desk) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('relay_app', 'unseen_unseenchange', 'INSERT')")
        assert cursor.fetchone() == (False,)
