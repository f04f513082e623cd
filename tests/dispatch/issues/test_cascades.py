"""What an issue's verb does to its orders, its reports and who answers. Rules: docs/rules.md, "An issue"."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assessment.figures.today import today
from command.catalogue.contract import Level
from command.catalogue.queries import items
from command.organisations import queries as organisations
from command.people import actions as people
from command.people.models import Post
from command.units.models import Unit
from dispatch.matter.aggregate.desks import triage_of
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Ground, Outcome
from dispatch.matter.orders.models import Order
from dispatch.matter.texts.emergencies import EmergencyNumber
from dispatch.reading.detail import issue_detail
from dispatch.verbs.amending import Amendment
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, NOISE, Desk, read

DAY = timedelta(days=1)


def states(issue_id: UUID) -> dict[str, str]:
    """The orders' states by unit."""
    return dict(Order.objects.filter(issue_id=issue_id).values_list("unit__code", "state"))


def told(desk: Desk, after: int = 0) -> list[str]:
    """The names of the facts since then."""
    return [fact.name for fact in all_facts(desk.built.id, after=after)]


def taken_on(desk: Desk) -> UUID:
    """A lead that answered, and an assist that is at work."""
    issue_id = desk.dispatched(assists=("power",))
    orders.acknowledge(desk.order_of(issue_id, "power"), cmd=desk.command("power"))
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    return issue_id


def test_void_recalls_what_is_not_completed(desk: Desk) -> None:
    issue_id = taken_on(desk)
    desk.feeds_back(desk.lead(issue_id))
    issues.void(issue_id, "误录", expected=desk.version(issue_id), cmd=desk.command("lead"))
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.state, issue.voided_at) == ("voided", issue.last_at)
    assert states(issue_id) == {"law_enforcement": "recalled", "power": "recalled"}
    assert not issue.clocks.filter(stopped_at=None).exists()


def test_void_is_refused_while_reports_are_merged_into_it(desk: Desk) -> None:
    target, source = desk.filed(), desk.reported()
    issues.merge(source, target, None, expected=1, cmd=desk.command("duty1"))
    for act in (
        lambda: issues.void(target, "误录", expected=desk.version(target), cmd=desk.command("lead")),
        lambda: issues.merge(target, desk.accepted(), None, expected=desk.version(target), cmd=desk.command("duty1")),
    ):
        with pytest.raises(Conflict) as refused:
            act()
        assert (refused.value.code, refused.value.extra["reports_merged"]) == ("issue.holds_merged", 1)
    issues.unmerge(source, "不是一回事", expected=desk.version(source), cmd=desk.command("lead"))
    row = Issue.objects.get(pk=source)
    assert (row.state, row.accepted_at, row.merged_into_id) == ("accepted", row.last_at, None)
    issues.void(target, "误录", expected=desk.version(target), cmd=desk.command("lead"))


def test_merge_gives_the_target_the_higher_level_and_urgency(desk: Desk) -> None:
    target = desk.dispatched()
    source = desk.reported(GAS_LEAK, level=Level.SPECIAL_RISK)
    answer = read(issues.merge(source, target, "同一处", expected=1, cmd=desk.command("duty1")))
    assert (answer["card"]["state"], answer["card"]["merged_into"], answer["card"]["open"]) == (
        "merged",
        str(target),
        False,
    )
    row = Issue.objects.get(pk=target)
    assert (row.level, row.urgent, row.reports_merged) == ("special_risk", True, 1)
    assert not Issue.objects.get(pk=source).clocks.filter(stopped_at=None).exists()


def test_into_what_an_issue_is_not_merged(desk: Desk) -> None:
    source = desk.reported()
    closed, guarded = desk.closed(), desk.accepted(DOMESTIC_VIOLENCE)
    for target, code in (
        (closed, "issue.merge_target_not_open"),
        (guarded, "issue.merge_sensitive"),
    ):
        with pytest.raises(Conflict) as refused:
            issues.merge(source, target, None, expected=1, cmd=desk.command("duty1"))
        assert (refused.value.code, refused.value.field) == (code, "into")
    with pytest.raises(Invalid):
        issues.merge(source, source, None, expected=1, cmd=desk.command("duty1"))


def test_a_target_that_was_only_reported_counts_as_accepted(desk: Desk) -> None:
    target, source = desk.reported(), desk.reported(GAS_LEAK)
    issues.merge(source, target, "同一处", expected=1, cmd=desk.command("duty1"))
    row, gone = Issue.objects.get(pk=target), Issue.objects.get(pk=source)
    assert (row.state, row.urgent, row.reports_merged, gone.merged_into_id) == ("accepted", True, 1, target)
    names = [fact.name for fact in all_facts(desk.built.id) if fact.object_id == target]
    assert names == ["issue.reported", "issue.accepted", "issue.took_in"]
    for issue_id in (target, source):  # both reports' relay up ended with it
        assert not Issue.objects.get(pk=issue_id).clocks.filter(kind="relay_up", stopped_at=None).exists()
    assert row.clocks.filter(kind="dispatch", stopped_at=None).exists()


@pytest.mark.mechanism("M38")
def test_the_lead_is_not_completed_while_an_assist_is_open_but_the_desk_may_recall_it(desk: Desk) -> None:
    issue_id = taken_on(desk)
    desk.feeds_back(desk.lead(issue_id))
    with pytest.raises(Conflict) as refused:
        issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert refused.value.code == "issue.order_open"
    assist = desk.order_of(issue_id, "power")
    orders.recall(assist, "用不上了", expected=2, cmd=desk.command("duty1"))
    issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert states(issue_id) == {"law_enforcement": "completed", "power": "recalled"}


@pytest.mark.mechanism("M40")
def test_without_a_lead_the_desk_is_responsible_and_sends_another(desk: Desk) -> None:
    issue_id = desk.fed_back()
    housing = desk.unit("housing")

    def send(reason: str | None) -> None:
        cmd = desk.command("duty1")
        issues.redispatch(issue_id, housing, reason=reason, expected=desk.version(issue_id), cmd=cmd)

    with pytest.raises(Conflict):
        send("归住建")
    orders.recall(desk.lead(issue_id), "派错了", expected=3, cmd=desk.command("duty1"))
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.responsible_id) == ("in_handling", desk.unit("duty_desk"))
    with pytest.raises(Invalid) as refused:
        send(None)
    assert refused.value.code == "order.reason_required"
    sent_at = row.sent_at
    send("归住建")
    row.refresh_from_db()
    assert (row.responsible_id, row.sent_at, row.triage) == (housing, sent_at, "department")
    with pytest.raises(Conflict) as twice:
        send("再派")
    assert twice.value.code == "issue.lead_open"


def test_an_answer_ends_the_suspension_and_a_lost_lead_does_not(desk: Desk) -> None:
    issue_id, other = taken_on(desk), taken_on(desk)
    for each in (issue_id, other):
        until = Issue.objects.get(pk=each).last_at + 10 * DAY
        issues.suspend(each, until, "等汛期", expected=desk.version(each), cmd=desk.command("lead"))
        assert Issue.objects.get(pk=each).responsible_id == desk.unit("duty_desk")
    desk.feeds_back(desk.lead(issue_id))
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.suspended_until) == ("fed_back", None)
    seen = Order.objects.get(pk=desk.lead(other)).version
    orders.recall(desk.lead(other), "派错了", expected=seen, cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=other).state == "suspended"
    issues.resume(other, "汛期已过", expected=desk.version(other), cmd=desk.command("lead"))
    row = Issue.objects.get(pk=other)
    assert (row.state, row.responsible_id) == ("in_handling", desk.unit("duty_desk"))


def test_a_suspension_ends_within_the_centres_limit(desk: Desk) -> None:
    issue_id = taken_on(desk)
    at = Issue.objects.get(pk=issue_id).last_at
    for until in (at - DAY, at + 31 * DAY):
        with pytest.raises(Invalid) as refused:
            issues.suspend(issue_id, until, "等", expected=desk.version(issue_id), cmd=desk.command("lead"))
        assert (refused.value.code, refused.value.field) == ("issue.suspension_end", "until")
    for days in (29, 30):  # renewed by a new approval
        cmd = desk.command("lead")
        issues.suspend(issue_id, at + days * DAY, "等", expected=desk.version(issue_id), cmd=cmd)
    with pytest.raises(Forbidden):
        issues.resume(issue_id, "好了", expected=desk.version(issue_id), cmd=desk.command("duty1"))


def test_what_its_reporter_withdrew_is_closed_from_any_open_state(desk: Desk) -> None:
    issue_id = taken_on(desk)
    taken_back = Closing(Outcome.WITHDRAWN, followed_up=False)

    def close(closing: Closing) -> None:
        issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("duty1"))

    with pytest.raises(Conflict):
        close(taken_back)
    issues.withdraw(issue_id, "不追究了", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    with pytest.raises(Conflict) as before:
        issues.withdraw(issue_id, "不追究了", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert before.value.code == "issue.withdrawn_before"
    desk.feeds_back(desk.lead(issue_id))
    orders.recall(desk.order_of(issue_id, "power"), "用不上了", expected=2, cmd=desk.command("duty1"))
    with pytest.raises(Invalid) as other:
        close(Closing(Outcome.RESOLVED, followed_up=True))
    assert other.value.code == "issue.only_as_withdrawn"
    with pytest.raises(Invalid) as ahead:
        close(replace(taken_back, told_at=Issue.objects.get(pk=issue_id).last_at + DAY))
    assert ahead.value.code == "issue.told_in_the_future"
    close(taken_back)
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.outcome) == ("closed", "withdrawn")
    assert states(issue_id) == {"law_enforcement": "recalled", "power": "recalled"}


@pytest.mark.mechanism("M41", "M42")
def test_settled_on_the_spot_it_is_verified_without_an_order_and_opened_again_if_it_was_not(desk: Desk) -> None:
    issue_id = desk.reported(NOISE, by="town", position=desk.inside())
    with pytest.raises(Invalid) as refused:
        issues.settle_on_spot(issue_id, "说好了", consent=False, expected=1, cmd=desk.command("town"))
    assert refused.value.field == "consent"
    issues.settle_on_spot(issue_id, "夜里不再施工", consent=True, expected=1, cmd=desk.command("town"))
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.settled, row.triage, row.accepted_at) == ("verified", True, "settled", row.last_at)
    issues.reopen(issue_id, "当晚又施工", expected=2, cmd=desk.command("lead"))
    row.refresh_from_db()
    assert (row.state, row.settled, row.triage, row.round) == ("filed", False, None, 2)


@pytest.mark.mechanism("M42")
def test_what_was_settled_on_the_spot_is_closed_by_the_desk_and_counts_as_come_in_and_gone(real_desk: Desk) -> None:
    desk = real_desk
    issue_id = desk.reported(NOISE, by="town", position=desk.inside())
    issues.settle_on_spot(issue_id, "夜里不再施工", consent=True, expected=1, cmd=desk.command("town"))
    closing = Closing(Outcome.RESOLVED, followed_up=True)
    with pytest.raises(Forbidden):
        issues.close(issue_id, closing, expected=2, cmd=desk.command("town"))
    issues.close(issue_id, closing, expected=2, cmd=desk.command("duty1"))
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.outcome, row.settled, row.orders.count()) == ("closed", "resolved", True, 0)
    flow = today(actor=desk.actor("lead")).flow
    assert flow.entered.total() == flow.left.total() == 1


@pytest.mark.mechanism("M41")
def test_what_is_not_for_the_spot_is_passed_up_with_what_was_tried(desk: Desk) -> None:
    issue_id = desk.reported(GAS_LEAK, by="town", position=desk.inside())
    with pytest.raises(Conflict) as refused:
        issues.settle_on_spot(issue_id, "关了阀", consent=True, expected=1, cmd=desk.command("town"))
    assert refused.value.code == "issue.not_for_the_spot"
    answer = read(issues.pass_up(issue_id, "已关阀，劝离", expected=1, cmd=desk.command("town")))
    assert answer["card"]["responsible"] == str(desk.unit("duty_desk"))
    passed = issue_detail(issue_id, actor=desk.actor("duty1")).timeline[-1]
    assert (passed.name, passed.text) == ("issue.passed_up", "已关阀，劝离")  # with what was tried
    with pytest.raises(Forbidden):
        issues.pass_up(issue_id, None, expected=2, cmd=desk.command("town"))  # no longer theirs


@pytest.mark.mechanism("M30")
def test_a_correction_keeps_old_and_new_for_the_desk_and_changes_who_sees_it(desk: Desk) -> None:
    issue_id = desk.dispatched(position=desk.inside())
    asked = Amendment(item=DOMESTIC_VIOLENCE, level=Level.MAJOR)
    issues.amend(issue_id, asked, "实为家暴", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    row = Issue.objects.get(pk=issue_id)
    assert (row.sensitive, row.urgent, row.level) == (True, True, "major")
    log = [fact for fact in all_facts(desk.built.id) if fact.name == "amendment.made"]
    assert b'"level":["general","major"]' in log[0].bytes
    assert b'"class":"sensitive"' in log[0].audience
    public = [fact for fact in all_facts(desk.built.id) if fact.name == "issue.amended"]
    assert b"1901" not in public[0].bytes
    with pytest.raises(Invalid) as refused:
        issues.amend(issue_id, asked, "同样", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert refused.value.code == "issue.nothing_to_amend"
    with pytest.raises(Invalid):
        wrong = Amendment(item="9999")
        issues.amend(issue_id, wrong, "错", expected=desk.version(issue_id), cmd=desk.command("duty1"))


@pytest.mark.mechanism("M37")
def test_danger_goes_to_the_emergency_services_in_any_state(desk: Desk) -> None:
    issue_id = desk.closed()
    at = Issue.objects.get(pk=issue_id).last_at
    card = read(issues.refer_emergency(issue_id, EmergencyNumber.FIRE, at, "已出动", cmd=desk.command("duty1")))["card"]
    assert (card["state"], card["emergency_at"] is not None) == ("closed", True)
    with pytest.raises(Invalid) as refused:
        issues.refer_emergency(issue_id, EmergencyNumber.FIRE, at + DAY, "已出动", cmd=desk.command("duty1"))
    assert refused.value.field == "at"


@pytest.mark.mechanism("M31")
def test_triage_ends_in_one_stored_outcome(desk: Desk) -> None:
    assert Issue.objects.get(pk=desk.filed()).triage is None
    assert Issue.objects.get(pk=desk.dispatched()).triage == "department"
    assert Issue.objects.get(pk=desk.dispatched(lead="township")).triage == "township"
    community = next(unit.code for unit in Unit.objects.filter(centre_id=desk.built.id, kind="community_centre"))
    assert Issue.objects.get(pk=desk.dispatched(lead=community, position=desk.inside())).triage == "community"
    ends = {
        code: triage_of(organisations.unit(desk.unit(code), centre_id=desk.built.id))
        for code in ("court", "power", "housing")
    }
    assert ends == {"court": "court", "power": "district", "housing": "department"}


@pytest.mark.mechanism("M31")
def test_declining_needs_a_listed_ground_and_a_text_for_the_reporter(desk: Desk) -> None:
    issue_id = desk.reported()

    def declines(ground: str, text: str) -> None:
        issues.decline(issue_id, Ground(ground), text, expected=1, cmd=desk.command("duty1"))

    with pytest.raises(ValueError, match="because"):
        declines("because", "不属本区")
    with pytest.raises(Invalid) as refused:
        declines("not_in_jurisdiction", " ")
    assert refused.value.field == "text"
    declines("not_in_jurisdiction", "不属本区")
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.triage, row.ground) == ("declined", "declined", "not_in_jurisdiction")


@pytest.mark.mechanism("M30")
def test_no_issue_stands_without_a_category_and_a_level(desk: Desk) -> None:
    issue_id = desk.accepted()
    for lacking in ({"item": ""}, {"level": ""}, {"level": "urgent"}):
        with pytest.raises(IntegrityError, match="issue_has_category_and_level"), transaction.atomic():
            Issue.objects.filter(pk=issue_id).update(**lacking)
    issues.file(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    row = Issue.objects.get(pk=issue_id)
    assert (row.state, row.item, row.level) == ("filed", "1901", "general")


@pytest.mark.mechanism("M34")
def test_another_unit_than_the_lead_department_is_countable_and_needs_a_reason(desk: Desk) -> None:
    issue_id = desk.filed()
    with pytest.raises(Invalid) as refused:
        issues.dispatch(issue_id, desk.unit("housing"), expected=3, cmd=desk.command("duty1"))
    assert (refused.value.code, refused.value.field) == ("order.reason_required", "reason")
    issues.dispatch(issue_id, desk.unit("housing"), reason="归住建", expected=3, cmd=desk.command("duty1"))
    as_proposed, item = desk.filed(), items(desk.built.id)["1901"]
    issues.dispatch(as_proposed, desk.unit(item.lead_department), expected=3, cmd=desk.command("duty1"))
    assert list(Order.objects.filter(off_catalogue=True).values_list("issue_id", flat=True)) == [issue_id]


@pytest.mark.mechanism("M61")
def test_no_order_goes_to_a_unit_without_a_liaison_or_twice_to_one(desk: Desk) -> None:
    issue_id = desk.dispatched()
    for unit, code in (("court", "unit.no_liaison"), ("law_enforcement", "order.unit_has_one")):
        with pytest.raises(Invalid) as refused:
            cmd = desk.command("duty1")
            issues.add_assist(issue_id, [desk.unit(unit)], expected=desk.version(issue_id), cmd=cmd)
        assert refused.value.code == code


def test_no_order_goes_back_to_a_unit_that_nobody_answers_for(desk: Desk) -> None:
    issue_id = desk.verified()
    [post, other] = Post.objects.filter(unit_id=desk.unit("law_enforcement"), active_until=None, role="liaison")
    people.end_post(post.pk, cmd=desk.command("admin"))
    people.end_post(other.pk, confirmed=True, cmd=desk.command("admin"))

    def rework() -> None:
        expected, named = desk.version(issue_id), [desk.lead(issue_id)]
        issues.rework(issue_id, named, "没有修好", expected=expected, cmd=desk.command("duty1"))

    with pytest.raises(Invalid) as refused:
        rework()
    assert (refused.value.code, refused.value.field) == ("unit.no_liaison", "orders")
    Unit.objects.filter(pk=desk.unit("law_enforcement")).update(retired_at=timezone.now())
    with pytest.raises(Invalid) as refused:
        rework()
    assert (refused.value.code, refused.value.field) == ("unit.unknown", "orders")


@pytest.mark.mechanism("M39")
def test_the_department_sees_where_it_is(desk: Desk) -> None:
    where = desk.inside()
    issue_id = desk.dispatched(position=where)
    [report] = issue_detail(issue_id, actor=desk.actor("chengguan")).reports
    assert report.position == pytest.approx((where.lon, where.lat))
    with pytest.raises(NotFound):
        issue_detail(issue_id, actor=desk.actor("power"))
