"""Calls ask the roster: who is on duty this hour is called first; where nobody is, everything is as without a roster.

Source: docs/rules.md, "Duty", "Calls".
"""

from datetime import timedelta
from uuid import UUID

from command.access import Role
from command.duty.models import DatedShift, WeeklyShift
from command.duty.queries import zone
from command.people.models import Post
from dispatch.matter.calls.models import Attempt, Call
from dispatch.matter.clocks.models import Escalation
from realtime.feed import clock
from tests.dispatch.calls.called import at, called, contacts, post_of, the_call
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK, Desk


def on_duty(desk: Desk, unit: str, username: str, *, kind: str = "rotating", post: UUID | None = None) -> None:
    """Somebody's weekly shift that runs now, for some hours yet."""
    local = clock.at(None).astimezone(zone()) - timedelta(hours=1)
    WeeklyShift.objects.create(
        unit_id=desk.unit(unit),
        post_id=post or post_of(desk, username),
        weekday=local.weekday(),
        from_min=local.hour * 60,
        minutes=20 * 60,
        kind=kind,
    )


def absent(desk: Desk, unit: str, username: str) -> None:
    """Somebody is absent for a day."""
    now = clock.at(None)
    DatedShift.objects.create(
        unit_id=desk.unit(unit), post_id=post_of(desk, username), starts_at=now - timedelta(hours=2),
        ends_at=now + timedelta(hours=22), kind=None,
    )  # fmt: skip


def test_who_is_on_duty_is_called_first_then_deputy_and_head(desk: Desk) -> None:
    contacts(desk, "law_enforcement", ("chengguan", "liaison"), ("power", "deputy"), ("leader", "head"))
    on_duty(desk, "law_enforcement", "chengguan2", kind="on_call")
    call = the_call(desk.dispatched())
    assert called(desk, call) == [(1, "chengguan2")]
    at(10, timer=False)
    at(20, timer=False)
    assert called(desk, call) == [(1, "chengguan2"), (2, "power"), (3, "leader")]


def test_a_gap_falls_back_to_the_ordered_contacts(desk: Desk) -> None:
    on_duty(desk, "law_enforcement", "chengguan2")
    absent(desk, "law_enforcement", "chengguan2")
    assert called(desk, the_call(desk.dispatched())) == [(1, "chengguan"), (1, "chengguan2")]


def test_who_no_longer_holds_the_post_is_not_called(desk: Desk) -> None:
    on_duty(desk, "law_enforcement", "chengguan")
    on_duty(desk, "law_enforcement", "chengguan2")
    Post.objects.filter(pk=post_of(desk, "chengguan2")).update(active_until=clock.at(None))
    assert called(desk, the_call(desk.dispatched())) == [(1, "chengguan")]


def test_a_head_on_duty_does_not_learn_of_what_is_sensitive(desk: Desk) -> None:
    leader = Post.objects.create(
        person_id=desk.built.people["leader"], unit_id=desk.unit("police"), role=Role.LEADER,
        active_from=clock.at(None) - timedelta(days=9),
    )  # fmt: skip
    on_duty(desk, "police", "leader", post=leader.pk)
    call = the_call(desk.dispatched(DOMESTIC_VIOLENCE, lead="police"))
    assert leader.pk not in call.posts
    assert call.posts, "those are called who would be without a roster"


def test_the_desks_own_roster_says_which_officer_is_called(desk: Desk) -> None:
    officer = Post.objects.filter(person_id=desk.built.people["duty2"], role=Role.DUTY_OFFICER)[0]
    code = officer.unit.code
    on_duty(desk, code, "duty2", post=officer.pk)
    issue = desk.reported(GAS_LEAK)
    assert the_call(issue, "urgent_report").posts == [officer.pk]


def test_the_ladders_half_way_names_who_is_on_duty_then(desk: Desk) -> None:
    contacts(desk, "law_enforcement", ("chengguan", "liaison"), ("power", "deputy"))
    issue_id = desk.dispatched()
    on_duty(desk, "law_enforcement", "chengguan2")
    first = the_call(issue_id)
    Attempt.objects.filter(call=first).delete()
    Call.objects.filter(pk=first.pk).update(posts=[post_of(desk, "chengguan")])  # who was on duty at its sending
    at(30)
    steps = Escalation.objects.filter(issue_id=issue_id, percent=50)
    assert {(one.rank, one.post_id) for one in steps} == {("on_duty", post_of(desk, "chengguan2"))}
    call = Call.objects.get(escalation__clock__kind="relay_down_order", issue_id=issue_id)
    assert set(call.posts) == {post_of(desk, "chengguan"), post_of(desk, "chengguan2")}


def test_the_ladders_half_way_of_what_is_sensitive_names_nobody_who_may_not_know(desk: Desk) -> None:
    leader = Post.objects.create(
        person_id=desk.built.people["leader"], unit_id=desk.unit("police"), role=Role.LEADER,
        active_from=clock.at(None) - timedelta(days=9),
    )  # fmt: skip
    on_duty(desk, "police", "leader", post=leader.pk)
    issue_id = desk.dispatched(DOMESTIC_VIOLENCE, lead="police")
    at(30)
    steps = Escalation.objects.filter(issue_id=issue_id, percent=50)
    assert steps and not steps.filter(rank="on_duty").exists(), "as in a gap of the roster"
    assert all(leader.pk not in call.posts for call in Call.objects.filter(issue_id=issue_id))
