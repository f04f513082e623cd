"""By when somebody is at an urgent issue's place: one promise a round, kept or breached once, whatever verb comes."""

from datetime import timedelta
from uuid import UUID

import pytest

from command.catalogue.models import CatalogueItem
from dispatch.matter.aggregate.aggregate import Aggregate
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.verbs.amending import Amendment
from realtime.feed.clock import shifted
from realtime.feed.errors import Forbidden
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import changed, clock_of, running, stale_cards
from tests.dispatch.desk import GAS_LEAK, MINUTE, Desk

HOUR = timedelta(hours=1)


@pytest.mark.mechanism("M37")
def test_an_urgent_item_gives_minutes_until_somebody_comes(desk: Desk) -> None:
    issue_id = desk.dispatched(GAS_LEAK)
    issue = Issue.objects.get(pk=issue_id)
    assert issue.urgent
    assert issue.accepted_at is not None and issue.accepted_at > issue.reported_at  # how long it waited is stored
    clock = clock_of(issue_id, "on_scene")
    assert clock.started_at == Issue.objects.get(pk=issue_id).reported_at
    assert clock.allowance in {timedelta(minutes=minutes) for minutes in (15, 20, 30, 45, 60)}
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    assert "on_scene" in running(issue_id)
    version = desk.version(issue_id)
    orders.start(desk.lead(issue_id), expected=2, cmd=desk.command("chengguan"))
    assert "on_scene" not in running(issue_id)
    assert desk.version(issue_id) == version + 1  # the issue's card showed it


def test_an_issue_that_is_not_urgent_after_all_is_not_judged_by_minutes(desk: Desk) -> None:
    issue_id = desk.accepted(GAS_LEAK)

    def calm(aggregate: Aggregate) -> None:
        aggregate.issue.urgent = False

    changed(desk, issue_id, calm)
    clock = clock_of(issue_id, "on_scene")
    assert (clock.stopped_at is not None, clock.uncounted) == (True, True)


def test_a_breach_on_scene_stays_counted_when_urgent_is_amended_away(desk: Desk) -> None:
    issue_id = desk.accepted(GAS_LEAK)
    with shifted(2 * HOUR):
        asked = Amendment(urgent=False)
        issues.amend(issue_id, asked, "不急", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    clock = clock_of(issue_id, "on_scene")
    assert (clock.breached_at, clock.uncounted) == (clock.due_at, False)


def test_minutes_on_scene_that_nobody_kept_count_neither_when_declined_nor_when_merged(desk: Desk) -> None:
    """Declined: nobody has to come. Merged: the target's clock judges. In neither was anybody there in time."""
    declined, merged, target = desk.reported(GAS_LEAK), desk.reported(GAS_LEAK), desk.accepted()
    expected = desk.version(declined)
    issues.decline(declined, Ground.NOT_IN_JURISDICTION, "属邻县", expected=expected, cmd=desk.command("lead"))
    issues.merge(merged, target, None, expected=desk.version(merged), cmd=desk.command("duty1"))
    for issue_id in (declined, merged):
        clock = clock_of(issue_id, "on_scene")
        assert (clock.stopped_at is not None, clock.uncounted) == (True, True)
    assert "on_scene" in running(target)


@pytest.mark.parametrize("end", ["declined", "merged"])
def test_a_breach_on_scene_stays_counted_whatever_ends_the_issue(desk: Desk, end: str) -> None:
    issue_id, target = desk.reported(GAS_LEAK), desk.accepted()
    with shifted(2 * HOUR):
        assert fire_due() >= 1
        if end == "declined":
            ground, expected = Ground.NOT_IN_JURISDICTION, desk.version(issue_id)
            issues.decline(issue_id, ground, "属邻县", expected=expected, cmd=desk.command("lead"))
        else:
            issues.merge(issue_id, target, None, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    clock = clock_of(issue_id, "on_scene")
    assert (clock.breached_at, clock.uncounted) == (clock.due_at, False)


@pytest.mark.parametrize("answers", [False, True])
def test_an_assist_that_comes_too_late_stops_the_minutes_on_the_issues_card(desk: Desk, answers: bool) -> None:
    issue_id = desk.dispatched(GAS_LEAK, assists=("power",))
    assist = desk.order_of(issue_id, "power")
    orders.acknowledge(assist, cmd=desk.command("power"))
    with shifted(HOUR):
        if answers:
            desk.feeds_back(assist, by="power")
        else:
            orders.start(assist, expected=2, cmd=desk.command("power"))
    clock = clock_of(issue_id, "on_scene")
    assert clock.breached_at and clock.stopped_at
    assert not stale_cards(desk)


def _minutes(item: str, minutes: int) -> None:
    """The catalogue's minutes of an urgent item."""
    CatalogueItem.objects.filter(code=item).update(on_scene_within_min=minutes)


@pytest.mark.parametrize("first", ["source", "target"])
def test_a_merge_keeps_the_earlier_time_by_which_somebody_comes(desk: Desk, first: str) -> None:
    _minutes(GAS_LEAK, 40)
    early = desk.reported(GAS_LEAK)
    with shifted(30 * MINUTE):
        late = desk.reported(GAS_LEAK)
        source, target = (early, late) if first == "source" else (late, early)
        promised = clock_of(early, "on_scene").due_at
        issues.accept(target, cmd=desk.command("duty1"))
        issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
        assert not stale_cards(desk)
    runs = Clock.objects.get(issue_id=target, kind="on_scene", stopped_at=None)
    assert runs.due_at == promised
    stopped = Clock.objects.filter(kind="on_scene").exclude(pk=runs.pk)
    assert {clock.uncounted for clock in stopped} == {True}
    with shifted(2 * HOUR):
        while fire_due():
            pass
    assert Clock.objects.filter(kind="on_scene", breached_at__isnull=False).count() == 1


def test_minutes_that_are_breached_are_not_counted_again_where_the_issue_is_merged(desk: Desk) -> None:
    source, target = desk.reported(GAS_LEAK), desk.accepted()
    with shifted(2 * HOUR):
        fire_due()
        issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
    with shifted(5 * HOUR):
        fire_due()
    breached = Clock.objects.filter(kind="on_scene", breached_at__isnull=False)
    assert [clock.issue_id for clock in breached] == [source]


def _amends(desk: Desk, issue_id: UUID, *, urgent: bool) -> None:
    asked = Amendment(urgent=urgent)
    issues.amend(issue_id, asked, "看错了", expected=desk.version(issue_id), cmd=desk.command("duty1"))


def test_who_amends_urgent_away_and_back_gains_no_time(desk: Desk) -> None:
    _minutes(GAS_LEAK, 40)
    issue_id = desk.accepted(GAS_LEAK)
    first = clock_of(issue_id, "on_scene")
    with shifted(10 * MINUTE):
        _amends(desk, issue_id, urgent=False)
    with shifted(30 * MINUTE):
        _amends(desk, issue_id, urgent=True)
    again = Clock.objects.get(issue_id=issue_id, kind="on_scene", stopped_at=None)
    assert again.pk != first.pk
    assert (again.started_at, again.due_at) == (first.started_at, first.due_at)
    with shifted(50 * MINUTE):
        fire_due()
        _amends(desk, issue_id, urgent=False)
        _amends(desk, issue_id, urgent=True)
        issues.file(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert "on_scene" not in running(issue_id)  # it was judged, once
    both = Clock.objects.filter(issue_id=issue_id, kind="on_scene").order_by("card_id")
    assert [clock.breached_at for clock in both] == [
        None,
        first.due_at,
    ]


def test_who_amends_urgent_away_may_not_decline_then(desk: Desk) -> None:
    issue_id = desk.reported(GAS_LEAK)
    _amends(desk, issue_id, urgent=False)
    with pytest.raises(Forbidden):
        desk.declined(issue_id)
    other = desk.reported()
    _amends(desk, other, urgent=True)
    _amends(desk, other, urgent=False)
    with pytest.raises(Forbidden):
        desk.declined(other)
    expected, cmd = desk.version(issue_id), desk.command("lead")
    issues.decline(issue_id, Ground.NOT_IN_JURISDICTION, "属邻县", expected=expected, cmd=cmd)
