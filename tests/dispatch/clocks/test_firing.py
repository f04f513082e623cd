"""What falls due is fired exactly once, in batches, whoever holds what; nothing else is."""

import time
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.db import OperationalError, transaction

from dispatch.matter.aggregate.locks import lock_issue
from dispatch.matter.clock_law import fire_due, firing
from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.clocks.passes import say_stepped
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.matter.orders.models import Order
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.contract import Change
from realtime.feed.errors import Busy
from realtime.feed.queries import all_facts, head
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import MINUTE, SECOND, Desk
from tests.dispatch.rivals import at_once, split

DAY = timedelta(days=1)
TOLD = ["escalation.raised"]


def names_of(desk: Desk, after: int) -> list[str]:
    """The facts behind a position, without those of calls, which have tests of their own."""
    names = [fact.name for fact in all_facts(desk.built.id, after=after)]
    return [name for name in names if not name.startswith("call.")]


def test_nothing_fires_before_sixty_minutes(desk: Desk) -> None:
    desk.dispatched()
    with shifted(30 * MINUTE - SECOND):
        assert fire_due() == 0
    assert not Due.objects.exclude(fired_at=None).exists()


def test_a_report_that_nobody_takes_is_breached_once(desk: Desk) -> None:
    issue_id = desk.reported()
    at = head(desk.built.id).seq
    with shifted(60 * MINUTE):
        assert [fire_due() for _ in range(3)] == [3, 0, 0]
    assert names_of(desk, at) == [*TOLD * 2, "report.breached", "issue.breached", *TOLD]
    clock, due = Clock.objects.get(issue_id=issue_id), Due.objects.get(percent=100)
    assert clock.breached_at == clock.due_at == due.due_at
    assert due.fired_at is not None and due.fired_at >= due.due_at  # when it was noticed is kept beside
    assert Issue.objects.get(pk=issue_id).last_at == due.fired_at


def test_no_action_fires_by_a_clock_that_stepped_until_a_timer_is_started_anew(desk: Desk) -> None:
    due = desk.reported()
    say_stepped(True)
    with shifted(DAY):
        with pytest.raises(Busy) as refused:
            issues.accept(due, cmd=desk.command("duty1"))
        desk.accepted()  # nothing of this one is due: who reports now is heard
    assert refused.value.code == "clock.stepped"
    assert not Due.objects.exclude(fired_at=None).exists()
    assert not Clock.objects.exclude(breached_at=None).exists()
    say_stepped(False)
    with shifted(DAY):
        issues.accept(due, cmd=desk.command("duty1"))
    assert Clock.objects.get(issue_id=due, kind="relay_up").breached_at


def test_one_whose_last_action_lies_ahead_of_the_clock_draws_no_other_ahead(desk: Desk) -> None:
    ahead, beside = desk.reported(), desk.reported()
    with shifted(55 * MINUTE):
        Issue.objects.filter(pk=ahead).update(last_at=clock.at(None))  # as after a clock that was set back
    with shifted(31 * MINUTE):
        assert fire_due() == 1  # half an hour of the other; its 80 % come at 48 minutes
    assert [due.percent for due in Due.objects.exclude(fired_at=None)] == [50]
    assert Due.objects.get(fired_at__isnull=False).issue_id == beside
    with shifted(55 * MINUTE + SECOND):
        assert fire_due() == 3


def test_an_order_that_nobody_acknowledges_breaches_order_and_issue(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    at = head(desk.built.id).seq
    with shifted(60 * MINUTE):
        assert fire_due() == 9
    assert sorted(names_of(desk, at)) == [*TOLD * 9, "issue.breached", "order.breached", "order.breached"]
    with shifted(61 * MINUTE):
        orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    clock = Clock.objects.get(order_id=desk.lead(issue_id), kind="relay_down_order")
    assert clock.breached_at is not None and clock.stopped_at is not None


def test_a_stopped_clock_never_fires(desk: Desk) -> None:
    desk.fed_back()
    with shifted(600 * MINUTE):
        assert fire_due() == 0


def test_an_action_that_finds_a_breach_fires_it_first(desk: Desk) -> None:
    issue_id = desk.reported()
    at = head(desk.built.id).seq
    with shifted(60 * MINUTE):
        issues.accept(issue_id, cmd=desk.command("duty1"))
        assert fire_due() == 0  # the timer comes second and fires nothing
    assert names_of(desk, at) == [
        *TOLD * 2,
        "report.breached",
        "issue.breached",
        *TOLD,
        "report.relayed_up",
        "issue.accepted",
        "escalation.answered",
    ]
    assert desk.version(issue_id) == 3


def test_a_breach_that_the_action_fires_makes_no_version_stale(desk: Desk) -> None:
    issue_id = desk.reported()
    with shifted(60 * MINUTE):
        issues.decline(issue_id, Ground.NOT_A_MATTER, "不属", expected=1, cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=issue_id).state == "declined"


def test_time_never_runs_backwards_in_an_aggregate(desk: Desk) -> None:
    with shifted(30 * MINUTE):
        issue_id = desk.reported()
    ahead = Issue.objects.get(pk=issue_id).last_at
    issues.accept(issue_id, cmd=desk.command("duty1"))  # half an hour earlier by the clock
    assert Issue.objects.get(pk=issue_id).last_at == ahead


def test_many_fall_due_at_once_and_fire_in_transactions_of_200_facts(desk: Desk) -> None:
    for _ in range(130):
        desk.reported()
    with shifted(60 * MINUTE), patch.object(firing, "record", wraps=firing.record) as recorded:
        assert fire_due() == 390
    sizes = [sum(isinstance(argument, Change) for argument in call.args) for call in recorded.call_args_list]
    calls = 3 + 2  # one each step, and the end of the two that go on in the next one
    assert sum(sizes) == 130 * (5 + calls)
    assert max(sizes) <= 200 and len(sizes) == 8
    assert not Due.objects.filter(fired_at=None).exists()


def test_two_timers_fire_each_once(real_desk: Desk) -> None:
    for _ in range(10):
        real_desk.reported()
    instant = Issue.objects.order_by("last_at").last()
    assert instant is not None

    def fires() -> int:
        with shifted(60 * MINUTE):
            return sum(fire_due() for _ in range(5))

    won, lost = split(at_once(fires, fires, fires))
    assert not lost
    assert sum(won) == 30
    told = [fact.name for fact in all_facts(real_desk.built.id)]
    assert (told.count("issue.breached"), told.count("escalation.raised")) == (10, 30)


def test_an_issue_that_somebody_holds_is_left_to_the_next_pass(real_desk: Desk) -> None:
    held, free = real_desk.reported(), real_desk.reported()
    fired: list[int] = []

    def fires() -> None:
        with shifted(60 * MINUTE):
            fired.append(fire_due())

    with transaction.atomic():
        lock_issue(held, actor=real_desk.actor("duty1"))
        at_once(fires)
    assert fired == [3]
    assert Clock.objects.get(issue_id=free).breached_at is not None
    assert Clock.objects.get(issue_id=held).breached_at is None
    at_once(fires)
    assert fired == [3, 3]


def test_one_bad_issue_stops_nobody_else(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    bad, good = desk.reported(), desk.reported()
    tell = firing._breach

    def breach(aggregate: firing.Aggregate, clock: Clock) -> object:
        if aggregate.issue.pk == bad:
            raise RuntimeError("a row that can't be")
        return tell(aggregate, clock)

    with shifted(60 * MINUTE), patch.object(firing, "_breach", breach):
        assert fire_due() == 3
        assert Clock.objects.get(issue_id=good).breached_at is not None
        assert str(bad) in caplog.text
        caplog.clear()
        assert fire_due() == 0
        assert not caplog.records  # it is passed over for a while: ten traces a second would fill the disk
    assert 0 < firing._aside[bad] - time.monotonic() <= firing.ASIDE_S
    firing._aside[bad] = time.monotonic()
    with shifted(60 * MINUTE):
        assert fire_due() == 3  # nothing is lost
    assert bad not in firing._aside


def test_a_database_that_goes_away_is_the_loops_to_survive(desk: Desk) -> None:
    desk.reported()
    with (
        shifted(60 * MINUTE),
        patch.object(firing, "record", side_effect=OperationalError("gone")),
        pytest.raises(OperationalError),
    ):
        fire_due()
    assert Due.objects.filter(fired_at=None).count() == 3


def test_the_due_time_is_exact(desk: Desk) -> None:
    issue_id = desk.dispatched()
    order = Order.objects.get(issue_id=issue_id)
    due = Due.objects.get(clock__order=order, clock__kind="relay_down_order", percent=100)
    assert due.due_at - order.sent_at == timedelta(hours=1)
    assert due.due_at - SECOND < order.sent_at + 60 * MINUTE
