"""A call is made, climbs, is answered, is listed, is silent. Source: docs/rules.md, "Calls"."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from command.settings.models import Setting
from dispatch.matter.call_law.ringing import ring_due
from dispatch.matter.calls.models import Attempt, Call, Telephoning
from dispatch.matter.calls.states import Reached
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.issues.models import Issue, Note
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.reading.calls import calls_of, telephone_list, unanswered
from dispatch.verbs import calls as verbs
from dispatch.verbs.call_attempts import forget_old_attempts
from realtime.feed.clock import shifted
from realtime.feed.contract import Audience
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.calls.called import answers, at, called, contacts, post_of, the_call
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, MINUTE, NOISE, Desk


def facts_of(desk: Desk, prefix: str) -> list[dict[str, Any]]:
    """The stored facts whose names begin so."""
    return [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.name.startswith(prefix)]


def unit_with_ranks(desk: Desk) -> None:
    """Two liaisons, a deputy, a head. 城管局."""
    contacts(desk, "law_enforcement", ("chengguan", "liaison"), ("power", "deputy"), ("leader", "head"))


def test_a_new_order_calls_every_liaison_then_deputy_head_lead_and_the_telephone(desk: Desk) -> None:
    unit_with_ranks(desk)
    issue_id = desk.dispatched()
    call = the_call(issue_id)
    assert (call.state, call.order_id, call.unit_id) == ("open", desk.lead(issue_id), desk.unit("law_enforcement"))
    liaisons = [(1, "chengguan"), (1, "chengguan2")]
    assert called(desk, call) == liaisons
    steps = [
        (9.9, liaisons),
        (10, [*liaisons, (2, "power")]),
        (19.9, [*liaisons, (2, "power")]),
        (20, [*liaisons, (2, "power"), (3, "leader")]),
    ]
    for minute, expected in steps:
        at(minute, timer=False)
        assert called(desk, call) == expected, minute
    at(30, timer=False)
    assert (4, "lead") in called(desk, call)
    call.refresh_from_db()
    assert (call.state, call.rung, call.rank) == ("open", 4, "duty_lead")
    at(35, timer=False)
    call.refresh_from_db()
    assert call.state == "listed"
    assert [fact["name"] for fact in facts_of(desk, "call.")] == [
        "call.made",
        "call.climbed",
        "call.climbed",
        "call.climbed",
        "call.listed",
    ]
    at(500, timer=False)
    assert len(called(desk, call)) == len(set(called(desk, call)))
    assert not stale_cards(desk)


def test_an_urgent_matter_climbs_faster_and_settings_hold(desk: Desk) -> None:
    Setting.objects.create(centre_id=desk.built.id, name="call_liaison_wait_min", value=2, version=1)
    slow = the_call(desk.dispatched())
    urgent_id = desk.dispatched(GAS_LEAK)
    urgent = the_call(urgent_id)
    assert (slow.next_at - slow.called_at, urgent.next_at - urgent.called_at) == (2 * MINUTE, 3 * MINUTE)  # type: ignore[operator]


def test_a_centre_that_calls_for_no_new_orders_is_not_called_for_them_and_its_ladder_is_the_laws(desk: Desk) -> None:
    Setting.objects.create(centre_id=desk.built.id, name="call_new_orders", value=False, version=1)
    issue_id = desk.dispatched()
    assert not Call.objects.filter(issue_id=issue_id).exists()
    at(30)
    assert set(Call.objects.filter(issue_id=issue_id).values_list("kind", flat=True)) == {"ladder"}


def test_attempts_go_out_once_and_are_addressed_to_the_post(desk: Desk) -> None:
    issue_id = desk.dispatched()
    call = the_call(issue_id)
    assert Attempt.objects.filter(call=call, attempted_at=None).count() == 2
    assert ring_due() == 2
    assert ring_due() == 0
    made = [fact for fact in all_facts(desk.built.id) if fact.name == "attempt.made"]
    addressed = {fact.addressed_to for fact in made}
    assert addressed == {f"post:{post_of(desk, name)}" for name in ("chengguan", "chengguan2")}
    assert {json.loads(fact.bytes)["card"]["call"] for fact in made} == {str(call.pk)}


@pytest.mark.parametrize("act", ["tap", "acknowledge", "request_return", "forward"])
def test_the_first_answer_ends_it_for_all_and_says_which_post(desk: Desk, act: str) -> None:
    by = "town" if act == "forward" else "chengguan"
    issue_id = (
        desk.dispatched(NOISE, lead="township", position=desk.inside()) if act == "forward" else desk.dispatched()
    )
    call, lead = the_call(issue_id), desk.lead(issue_id)
    if act == "tap":
        answers(desk, call, by)
    elif act == "acknowledge":
        orders.acknowledge(lead, cmd=desk.command(by))
    elif act == "forward":
        taker = Order.objects.get(pk=lead).issue.centre.units.get(kind="community_centre").pk
        orders.forward(lead, taker, expected=1, cmd=desk.command(by))
    else:
        orders.request_return(lead, ReturnGround.NOT_OUR_DUTY, None, "不是", expected=1, cmd=desk.command(by))
    call.refresh_from_db()
    assert (call.state, call.answered_post_id, call.next_at) == ("answered", post_of(desk, by), None)
    assert Order.objects.get(pk=lead).state == ("acknowledged" if act in ("acknowledge", "request_return") else "sent")
    assert not Attempt.objects.filter(call=call, attempted_at=None).exists()
    answered = facts_of(desk, "call.answered")[-1]
    assert answered["body"]["post"] == str(post_of(desk, by))
    assert answered["card"]["answered_by"]["role"] == ("township_desk" if act == "forward" else "liaison")
    assert not stale_cards(desk)


def test_answering_stops_no_clock_and_is_no_acknowledgment(desk: Desk) -> None:
    issue_id = desk.dispatched()
    before = set(Clock.objects.filter(issue_id=issue_id, stopped_at=None).values_list("pk", flat=True))
    answers(desk, the_call(issue_id), "chengguan")
    assert set(Clock.objects.filter(issue_id=issue_id, stopped_at=None).values_list("pk", flat=True)) == before
    assert Order.objects.get(pk=desk.lead(issue_id)).state == "sent"
    assert desk.version(issue_id) == Issue.objects.get(pk=issue_id).version


def test_who_comes_late_is_told_which_post_took_it(desk: Desk) -> None:
    call = the_call(desk.dispatched())
    answers(desk, call, "chengguan")
    with pytest.raises(Conflict) as refused:
        answers(desk, call, "chengguan2")
    assert refused.value.code == "call.not_open"
    assert "联络员" in refused.value.detail and "应答" in refused.value.detail
    assert refused.value.extra["by"] == {"role": "liaison", "unit": str(desk.unit("law_enforcement"))}


def test_who_was_not_called_answers_nothing(desk: Desk, other_desk: Desk) -> None:
    call = the_call(desk.dispatched())
    with pytest.raises(Forbidden) as refused:
        answers(desk, call, "duty1")
    assert refused.value.code == "call.not_called"
    for who in ("housing", "town"):
        with pytest.raises(NotFound):
            answers(desk, call, who)
    with pytest.raises(NotFound):
        verbs.answer(call.pk, cmd=other_desk.command("o_lead"))
    call.refresh_from_db()
    assert call.state == "open"


@pytest.mark.parametrize("act", ["recall", "grant", "void"])
def test_taken_recalled_voided_is_silent_at_once(desk: Desk, act: str) -> None:
    issue_id = desk.dispatched(assists=("power",))
    lead = desk.lead(issue_id)
    if act == "recall":
        orders.recall(lead, "派错", expected=1, cmd=desk.command("duty1"))
    elif act == "void":
        issues.void(issue_id, "误录", expected=desk.version(issue_id), cmd=desk.command("lead"))
    else:
        orders.request_return(lead, ReturnGround.NOT_OUR_DUTY, None, "不是", expected=1, cmd=desk.command("chengguan"))
        request = ReturnRequest.objects.get(order_id=lead)
        assert the_call(issue_id, "return_request").state == "open"
        orders.grant(request.pk, None, expected=1, cmd=desk.command("lead"))
        assert the_call(issue_id, "return_request").state == "answered"
    of_lead = Call.objects.get(order_id=lead, kind="new_order")
    assert of_lead.state == ("answered" if act == "grant" else "silenced")
    of_assist = Call.objects.exclude(order_id=lead).get(kind="new_order")
    assert of_assist.state == ("silenced" if act == "void" else "open")
    assert not stale_cards(desk)


def test_a_step_of_the_ladder_is_a_new_call_and_the_older_one_ends_in_it(desk: Desk) -> None:
    unit_with_ranks(desk)
    issue_id = desk.dispatched()
    first = the_call(issue_id)
    at(5)
    with shifted(30 * MINUTE):
        fire_due()
    first.refresh_from_db()
    step = Call.objects.get(escalation__clock__kind="relay_down_order", escalation__percent=50)
    assert (first.state, first.into_id) == ("silenced", step.pk)
    assert step.posts[0] == post_of(desk, "power")  # the next contact is named
    assert set(first.posts) < set(step.posts)  # who was rung before rings on
    assert Attempt.objects.filter(call=first).count() == 2
    answers(desk, first, "chengguan", 31)  # a finger on the older one answers the one that goes on
    step.refresh_from_db()
    assert step.state == "answered"
    at(48)
    lead = Call.objects.get(escalation__clock__kind="relay_down_order", escalation__percent=80)
    assert lead.posts == [post_of(desk, "lead")]
    assert not stale_cards(desk)


def test_answering_the_breach_takes_it_off_the_wall_and_the_clock_runs_on(desk: Desk) -> None:
    issue_id = desk.dispatched()
    at(60)
    breach = Escalation.objects.get(clock__kind="relay_down_order", percent=100)
    assert breach.ended_at is None
    answers(desk, Call.objects.get(escalation=breach), "chengguan", 61)
    breach.refresh_from_db()
    assert breach.ended_at is not None
    assert Clock.objects.get(pk=breach.clock_id).stopped_at is None
    assert not stale_cards(desk)
    with shifted(62 * MINUTE):
        orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    assert not stale_cards(desk)


def test_three_steps_that_fall_due_at_once_ring_as_one(desk: Desk) -> None:
    issue_id = desk.dispatched()
    at(75)
    ladder = Call.objects.filter(issue_id=issue_id, escalation__clock__kind="relay_down_order").order_by(
        "escalation__percent"
    )
    assert [call.state for call in ladder] == ["silenced", "silenced", "open"]
    assert not stale_cards(desk)


def test_an_urgent_report_calls_the_desk_that_has_it_until_it_is_accepted(desk: Desk) -> None:
    issue_id = desk.reported(GAS_LEAK)
    call = the_call(issue_id, "urgent_report")
    assert call.unit_id == desk.unit("duty_desk")
    assert {name for _, name in called(desk, call)} == {"duty1", "duty2", "both"}
    at(3, timer=False)
    assert (2, "lead") in called(desk, call)
    issues.accept(issue_id, cmd=desk.command("duty2"))
    call.refresh_from_db()
    assert (call.state, call.answered_post_id) == ("answered", post_of(desk, "duty2"))
    assert not Call.objects.filter(issue_id=desk.reported()).exists()  # no urgent one


def test_nobody_outside_is_called_for_what_is_sensitive_and_an_amendment_makes_it_so(desk: Desk) -> None:
    contacts(desk, "police", ("police", "liaison"), ("leader", "head"), ("power", "deputy"))
    issue_id = desk.dispatched(DOMESTIC_VIOLENCE, lead="police")
    for minute in (10, 20, 30, 40):
        at(minute, timer=False)
    call = the_call(issue_id)
    assert {name for _, name in called(desk, call)} == {"police", "lead"}
    for fact in all_facts(desk.built.id):
        if fact.name.startswith(("call.", "attempt.")):
            assert Audience.of_wire(json.loads(fact.audience)["after"]).audience_class.wire == "sensitive"


def test_an_exercise_rings_and_no_head_is_called(desk: Desk) -> None:
    unit_with_ranks(desk)
    issue_id = desk.filed()
    Issue.objects.filter(pk=issue_id).update(exercise=True)
    unit, expected = desk.unit("law_enforcement"), desk.version(issue_id)
    issues.dispatch(issue_id, unit, reason="演练", expected=expected, cmd=desk.command("duty1"))
    for minute in (10, 20, 30):
        at(minute, timer=False)
    call = the_call(issue_id)
    assert {name for _, name in called(desk, call)} == {"chengguan", "chengguan2", "power", "lead"}
    assert facts_of(desk, "call.made")[0]["card"]["exercise"] is True
    assert unanswered(desk.built.id) == 0


def listed(desk: Desk) -> tuple[UUID, Call]:
    """An order that nobody answered."""
    issue_id = desk.dispatched()
    for minute in (10, 20, 30, 40):
        at(minute, timer=False)
    call = the_call(issue_id)
    assert call.state == "listed"
    return issue_id, call


@pytest.mark.parametrize("outcome", list(Reached))
def test_the_desk_rings_by_telephone(desk: Desk, outcome: Reached) -> None:
    issue_id, call = listed(desk)
    (line,) = telephone_list(actor=desk.actor("duty1"))
    assert line.call.id == call.pk
    assert [callee.post for callee in line.callees] == call.posts
    assert all(callee.name for callee in line.callees)
    post = post_of(desk, "chengguan")
    with shifted(41 * MINUTE):
        verbs.telephone(call.pk, post, outcome, "孙工说马上到", cmd=desk.command("duty1"))
    call.refresh_from_db()
    heard = outcome in (Reached.TALKED, Reached.PASSED_ON)
    assert call.state == ("answered_by_telephone" if heard else "listed")
    if heard:
        assert call.answered_post_id == post
    else:
        assert call.next_at is not None and call.next_at - Telephoning.objects.get().at == 10 * MINUTE
    told = facts_of(desk, "call.telephoned")[0]
    assert told["body"]["outcome"] == outcome and told["body"]["post"] == str(post)
    assert "孙工" not in json.dumps(told, ensure_ascii=False)
    assert Note.objects.get(kind="call_note").sealed
    (view, *_) = calls_of(issue_id, actor=desk.actor("duty1"))
    assert [(one.outcome, one.note) for one in view.telephonings] == [(outcome, "孙工说马上到")]
    (seen, *_) = calls_of(issue_id, actor=desk.actor("chengguan"))
    assert [one.note for one in seen.telephonings] == [None]
    assert not stale_cards(desk)


def test_who_may_read_numbers_and_what_is_refused(desk: Desk) -> None:
    _, call = listed(desk)
    for who in ("chengguan", "town", "leader"):
        with pytest.raises(Forbidden):
            telephone_list(actor=desk.actor(who))
    with pytest.raises(Forbidden):
        verbs.telephone(call.pk, call.posts[0], Reached.TALKED, None, cmd=desk.command("chengguan"))
    with pytest.raises(Invalid) as refused:
        verbs.telephone(call.pk, post_of(desk, "housing"), Reached.TALKED, None, cmd=desk.command("duty1"))
    assert refused.value.code == "call.post_not_called"
    answers(desk, call, "chengguan", 42)
    with pytest.raises(Conflict), shifted(43 * MINUTE):
        verbs.telephone(call.pk, call.posts[0], Reached.TALKED, None, cmd=desk.command("duty1"))


def test_words_of_danger_that_come_later_call_the_desk_each_time(desk: Desk) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    desk.feeds_back(desk.lead(issue_id), text="现场燃气泄漏，有人晕倒")
    call = the_call(issue_id, "danger")
    assert (call.state, call.unit_id) == ("open", desk.unit("duty_desk"))
    answers(desk, call, "duty1")
    assert unanswered(desk.built.id) == 0


def test_attempt_timing_is_kept(desk: Desk) -> None:
    call = the_call(desk.dispatched())
    at(1, timer=False)
    for one in Attempt.objects.filter(call=call):
        assert one.attempted_at is not None and one.attempted_at - one.queued_at >= timedelta(0)


def test_rows_of_attempts_go_when_they_were_kept_long_enough(desk: Desk) -> None:
    call = the_call(desk.dispatched())
    running = the_call(desk.dispatched())
    at(0, timer=False)
    answers(desk, call, "chengguan")
    with shifted(timedelta(days=89)):
        assert forget_old_attempts() == 0
    with shifted(timedelta(days=91)):
        assert forget_old_attempts() == 2
    assert not Attempt.objects.filter(call=call).exists()
    assert Attempt.objects.filter(call=running).count() == 2
