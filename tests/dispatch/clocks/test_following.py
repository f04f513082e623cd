"""Clocks follow the rows: what each state requires, pauses, changes of level, ends that count in no figure."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction

from command.people.models import SignIn
from command.units.models import Unit
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Due, Escalation
from dispatch.matter.custody.models import Hop
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.matter.issues.states import State
from dispatch.matter.orders.states import State as OrderState
from realtime.delivery.cursors import DeviceAt, move_cursors
from realtime.delivery.models import DeviceCursor
from realtime.feed.clock import shifted
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import changed, clock_of, running, stale_cards
from tests.dispatch.desk import MINUTE, Desk

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DOWN = ["handling_issue", "handling_order", "relay_down_issue", "relay_down_order"]


def suspended(days: int) -> Callable[[Aggregate], None]:
    """Set aside for so many days."""

    def change(aggregate: Aggregate) -> None:
        issue = aggregate.issue
        issue.state, issue.suspended_at, issue.suspended_by = State.SUSPENDED, aggregate.at, "person:lead"
        issue.suspended_until = aggregate.at + days * DAY

    return change


def resumed(aggregate: Aggregate) -> None:
    """Put back into handling."""
    issue = aggregate.issue
    issue.state, issue.suspended_at, issue.suspended_until, issue.suspended_by = State.IN_HANDLING, None, None, None


def level(word: str) -> Callable[[Aggregate], None]:
    """Amended to another level."""

    def change(aggregate: Aggregate) -> None:
        aggregate.issue.level = word

    return change


def voided(aggregate: Aggregate) -> None:
    """Entered by mistake: its orders are recalled."""
    aggregate.issue.state, aggregate.issue.voided_at = State.VOIDED, aggregate.at
    recalled(aggregate)


def recalled(aggregate: Aggregate) -> None:
    """Every open order is taken back."""
    for order in aggregate.orders:
        order.state, order.recalled_at = OrderState.RECALLED, aggregate.at


@pytest.mark.mechanism("M52")
@pytest.mark.mechanism("M53")
def test_what_runs_in_each_state_of_the_loop(desk: Desk) -> None:
    issue_id = desk.reported()
    assert running(issue_id) == ["relay_up"]
    issues.accept(issue_id, cmd=desk.command("duty1"))
    assert running(issue_id) == ["dispatch"]
    accepted = clock_of(issue_id, "dispatch")
    assert accepted.due_at == Issue.objects.get(pk=issue_id).accepted_at + DAY
    issues.file(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert clock_of(issue_id, "dispatch") == accepted
    unit = desk.unit("law_enforcement")
    issues.dispatch(issue_id, unit, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert running(issue_id) == DOWN
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    assert running(issue_id) == ["handling_issue", "handling_order"]
    desk.feeds_back(desk.lead(issue_id))
    assert running(issue_id) == ["handling_issue"]
    issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert running(issue_id) == []
    days = {clock.kind: clock.allowance for clock in Clock.objects.filter(issue_id=issue_id)}
    assert days["handling_order"] == days["handling_issue"] == 5 * DAY


def test_a_rework_runs_for_two_days_and_the_first_answers_clock_stays_ended(desk: Desk) -> None:
    issue_id = desk.verified()
    lead = desk.lead(issue_id)
    issues.rework(issue_id, [lead], "没有修好", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert running(issue_id) == ["rework"]
    assert clock_of(issue_id, "rework").allowance == 2 * DAY
    desk.feeds_back(lead)
    assert running(issue_id) == []
    assert Clock.objects.filter(issue_id=issue_id, kind="handling_order").count() == 1


def test_a_suspension_takes_the_due_time_away_and_gives_back_what_was_left(desk: Desk) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    before = clock_of(issue_id, "handling_order")
    with shifted(2 * DAY):
        changed(desk, issue_id, suspended(10))
    paused = clock_of(issue_id, "handling_order")
    assert (paused.due_at, paused.stopped_at) == (None, None)
    assert set(Due.objects.filter(clock=paused).values_list("due_at", "fired_at")) == {(None, None)}
    assert running(issue_id) == ["handling_issue", "handling_order", "suspension"]
    with shifted(5 * DAY):
        changed(desk, issue_id, suspended(10))  # renewed by a new approval: one pause, another day
        assert clock_of(issue_id, "handling_order").paused_at == paused.paused_at
    assert Clock.objects.filter(issue_id=issue_id, kind="suspension").count() == 2
    with shifted(9 * DAY):
        changed(desk, issue_id, resumed)
    after = clock_of(issue_id, "handling_order")
    assert before.due_at and after.due_at and paused.paused_at
    assert after.due_at == before.due_at + after.paused_for
    assert after.paused_for > 6 * DAY
    last = Due.objects.get(clock=after, percent=100)
    assert last.due_at == after.due_at
    assert running(issue_id) == ["handling_issue", "handling_order"]


def test_a_suspension_after_the_breach_changes_nothing(desk: Desk) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    with shifted(6 * DAY):
        changed(desk, issue_id, suspended(3))
    clock = clock_of(issue_id, "handling_order")
    assert clock.breached_at == clock.due_at is not None
    assert clock.paused_at is None


def test_the_timer_warns_the_lead_and_resumes_on_the_day(desk: Desk) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    changed(desk, issue_id, suspended(10))
    with shifted(8 * DAY + MINUTE):
        assert fire_due() == 1
    told = Escalation.objects.get(issue_id=issue_id)
    assert (told.percent, told.rank, told.unit_id) == (80, "duty_lead", desk.unit("duty_desk"))
    with shifted(10 * DAY + MINUTE):
        assert [fire_due(), fire_due()] == [1, 0]
        assert running(issue_id) == ["handling_issue", "handling_order"]
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.state, issue.suspended_until, issue.last_by) == ("in_handling", None, "system:timer")
    assert issue.responsible_id == desk.unit("law_enforcement")
    clock = clock_of(issue_id, "suspension")
    assert (clock.breached_at, clock.stopped_at is not None) == (None, True)


@pytest.mark.parametrize("by", ["timer", "action"])
def test_who_comes_late_to_a_suspensions_end_gives_no_day_more_than_was_approved(desk: Desk, by: str) -> None:
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    orders.acknowledge(lead, cmd=desk.command("chengguan"))
    changed(desk, issue_id, suspended(2))
    paused, until = clock_of(issue_id, "handling_order"), Issue.objects.get(pk=issue_id).suspended_until
    assert paused.paused_at and until
    with shifted(9 * DAY):  # nothing ran for a week: the machine was away
        if by == "timer":
            while fire_due():
                pass
        else:
            orders.start(lead, expected=3, cmd=desk.command("chengguan"))
    after = clock_of(issue_id, "handling_order")
    assert after.paused_for == until - paused.paused_at
    assert after.due_at == after.started_at + after.allowance + after.paused_for
    if by == "timer":
        assert after.breached_at == after.due_at  # five days and two: over for two days by now


def test_an_action_that_finds_the_day_past_resumes_first(desk: Desk) -> None:
    issue_id = desk.dispatched()
    lead = desk.lead(issue_id)
    orders.acknowledge(lead, cmd=desk.command("chengguan"))
    changed(desk, issue_id, suspended(2))
    with shifted(2 * DAY + HOUR):
        orders.start(lead, expected=3, cmd=desk.command("chengguan"))
        assert fire_due() == 0
    assert Issue.objects.get(pk=issue_id).state == "in_handling"
    assert clock_of(issue_id, "handling_order").paused_at is None


def test_a_suspended_issue_without_a_lead_waits_for_redispatch_from_its_resume(desk: Desk) -> None:
    issue_id = desk.dispatched()
    changed(desk, issue_id, suspended(5))
    changed(desk, issue_id, recalled)
    assert running(issue_id) == ["handling_issue", "relay_down_issue", "suspension"]
    with shifted(3 * DAY):
        changed(desk, issue_id, resumed)
    assert "redispatch" in running(issue_id)
    assert clock_of(issue_id, "redispatch").allowance == DAY


@pytest.mark.mechanism("M54")
def test_a_change_of_level_counts_from_the_start(desk: Desk) -> None:
    issue_id = desk.dispatched()
    started = clock_of(issue_id, "handling_order").started_at
    with shifted(HOUR / 2):
        changed(desk, issue_id, level("major"))
    assert clock_of(issue_id, "handling_order").due_at == started + 15 * DAY
    assert clock_of(issue_id, "handling_issue").due_at == started + 15 * DAY
    assert Due.objects.get(clock=clock_of(issue_id, "handling_order"), percent=80).due_at == started + 12 * DAY
    with shifted(8 * DAY):
        changed(desk, issue_id, level("general"))
        at = Issue.objects.get(pk=issue_id).last_at
    down = clock_of(issue_id, "handling_order").due_at
    assert down is not None
    assert timedelta(0) <= down - (at + DAY) <= timedelta(seconds=1)  # never before a day from now


@pytest.mark.mechanism("M54")
def test_an_upgrade_undoes_no_breach(desk: Desk) -> None:
    issue_id = desk.dispatched()
    with shifted(6 * DAY):
        changed(desk, issue_id, level("major"))
    clock = clock_of(issue_id, "handling_order")
    assert clock.breached_at is not None
    assert clock.allowance == 5 * DAY


def test_void_stops_everything_uncounted(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    with shifted(61 * MINUTE):
        changed(desk, issue_id, voided, uncounted=True)
    assert running(issue_id) == []
    ended = Clock.objects.filter(issue_id=issue_id, kind__in=DOWN)
    assert {clock.uncounted for clock in ended} == {True}
    assert not Escalation.objects.filter(issue_id=issue_id, ended_at=None).exists()
    assert not Due.objects.filter(issue_id=issue_id, fired_at=None).exists()
    with shifted(30 * DAY):
        assert fire_due() == 0


def test_a_reconsidered_issue_is_relayed_up_once_more(desk: Desk) -> None:
    issue_id = desk.reported()
    issues.decline(issue_id, Ground.NOT_A_MATTER, "不属", expected=1, cmd=desk.command("duty1"))

    def reconsidered(aggregate: Aggregate) -> None:
        aggregate.issue.state, aggregate.issue.ground = State.REPORTED, None

    with shifted(3 * HOUR):
        changed(desk, issue_id, reconsidered)
    ups = list(Clock.objects.filter(issue_id=issue_id, kind="relay_up").order_by("round"))
    assert [(clock.round, clock.stopped_at is None) for clock in ups] == [(1, False), (2, True)]
    assert ups[1].started_at > ups[0].started_at + 2 * HOUR
    assert list(Hop.objects.filter(issue_id=issue_id).order_by("chain").values_list("chain", flat=True)) == [1, 2]


def test_merging_stops_the_dispatch_clock_and_unmerging_counts_as_acceptance(desk: Desk) -> None:
    issue_id, target = desk.accepted(), desk.accepted()

    def merged(aggregate: Aggregate) -> None:
        aggregate.issue.state, aggregate.issue.merged_into_id = State.MERGED, target

    def unmerged(aggregate: Aggregate) -> None:
        aggregate.issue.state, aggregate.issue.merged_into_id = State.ACCEPTED, None

    changed(desk, issue_id, merged)
    assert running(issue_id) == []
    with shifted(2 * DAY):
        changed(desk, issue_id, unmerged)
        at = Issue.objects.get(pk=issue_id).last_at
    assert clock_of(issue_id, "dispatch").started_at == at
    assert Clock.objects.filter(issue_id=issue_id, kind="dispatch").count() == 2


def test_recall_and_redispatch_neither_stop_nor_reset_the_issues_relay_down(desk: Desk) -> None:
    issue_id = desk.dispatched()
    before = clock_of(issue_id, "relay_down_issue")
    changed(desk, issue_id, recalled)
    assert running(issue_id) == ["handling_issue", "redispatch", "relay_down_issue"]
    assert clock_of(issue_id, "relay_down_issue") == before
    assert Hop.objects.get(issue_id=issue_id, to_at=None).holder_id == Issue.objects.get(pk=issue_id).responsible_id


@pytest.mark.mechanism("M49")
def test_device_time_starts_a_relay_up_earlier_bounded_by_the_last_contact(desk: Desk) -> None:
    def reported(observed: timedelta) -> tuple[datetime, datetime]:
        now = Issue.objects.get(pk=desk.reported()).reported_at
        issue_id = desk.reported(by="grid1", observed_at=now - observed)
        return clock_of(issue_id, "relay_up").started_at, Issue.objects.get(pk=issue_id).reported_at

    began, received = reported(HOUR)
    assert began == received  # nobody knows when that device could have told us
    person = desk.actor("grid1")
    at = received - 40 * MINUTE
    DeviceCursor.objects.create(
        centre_id=desk.built.id, principal=person.principal, device_id=UUID(int=1), epoch=1, through=1, displayed=0,
        moved_at=at,
    )  # fmt: skip
    assert reported(HOUR)[0] == at
    began, received = reported(10 * MINUTE)
    assert at < began < received - 9 * MINUTE
    began, received = reported(-HOUR)  # a device whose clock runs ahead stops and moves nothing
    assert began == received


@pytest.mark.mechanism("M49")
def test_connecting_or_signing_in_just_before_telling_takes_nothing_off_the_device_time(desk: Desk) -> None:
    """The outbox is emptied on a connection that it has waited for: the contact that counts is the one before."""
    now = Issue.objects.get(pk=desk.reported()).reported_at
    person = desk.actor("grid1")
    at = DeviceAt(desk.built.id, person.principal, UUID(int=1), 1, 1, 0, connects=True)
    move_cursors([at])
    DeviceCursor.objects.update(moved_at=now - 40 * MINUTE, connected_at=now - 3 * HOUR)
    move_cursors([at])  # it comes back, and stands where it stood

    def began(observed: datetime) -> datetime:
        return clock_of(desk.reported(by="grid1", observed_at=observed), "relay_up").started_at

    assert began(now - HOUR) == now - 40 * MINUTE
    assert began(now - 10 * MINUTE) == now - 10 * MINUTE
    for ago in (2 * HOUR, timedelta(0)):  # its session was lost
        SignIn.objects.create(person_id=person.person_id, began_at=now - ago, expires_at=now + DAY)
    assert began(now - 10 * MINUTE) == now - 10 * MINUTE
    DeviceCursor.objects.update(connected_at=now - 30 * MINUTE, moved_at=now - 5 * MINUTE)
    assert began(now - 20 * MINUTE) == now - 5 * MINUTE  # it was connected then: it could have told us


def test_a_unit_of_another_centre_is_never_told(desk: Desk, other_desk: Desk) -> None:
    issue_id = desk.reported()
    with shifted(31 * MINUTE):
        assert fire_due() == 1
    told = Escalation.objects.get(issue_id=issue_id)
    assert Unit.objects.get(pk=told.unit_id).centre_id == desk.built.id
    with pytest.raises(Exception, match="what_was_told_stays_told"), transaction.atomic():
        Escalation.objects.filter(pk=told.pk).update(unit_id=other_desk.unit("power"))


def test_what_breaches_and_pauses_in_one_action_is_told_as_it_is_after_it(desk: Desk) -> None:
    issue_id = desk.dispatched()
    with shifted(HOUR):  # nobody fired it: the action finds the order's 60 minutes past due
        until = Issue.objects.get(pk=issue_id).last_at + DAY
        issues.suspend(issue_id, until, "等雨停", expected=desk.version(issue_id), cmd=desk.command("lead"))
    assert clock_of(issue_id, "relay_down_order").breached_at
    assert clock_of(issue_id, "handling_order").paused_at
    assert not stale_cards(desk)


def test_what_breaches_and_runs_again_in_one_pass_is_told_as_it_is_after_it(desk: Desk) -> None:
    issue_id = desk.dispatched()
    changed(desk, issue_id, suspended(1))
    with shifted(2 * DAY):  # nothing ran meanwhile: the order's breach, then the end of the suspension
        while fire_due():
            pass
    assert clock_of(issue_id, "handling_order").paused_for == DAY
    assert not stale_cards(desk)
