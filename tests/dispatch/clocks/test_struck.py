"""A granted return strikes the lead's acknowledgment for the issue: its relay down runs again as if it had not stopped.

Each row: what happens to the first lead and when, what the clock looks like afterwards. Source: docs/rules.md, "The
relay".
"""

import json
from typing import Any, Final
from uuid import UUID

import pytest

from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Due, Escalation
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from realtime.feed.clock import shifted
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import clock_of, running, stale_cards
from tests.dispatch.desk import MINUTE, Desk

DOWN: Final = "relay_down_issue"


def asks(desk: Desk, order_id: UUID, minute: int, by: str = "chengguan") -> UUID:
    """A return request: of an order that was only sent, it acknowledges. The request."""
    version = Order.objects.get(pk=order_id).version
    with shifted(minute * MINUTE):
        orders.request_return(
            order_id, ReturnGround.NOT_OUR_DUTY, None, "灯杆是住建的", expected=version, cmd=desk.command(by)
        )
    return ReturnRequest.objects.get(order_id=order_id).pk


def granted(desk: Desk, request_id: UUID, minute: int) -> None:
    """The ruling."""
    version = ReturnRequest.objects.get(pk=request_id).version
    with shifted(minute * MINUTE):
        orders.grant(request_id, None, expected=version, cmd=desk.command("lead"))


def acknowledged(desk: Desk, order_id: UUID, minute: int, by: str = "chengguan") -> None:
    """A tap."""
    with shifted(minute * MINUTE):
        orders.acknowledge(order_id, cmd=desk.command(by))


def redispatched(desk: Desk, issue_id: UUID, unit: str, minute: int) -> UUID:
    """The next lead. Its order."""
    with shifted(minute * MINUTE):
        expected = desk.version(issue_id)
        cmd = desk.command("duty1")
        issues.redispatch(issue_id, desk.unit(unit), reason="按职责", expected=expected, cmd=cmd)
    return desk.order_of(issue_id, unit)


def called(issue_id: UUID) -> list[int]:
    """Which steps of the issue's relay down were told, in order."""
    rows = Escalation.objects.filter(issue_id=issue_id, clock__kind=DOWN).order_by("told_at", "percent")
    return list(rows.values_list("percent", flat=True))


def facts_of(desk: Desk, name: str) -> list[dict[str, Any]]:
    """The stored facts of a name."""
    return [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.name == name]


@pytest.mark.parametrize("by_tap", [True, False], ids=["by_tap", "by_request"])
@pytest.mark.parametrize(
    ("minute", "steps"),
    [(20, []), (29, []), (30, [50]), (40, [50]), (48, [80]), (59, [80]), (60, [100]), (75, [100]), (600, [100])],
)
def test_a_grant_starts_it_again_and_of_missed_steps_the_highest_is_told(
    desk: Desk, minute: int, steps: list[int], by_tap: bool
) -> None:
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    first = clock_of(issue_id, DOWN)
    if by_tap:
        acknowledged(desk, lead, 10)
    request_id = asks(desk, lead, 12)
    assert DOWN not in running(issue_id)
    with shifted((minute - 1) * MINUTE):
        fire_due()
    assert called(issue_id) == []
    granted(desk, request_id, minute)
    now = clock_of(issue_id, DOWN)
    assert (now.pk, now.started_at, now.due_at) == (first.pk, first.started_at, first.due_at)
    assert (now.stopped_at, now.breached_at) == (None, first.due_at if minute >= 60 else None)
    assert called(issue_id) == steps
    breaches = facts_of(desk, "issue.breached")
    assert len(breaches) == (minute >= 60)
    struck = facts_of(desk, "issue.acknowledgment_struck")[0]
    assert struck["body"]["order"] == str(lead)
    assert struck["body"]["due_at"] == struck["card"]["clocks"][1]["due_at"]
    assert struck["card"]["clocks"][1]["stopped_at"] is None
    assert not stale_cards(desk)
    with shifted(minute * MINUTE):
        fire_due()
    assert called(issue_id) == steps
    with shifted(700 * MINUTE):
        fire_due()
    assert called(issue_id) == sorted({*steps, *(step for step in (50, 80, 100) if step > max(steps, default=0))})


def test_the_orders_own_clock_keeps_the_acknowledgment(desk: Desk) -> None:
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    acknowledged(desk, lead, 10)
    before = clock_of(issue_id, "relay_down_order")
    granted(desk, asks(desk, lead, 12), 75)
    assert clock_of(issue_id, "relay_down_order") == before
    assert before.stopped_at is not None and before.breached_at is None


def test_the_next_leads_acknowledgment_ends_it_at_its_own_time(desk: Desk) -> None:
    issue_id = desk.dispatched()
    acknowledged(desk, desk.lead(issue_id), 5)
    granted(desk, asks(desk, desk.lead(issue_id), 6), 20)
    acknowledged(desk, redispatched(desk, issue_id, "housing", 25), 45, "housing")
    ended = clock_of(issue_id, DOWN)
    assert (ended.stopped_at - ended.started_at) // MINUTE == 45  # type: ignore[operator]
    assert ended.breached_at is None
    assert not Due.objects.filter(clock=ended, fired_at=None).exists()
    assert called(issue_id) == [50]


def test_a_second_return_strikes_again_and_a_step_is_told_once(desk: Desk) -> None:
    issue_id = desk.dispatched()
    acknowledged(desk, desk.lead(issue_id), 5)
    granted(desk, asks(desk, desk.lead(issue_id), 6), 35)  # 50 % is told now
    second = redispatched(desk, issue_id, "housing", 36)
    acknowledged(desk, second, 40, "housing")
    granted(desk, asks(desk, second, 41, "housing"), 90)
    assert called(issue_id) == [50, 100]
    assert clock_of(issue_id, DOWN).stopped_at is None
    assert Clock.objects.filter(issue_id=issue_id, kind=DOWN).count() == 1


def test_what_was_breached_before_stays_so_and_is_told_once(desk: Desk) -> None:
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    with shifted(61 * MINUTE):
        fire_due()
    acknowledged(desk, lead, 65)
    granted(desk, asks(desk, lead, 66), 80)
    again = clock_of(issue_id, DOWN)
    assert (again.stopped_at, again.breached_at) == (None, again.due_at)
    with shifted(300 * MINUTE):
        fire_due()
    assert called(issue_id) == [50, 80, 100]
    assert len(facts_of(desk, "issue.breached")) == 1


def test_a_recall_strikes_none_and_compelling_leaves_it(desk: Desk) -> None:
    recalled, compelled = desk.dispatched(), desk.dispatched()
    for issue_id in (recalled, compelled):
        acknowledged(desk, desk.lead(issue_id), 5)
    request_id = asks(desk, desk.lead(compelled), 6)
    with shifted(90 * MINUTE):
        expected = Order.objects.get(pk=desk.lead(recalled)).version
        orders.recall(desk.lead(recalled), "派错了", expected=expected, cmd=desk.command("duty1"))
        orders.compel(request_id, "第三条", expected=1, cmd=desk.command("lead"))
    assert DOWN not in running(recalled) + running(compelled)
    assert called(recalled) == called(compelled) == []


def test_an_acknowledgment_of_a_recalled_lead_stands_when_the_next_is_returned(desk: Desk) -> None:
    issue_id = desk.dispatched()
    acknowledged(desk, desk.lead(issue_id), 5)
    stopped = clock_of(issue_id, DOWN)
    expected = Order.objects.get(pk=desk.lead(issue_id)).version
    with shifted(6 * MINUTE):
        orders.recall(desk.lead(issue_id), "派错了", expected=expected, cmd=desk.command("duty1"))
    granted(desk, asks(desk, redispatched(desk, issue_id, "housing", 7), 8, "housing"), 90)
    assert clock_of(issue_id, DOWN) == stopped
    assert facts_of(desk, "issue.acknowledgment_struck")[0]["body"]["due_at"] is None


def test_the_return_of_an_assist_strikes_nothing(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    acknowledged(desk, desk.lead(issue_id), 5)
    granted(desk, asks(desk, desk.order_of(issue_id, "power"), 6, "power"), 90)
    assert DOWN not in running(issue_id)
    assert facts_of(desk, "issue.acknowledgment_struck") == []


def test_a_void_after_it_counts_in_no_figure(desk: Desk) -> None:
    issue_id = desk.dispatched()
    acknowledged(desk, desk.lead(issue_id), 5)
    granted(desk, asks(desk, desk.lead(issue_id), 6), 90)
    with shifted(95 * MINUTE):
        issues.void(issue_id, "误录", expected=desk.version(issue_id), cmd=desk.command("lead"))
    ended = clock_of(issue_id, DOWN)
    assert ended.stopped_at is not None and ended.uncounted
    assert not Escalation.objects.filter(issue_id=issue_id, ended_at=None).exists()
