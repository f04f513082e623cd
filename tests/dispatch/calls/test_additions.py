"""Calls by what a reporter adds, and what the timer ends. Source: docs/rules.md, "Calls"."""

from uuid import UUID

from dispatch.matter.clock_law import fire_due
from dispatch.matter.issues.models import Issue
from dispatch.matter.reports.models import Report
from dispatch.matter.reports.reporters import ReporterActor
from dispatch.reading.calls import unanswered
from dispatch.verbs import replies
from realtime.feed.clock import shifted
from realtime.feed.contract import Command
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.calls.called import answers, the_call
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.clocks.test_following import DAY
from tests.dispatch.desk import MINUTE, Desk

DANGER = "楼道里煤气味很大，有老人晕倒"


def adds(desk: Desk, issue_id: UUID, text: str) -> None:
    """The reporter adds to the report by query code."""
    report = Report.objects.select_related("issue").get(issue_id=issue_id)
    actor = ReporterActor(report.pk, issue_id, desk.built.id, (report.issue.place,))
    cmd = desk.command("duty1")
    replies.add(report.pk, text, cmd=Command(actor, cmd.key, cmd.body_hash))


def test_words_of_danger_that_a_reporter_adds_call_the_desk(desk: Desk) -> None:
    issue_id = desk.dispatched()
    adds(desk, issue_id, "又灭了一盏")
    before = unanswered(desk.built.id)
    adds(desk, issue_id, DANGER)
    call = the_call(issue_id, "danger")
    assert (call.state, call.unit_id) == ("open", desk.unit("duty_desk"))
    assert unanswered(desk.built.id) == before + 1
    assert stale_cards(desk) == []
    answers(desk, call, "duty2")
    assert unanswered(desk.built.id) == before


def test_a_second_danger_goes_on_from_the_first_and_both_are_on_record(desk: Desk) -> None:
    issue_id = desk.dispatched()
    adds(desk, issue_id, DANGER)
    first = the_call(issue_id, "danger")
    with shifted(MINUTE):
        adds(desk, issue_id, DANGER)
    second = the_call(issue_id, "danger")
    first.refresh_from_db()
    assert (first.state, first.into_id, second.state) == ("silenced", second.pk, "open")
    assert stale_cards(desk) == []


def test_the_end_of_a_suspension_silences_the_call_that_warned_of_it(desk: Desk) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    until = Issue.objects.get(pk=issue_id).last_at + 10 * DAY
    issues.suspend(issue_id, until, "等配件", expected=desk.version(issue_id), cmd=desk.command("lead"))
    with shifted(9 * DAY):
        fire_due()
    warned = the_call(issue_id, "ladder")
    assert warned.state == "open"
    with shifted(10 * DAY + MINUTE):
        fire_due()
    warned.refresh_from_db()
    assert (warned.state, warned.into_id) == ("silenced", None)
    assert stale_cards(desk) == []
