"""What happened on paper: who enters it, with which times, and what it never changes."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from command.people import accounts
from command.people.models import Post
from command.settings import actions as centre_settings
from dispatch.matter.backfills.contract import OnPaper, Outage
from dispatch.matter.backfills.models import Backfill
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Due, Escalation
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order, Result
from dispatch.matter.reports.models import Report
from dispatch.reading.detail import issue_detail
from dispatch.verbs import report as intake
from dispatch.verbs.report import NewReport
from realtime.feed.clock import at as database_time
from realtime.feed.clock import shifted
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import MINUTE, PERSONAL, STREET_LIGHT, Desk, read
from tests.dispatch.paper import FROM_PAPER
from tests.dispatch.stories import STORIES

HOUR = timedelta(hours=1)
NOT_LEADS = ("duty1", "chengguan", "town", "leader", "admin")


def paper(at: datetime, ground: Outage = Outage.POWER_CUT) -> OnPaper:
    """What the paper says."""
    return OnPaper(at, ground)


def last_at(issue_id: UUID) -> datetime:
    """When the last thing was done to an issue."""
    return Issue.objects.get(pk=issue_id).last_at


def steps(desk: Desk, after: int) -> list[dict[str, Any]]:
    """Name and body of the facts behind a position; nobody was called on paper: who is called is called now."""
    facts = [json.loads(fact.bytes) for fact in all_facts(desk.built.id, after=after) if fact.object_kind != "call"]
    return [{"name": fact["name"], "at": fact["at"], **fact["body"]} for fact in facts]


@pytest.mark.parametrize("name", FROM_PAPER)
def test_both_times_are_kept_and_every_fact_of_the_step_says_so(desk: Desk, name: str) -> None:
    story, verb = FROM_PAPER[name], name.removesuffix("_from_paper")
    issue_id = story.prepare(desk)
    before, told = last_at(issue_id), max(fact.seq for fact in all_facts(desk.built.id))
    answer = read(story.run(desk, issue_id))  # type: ignore[arg-type]

    row = Backfill.objects.get()
    assert (row.verb, row.happened_at, row.ground) == (verb, before + 10 * MINUTE, "power_cut")
    assert before + 20 * MINUTE <= row.entered_at == last_at(row.issue_id)
    assert (row.order_id or row.issue_id, row.version) == (UUID(answer["object"]["id"]), answer["version"])
    assert (row.by, row.post.role) == (desk.actor("lead").principal, "duty_lead")
    facts = steps(desk, told)
    marks = [fact["backfill"] for fact in facts]
    assert {(mark["verb"], mark["ground"]) for mark in marks} == {(verb, "power_cut")}
    assert {datetime.fromisoformat(mark["happened_at"]) for mark in marks} == {row.happened_at}
    assert {datetime.fromisoformat(fact["at"]) for fact in facts} == {row.entered_at}
    assert set(marks[0]) == {"verb", "ground", "happened_at"}  # no person, no free text


@pytest.mark.parametrize("name", FROM_PAPER)
@pytest.mark.parametrize("username", NOT_LEADS)
def test_nobody_but_the_duty_lead_enters_from_paper(desk: Desk, name: str, username: str) -> None:
    story = replace(FROM_PAPER[name], by=username)
    issue_id = story.prepare(desk)
    with pytest.raises((Forbidden, NotFound)) as refused:
        story.run(desk, issue_id)
    if username in ("duty1", "chengguan"):  # who sees it, and does this very step when it happens
        assert refused.value.code in ("backfill.duty_lead_only", "issue.not_found", "right.missing", "order.not_found")
    if username == "duty1":
        assert refused.value.code == "backfill.duty_lead_only"
        assert refused.value.remedy
    assert not Backfill.objects.exists()


@pytest.mark.parametrize("name", [name for name in FROM_PAPER if name != "report_from_paper"])
def test_what_is_another_centres_does_not_exist(desk: Desk, other_desk: Desk, name: str) -> None:
    story = replace(FROM_PAPER[name], by="o_lead")
    issue_id = story.prepare(desk)
    with pytest.raises(NotFound):
        story.act(desk, issue_id, other_desk.command("o_lead"))


@pytest.mark.parametrize("name", FROM_PAPER)
def test_a_deputy_enters_from_paper_while_the_approvals_are_delegated(desk: Desk, name: str) -> None:
    post = Post.objects.get(person__username="duty1")
    until = database_time(None) + 8 * HOUR
    accounts.delegate(post.pk, until, cmd=desk.command("lead"))
    story = replace(FROM_PAPER[name], by="duty1")
    story.run(desk, story.prepare(desk))
    assert Backfill.objects.get().post == post


REFUSALS: dict[str, Callable[[datetime, datetime], datetime]] = {
    "backfill.in_the_future": lambda before, now: now + MINUTE,
    "backfill.too_old": lambda before, now: now - timedelta(days=7, minutes=1),
    "backfill.before_previous_step": lambda before, now: before - MINUTE,
}


@pytest.mark.parametrize("code", REFUSALS)
@pytest.mark.parametrize("name", FROM_PAPER)
def test_a_time_that_can_not_be_is_refused(desk: Desk, name: str, code: str) -> None:
    if (name, code) == ("report_from_paper", "backfill.before_previous_step"):
        return  # nothing is before a report
    story = FROM_PAPER[name]
    issue_id = story.prepare(desk)
    before, told = last_at(issue_id), len(list(all_facts(desk.built.id)))
    acts = {
        "report": lambda on: _report(desk, on),
        "accept": lambda on: issues.accept(issue_id, on_paper=on, cmd=desk.command("lead")),
        "file": lambda on: issues.file(
            issue_id, on_paper=on, expected=desk.version(issue_id), cmd=desk.command("lead")
        ),
        "dispatch": lambda on: _dispatch(desk, issue_id, on),
        "acknowledge": lambda on: orders.acknowledge(desk.lead(issue_id), on_paper=on, cmd=desk.command("lead")),
        "start": lambda on: orders.start(
            desk.lead(issue_id), on_paper=on, expected=_version(desk, issue_id), cmd=desk.command("lead")
        ),
        "feed_back": lambda on: _feed_back(desk, issue_id, on),
    }
    with pytest.raises(Invalid) as refused:
        acts[name.removesuffix("_from_paper")](paper(REFUSALS[code](before, database_time(None))))
    assert (refused.value.code, refused.value.field) == (code, "backfill.happened_at")
    assert refused.value.remedy
    assert len(list(all_facts(desk.built.id))) == told


def test_how_far_back_is_the_centres_to_say(desk: Desk) -> None:
    centre_settings.change("backfill_days", 2, expected=0, cmd=desk.command("admin"))
    now = database_time(None)
    with pytest.raises(Invalid) as refused:
        _report(desk, paper(now - timedelta(days=2, minutes=1)))
    assert refused.value.code == "backfill.too_old"
    assert "2 天" in refused.value.detail
    _report(desk, paper(now - timedelta(days=2) + MINUTE))


def test_the_relay_up_of_a_paper_report_began_when_it_was_taken(desk: Desk) -> None:
    taken = database_time(None) - 50 * MINUTE
    issue_id = _report(desk, paper(taken))
    report, clock = Report.objects.get(issue_id=issue_id), Clock.objects.get(issue_id=issue_id)
    assert (clock.kind, clock.started_at, clock.due_at) == ("relay_up", taken, taken + HOUR)
    assert report.received_at == Issue.objects.get(pk=issue_id).reported_at > taken
    fire_due()
    assert clock.breached_at is None
    with shifted(10 * MINUTE):
        fire_due()
    clock.refresh_from_db()
    assert clock.breached_at == taken + HOUR


def test_a_paper_report_that_is_late_is_late_at_once(desk: Desk) -> None:
    taken = database_time(None) - 3 * HOUR
    issue_id = _report(desk, paper(taken))
    issues.accept(issue_id, on_paper=paper(taken + 5 * MINUTE), cmd=desk.command("lead"))
    relay = Clock.objects.get(issue_id=issue_id, kind="relay_up")
    assert relay.breached_at == taken + HOUR  # accepted in time on paper; the record says both
    assert relay.stopped_at == Issue.objects.get(pk=issue_id).accepted_at > taken + 3 * HOUR


def test_steps_on_paper_follow_each_other_by_their_paper_times(desk: Desk) -> None:
    taken = database_time(None) - 3 * HOUR
    issue_id = _report(desk, paper(taken))
    lead = desk.command
    with pytest.raises(Invalid):
        issues.accept(issue_id, on_paper=paper(taken - MINUTE), cmd=lead("lead"))
    issues.accept(issue_id, on_paper=paper(taken), cmd=lead("lead"))  # in the same minute
    issues.file(issue_id, on_paper=paper(taken + 6 * MINUTE), expected=2 + _told(issue_id, 2), cmd=lead("lead"))
    with pytest.raises(Invalid):
        _dispatch(desk, issue_id, paper(taken + 5 * MINUTE))
    _dispatch(desk, issue_id, paper(taken + 8 * MINUTE))
    order_id = desk.lead(issue_id)
    with pytest.raises(Invalid):
        orders.acknowledge(order_id, on_paper=paper(taken + 7 * MINUTE), cmd=lead("lead"))
    orders.acknowledge(order_id, on_paper=paper(taken + 9 * MINUTE), cmd=lead("lead"))
    _feed_back(desk, issue_id, paper(taken + HOUR))
    assert Issue.objects.get(pk=issue_id).state == "fed_back"
    detail = issue_detail(issue_id, actor=desk.actor("duty1"))
    assert [view.verb for view in detail.backfills] == [
        "report",
        "accept",
        "file",
        "dispatch",
        "acknowledge",
        "feed_back",
    ]


def test_paper_knows_minutes_and_is_believed_within_one(desk: Desk) -> None:
    issue_id = desk.reported()
    minute = last_at(issue_id).replace(second=0, microsecond=0)
    with shifted(2 * MINUTE):
        with pytest.raises(Invalid) as refused:
            issues.accept(issue_id, on_paper=paper(minute - timedelta(seconds=1)), cmd=desk.command("lead"))
        assert refused.value.code == "backfill.before_previous_step"
        issues.accept(issue_id, on_paper=paper(minute), cmd=desk.command("lead"))


def test_a_correction_in_between_is_no_step_before(desk: Desk) -> None:
    issue_id = desk.reported()
    happened = last_at(issue_id) + MINUTE
    with shifted(10 * MINUTE):
        issues.withdraw(issue_id, "不追究了", expected=desk.version(issue_id), cmd=desk.command("duty1"))
        issues.accept(issue_id, on_paper=paper(happened), cmd=desk.command("lead"))
    assert Issue.objects.get(pk=issue_id).state == "accepted"


def test_the_lead_is_told_who_was_first_as_anybody(desk: Desk) -> None:
    issue_id = desk.dispatched()
    happened = last_at(issue_id) + MINUTE
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    with shifted(5 * MINUTE), pytest.raises(Conflict) as refused:
        orders.acknowledge(desk.lead(issue_id), on_paper=paper(happened), cmd=desk.command("lead"))
    assert refused.value.code == "order.not_open"
    assert "魏立新" in refused.value.detail


def test_what_is_forwarded_is_taken_on_for_whoever_has_it_in_hand(desk: Desk) -> None:
    issue_id = STORIES["acknowledge_forward"].prepare(desk)
    order = Order.objects.get(pk=desk.order_of(issue_id, "township"))
    happened = last_at(issue_id) + MINUTE
    with shifted(5 * MINUTE):
        orders.acknowledge(order.pk, on_paper=paper(happened), cmd=desk.command("lead"))
    order.refresh_from_db()
    [forward] = order.forwards.all()
    assert order.state == "acknowledged"
    assert forward.acknowledged_at == order.acknowledged_at > happened


def test_who_entered_an_answer_from_paper_does_not_verify_it(desk: Desk) -> None:
    issue_id = FROM_PAPER["feed_back_from_paper"].prepare(desk)
    FROM_PAPER["feed_back_from_paper"].run(desk, issue_id)
    with shifted(HOUR), pytest.raises(Refused) as refused:
        issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("lead"))
    assert refused.value.code == "issue.handled_by_you"


def test_the_lead_is_offered_what_may_be_entered_for_a_unit_and_nobody_else_is(desk: Desk) -> None:
    issue_id = desk.dispatched()
    offered = {
        name: issue_detail(issue_id, actor=desk.actor(name)).orders[0].backfill_verbs
        for name in ("lead", "duty1", "chengguan")
    }
    assert offered == {"lead": ("acknowledge",), "duty1": (), "chengguan": ()}
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    detail = issue_detail(issue_id, actor=desk.actor("lead"))
    assert detail.orders[0].backfill_verbs == ("start", "feed_back")
    assert detail.orders[0].open_verbs == ("recall", "message")


def test_a_unit_is_not_shown_what_was_entered_for_another(desk: Desk) -> None:
    issue_id = FROM_PAPER["acknowledge_from_paper"].prepare(desk)
    FROM_PAPER["acknowledge_from_paper"].run(desk, issue_id)
    seen = {name: len(issue_detail(issue_id, actor=desk.actor(name)).backfills) for name in ("chengguan", "power")}
    assert seen == {"chengguan": 1, "power": 0}


# Entered after so many minutes; and when, by the paper, the unit acknowledged, started and answered.
OUTAGES = (
    (50, (1, 2, 49)),
    (61, (1, 1, 1)),
    (61, (60, 60, 60)),
    (600, (10, 30, 59)),
    (7 * 24 * 60, (20, 55, 5 * 24 * 60 - 1)),
)


@pytest.mark.parametrize(("entered", "papers"), OUTAGES)
def test_no_breach_disappears_by_a_backfill(desk: Desk, entered: int, papers: tuple[int, ...]) -> None:
    """Whatever the paper says: what the clocks had fired, told and breached by the time of entering stands."""
    issue_id = desk.dispatched(assists=("power",))
    began = last_at(issue_id)
    order_id = desk.lead(issue_id)
    with shifted(entered * MINUTE - timedelta(seconds=30)):
        fire_due()
        before = _judged(issue_id)
        assert before or entered < 30
        acts: list[Callable[[OnPaper], Any]] = [
            lambda on: orders.acknowledge(order_id, on_paper=on, cmd=desk.command("lead")),
            lambda on: orders.start(order_id, on_paper=on, expected=_version(desk, issue_id), cmd=desk.command("lead")),
            lambda on: _feed_back(desk, issue_id, on),
        ]
        for act, minutes in zip(acts, papers, strict=True):
            act(paper(began + minutes * MINUTE))
            assert before <= _judged(issue_id)
        now = database_time(None)
        assert not Clock.objects.filter(issue_id=issue_id, breached_at=None, due_at__lte=now, stopped_at=None).exists()
        for clock in Clock.objects.filter(issue_id=issue_id, stopped_at__isnull=False):  # judged by the entering alone
            assert clock.due_at is not None
            assert clock.stopped_at is not None
            assert (clock.breached_at is not None) is (clock.stopped_at >= clock.due_at)


def _judged(issue_id: UUID) -> set[tuple[Any, ...]]:
    """What stands on record against somebody."""
    breaches = Clock.objects.filter(issue_id=issue_id, breached_at__isnull=False)
    fired = Due.objects.filter(issue_id=issue_id, fired_at__isnull=False)
    told = Escalation.objects.filter(issue_id=issue_id)
    return {
        *(("breach", *row) for row in breaches.values_list("pk", "breached_at", "started_at")),
        *(("fired", *row) for row in fired.values_list("pk", "due_at", "fired_at")),
        *(("told", *row) for row in told.values_list("pk", "told_at")),
    }


def _version(desk: Desk, issue_id: UUID) -> int:
    return Order.objects.get(pk=desk.lead(issue_id)).version


def _told(issue_id: UUID, known: int) -> int:
    """How many versions more than known an issue has: its breach was told too."""
    return Issue.objects.get(pk=issue_id).version - known


def _report(desk: Desk, on_paper: OnPaper) -> UUID:
    told = NewReport("centre_phone", STREET_LIGHT, PERSONAL, on_paper=on_paper)
    return UUID(read(intake.report(told, cmd=desk.command("lead")))["object"]["id"])


def _dispatch(desk: Desk, issue_id: UUID, on_paper: OnPaper) -> None:
    issues.dispatch(
        issue_id,
        desk.unit("law_enforcement"),
        on_paper=on_paper,
        expected=desk.version(issue_id),
        cmd=desk.command("lead"),
    )


def _feed_back(desk: Desk, issue_id: UUID, on_paper: OnPaper) -> None:
    orders.feed_back(
        desk.lead(issue_id),
        Result.HANDLED,
        "已更换",
        on_paper=on_paper,
        expected=_version(desk, issue_id),
        cmd=desk.command("lead"),
    )
