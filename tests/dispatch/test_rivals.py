"""Rivals in real transactions: one effect, and whoever comes second is told what is."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.verbs import report as intake
from dispatch.verbs.report import AlreadyReported, NewReport
from realtime.feed.errors import Conflict, Invalid, Replayed, StaleVersion
from realtime.feed.models import SimulatedShift
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import MINUTE, PERSONAL, STREET_LIGHT, Desk, read
from tests.dispatch.rivals import at_once, split
from tests.dispatch.stories import STORIES
from tests.dispatch.story import Story

# What two may do one after the other: nothing of it is a rival.
_BESIDE = ("message", "progress")
_TWICE = ("report", "reveal", "breach", "refer_emergency", "archive", "pass_up", "reply", "reporter_adds", *_BESIDE)
ONE_RIVAL_EACH = [name for name in STORIES if not name.startswith(_TWICE)]


def test_of_fifty_parallel_acknowledgments_one_wins_and_the_rest_are_told_who(real_desk: Desk) -> None:
    issue_id = real_desk.dispatched()
    order_id = real_desk.lead(issue_id)
    commands = [real_desk.command(("chengguan", "chengguan2")[n % 2]) for n in range(50)]
    results = at_once(*(lambda cmd=cmd: orders.acknowledge(order_id, cmd=cmd) for cmd in commands))

    won, lost = split(results)
    assert len(won) == 1
    order = Order.objects.get(pk=order_id)
    first = {"person:" + str(real_desk.built.people[name]): name for name in ("chengguan", "chengguan2")}
    name = {"chengguan": "魏立新", "chengguan2": "贺敏"}[first[order.acknowledged_by or ""]]
    at = order.acknowledged_at.astimezone(ZoneInfo("Asia/Shanghai")) if order.acknowledged_at else None
    for refused in lost:
        assert isinstance(refused, Conflict)
        assert refused.detail == f"已由 综合执法局 {name} 于 {at:%H:%M} 签收。"
        assert (refused.code, refused.extra["state"], refused.extra["verb"]) == (
            "order.not_open",
            "acknowledged",
            "acknowledge",
        )
        assert refused.extra["by"] == {"name": name, "unit": "综合执法局"}
        assert refused.extra["open"] == ["start", "feed_back", "request_return", "message", "progress"]
    acknowledged = [fact for fact in all_facts(real_desk.built.id) if fact.name == "order.acknowledged"]
    assert len(acknowledged) == 1


def test_two_children_of_one_issue_changed_in_parallel(real_desk: Desk) -> None:
    """Each locking only itself once left the parent in a state that neither would have chosen."""
    issue_id = real_desk.dispatched(assists=("power",))
    lead, assist = real_desk.lead(issue_id), real_desk.order_of(issue_id, "power")
    orders.acknowledge(lead, cmd=real_desk.command("chengguan"))
    one, other = real_desk.command("chengguan"), real_desk.command("power")
    results = at_once(
        lambda: orders.feed_back(lead, orders.Result.HANDLED, "好了", expected=2, cmd=one),
        lambda: orders.acknowledge(assist, cmd=other),
    )
    won, lost = split(results)
    assert len(won) == 2, lost
    issue = Issue.objects.get(pk=issue_id)
    assert issue.state == "fed_back"
    assert issue.last_at == max(fact.at for fact in all_facts(real_desk.built.id))
    assert Order.objects.get(pk=assist).state == "acknowledged"


def test_each_action_has_one_winner(real_desk: Desk) -> None:
    """The same verb by the same post from two screens at once: one effect, the other is refused with what is open."""
    for name in ONE_RIVAL_EACH:
        has_one_winner(real_desk, STORIES[name], STORIES[name].prepare(real_desk))


def has_one_winner(real_desk: Desk, story: Story, issue_id: UUID) -> None:
    """Two of one unit do the story's action on an issue that is prepared, at once."""
    rival = {"chengguan": "chengguan2", "duty1": "duty2"}.get(story.by, story.by)
    before = len(list(all_facts(real_desk.built.id)))
    one, other = real_desk.command(story.by), real_desk.command(rival)
    won, lost = split(
        at_once(
            lambda: story.act(real_desk, issue_id, one),
            lambda: story.act(real_desk, issue_id, other),
        )
    )
    assert len(won) == 1
    assert len(lost) == 1
    assert isinstance(lost[0], Conflict | StaleVersion | Invalid), lost
    facts = list(all_facts(real_desk.built.id))[before:]
    assert len({(fact.object_id, fact.version) for fact in facts}) == len(facts)
    assert len({fact.at for fact in facts}) == 1, "one transaction's facts only"


def test_twenty_repeats_of_one_key_have_one_effect_and_twenty_equal_answers(real_desk: Desk) -> None:
    issue_id = real_desk.reported()
    cmd = real_desk.command("duty1", key="again")
    results = at_once(*(lambda: issues.accept(issue_id, cmd=cmd) for _ in range(20)))
    won, repeated = split(results)
    assert len(won) == 1
    assert all(isinstance(error, Replayed) for error in repeated)
    assert {error.answer.body for error in repeated if isinstance(error, Replayed)} == {won[0].body}
    assert [fact.name for fact in all_facts(real_desk.built.id)].count("issue.accepted") == 1


@pytest.mark.mechanism("M05")
def test_one_hotline_number_sent_twice_in_the_same_instant_makes_one_issue(real_desk: Desk) -> None:
    telling = NewReport("hotline_12345", STREET_LIGHT, PERSONAL, source_number="12345-0001")
    commands = [real_desk.command("duty1") for _ in range(8)]
    results = at_once(*(lambda cmd=cmd: intake.report(telling, cmd=cmd) for cmd in commands))
    won, known = split(results)
    assert len(won) == 1
    assert all(isinstance(error, AlreadyReported) for error in known), known
    assert {error.answer.body for error in known if isinstance(error, AlreadyReported)} == {won[0].body}
    assert Issue.objects.count() == 1


@pytest.mark.mechanism("M03")
def test_numbers_have_no_gaps_under_rivals_and_refusals(real_desk: Desk) -> None:
    good = [NewReport("grid_report", STREET_LIGHT, PERSONAL) for _ in range(12)]
    bad = [NewReport("grid_report", "9999", PERSONAL) for _ in range(12)]
    commands = [real_desk.command("duty1") for _ in range(24)]
    pairs = [telling for pair in zip(good, bad, strict=True) for telling in pair]
    acts = [
        lambda telling=telling, cmd=cmd: intake.report(telling, cmd=cmd)
        for telling, cmd in zip(pairs, commands, strict=True)
    ]
    won, lost = split(at_once(*acts))
    assert (len(won), len(lost)) == (12, 12)
    assert all(isinstance(error, Invalid) for error in lost)
    assert sorted(Issue.objects.values_list("number", flat=True)) == list(range(1, 13))
    in_feed_order = [read(answer)["card"]["number"] for answer in sorted(won, key=lambda one: read(one)["seq"])]
    assert in_feed_order == [f"{number:06d}" for number in range(1, 13)]


def test_person_and_timer_at_sixty_minutes(real_desk: Desk) -> None:
    """Both at once, many times over: the breach is on record exactly once, and the acknowledgment counts."""
    order_ids = [real_desk.lead(real_desk.dispatched()) for _ in range(6)]
    SimulatedShift.objects.create(only=True, shift=60 * MINUTE)
    acts = []
    for order_id in order_ids:
        cmd = real_desk.command("chengguan")
        acts += [lambda order_id=order_id, cmd=cmd: orders.acknowledge(order_id, cmd=cmd), fire_due]
    _, lost = split(at_once(*acts))
    assert not lost
    fire_due()
    facts = list(all_facts(real_desk.built.id))
    for order_id in order_ids:
        told = [fact.name for fact in facts if fact.object_id == order_id]
        assert told == ["order.sent", "order.breached", "order.acknowledged"]
        clock = Clock.objects.get(order_id=order_id, kind="relay_down_order")
        assert clock.breached_at == clock.due_at
        assert clock.stopped_at is not None and clock.stopped_at >= clock.due_at
    assert [fact.name for fact in facts].count("issue.breached") == len(order_ids)
    assert not Due.objects.filter(fired_at=None, clock__kind__startswith="relay").exists()


@pytest.mark.parametrize(
    ("after", "breached"),
    [
        (60 * MINUTE - timedelta(microseconds=1), False),
        (60 * MINUTE, True),
        (59 * MINUTE + timedelta(seconds=59), False),
    ],
)
def test_sixty_minutes_to_the_microsecond(desk: Desk, after: timedelta, breached: bool) -> None:
    """59:59.999999 is on time, 60:00.000000 is a breach: the aggregate's last time is set to that very instant."""
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    instant: datetime = Order.objects.get(pk=order_id).sent_at + after
    Issue.objects.filter(pk=issue_id).update(last_at=instant)
    orders.acknowledge(order_id, cmd=desk.command("chengguan"))
    clock = Clock.objects.get(order_id=order_id, kind="relay_down_order")
    assert clock.stopped_at == instant
    assert (clock.breached_at is not None) == breached


def test_a_refusal_undoes_a_breach_and_the_timer_fires_it(desk: Desk) -> None:
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    Issue.objects.filter(pk=issue_id).update(last_at=Order.objects.get(pk=order_id).sent_at + 61 * MINUTE)
    with pytest.raises(Conflict):
        orders.start(order_id, expected=1, cmd=desk.command("chengguan"))
    assert "order.breached" not in [fact.name for fact in all_facts(desk.built.id)]
    assert not Due.objects.exclude(fired_at=None).exists()
