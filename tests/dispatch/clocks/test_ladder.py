"""The ladder: whom each step tells, once, in order; what waits for an answer; what is quiet."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from command.people.models import Post
from command.settings.models import Setting
from command.units.models import UnitContact
from dispatch.matter.calls.models import Call
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.issues.models import Issue
from dispatch.reading.clocks import escalation_objects, escalations_of
from realtime.feed.clock import shifted
from realtime.feed.contract import AudienceClass, Pair, Scope
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import DOMESTIC_VIOLENCE, MINUTE, Desk

DAY = timedelta(days=1)


def told(issue_id: UUID, kind: str) -> list[tuple[int, str]]:
    """Percent and rank of what was told of a clock, in order."""
    rows = Escalation.objects.filter(issue_id=issue_id, clock__kind=kind).order_by("told_at", "percent")
    return list(rows.values_list("percent", "rank"))


def facts_of(desk: Desk, name: str) -> list[dict[str, Any]]:
    """The stored facts of a name."""
    return [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.name == name]


def listed(desk: Desk, unit: str, *people: tuple[str, str]) -> list[UUID]:
    """Contacts of a unit in order: a username and a rank each. Their posts."""
    posts = []
    for place, (username, rank) in enumerate(people, start=1):
        post = Post.objects.filter(person_id=desk.built.people[username]).first()
        assert post is not None
        UnitContact.objects.create(unit_id=desk.unit(unit), post=post, rank=rank, place=place)
        posts.append(post.pk)
    return posts


@pytest.mark.mechanism("M85")
def test_a_relay_tells_the_next_contact_the_lead_and_the_head_once_each(desk: Desk) -> None:
    first, second, head = listed(
        desk, "law_enforcement", ("chengguan", "liaison"), ("chengguan2", "deputy"), ("power", "head")
    )
    issue_id = desk.dispatched()
    for minutes, count in ((29, 0), (30, 2), (47, 0), (48, 2), (59, 0), (60, 2), (600, 0)):
        with shifted(minutes * MINUTE):
            assert fire_due() == count, minutes
    assert told(issue_id, "relay_down_order") == [(50, "deputy"), (80, "duty_lead"), (100, "head")]
    of_order = Escalation.objects.filter(issue_id=issue_id, clock__kind="relay_down_order")
    assert list(of_order.order_by("percent").values_list("post_id", flat=True))[::2] == [second, head]
    addressed = {fact.addressed_to for fact in all_facts(desk.built.id) if fact.name == "escalation.raised"}
    assert {f"post:{second}", f"unit:{desk.unit('law_enforcement')}"} <= addressed  # the head's unit: a room reads it
    assert not {f"post:{first}", f"post:{head}"} & addressed


@pytest.mark.mechanism("M85")
def test_every_other_clock_tells_the_unit_at_amber_and_its_head_at_red(desk: Desk) -> None:
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    with shifted(4 * DAY):
        assert fire_due() == 2
    with shifted(5 * DAY):
        assert fire_due() == 2
    for kind in ("handling_order", "handling_issue"):
        assert told(issue_id, kind) == [(80, "unit"), (100, "head")]
    assert not Escalation.objects.filter(ended_at=None).exists()  # only a relay waits for an answer
    assert [fact["body"]["clock"] for fact in facts_of(desk, "order.breached")] == ["handling_order"]
    assert [fact["body"]["clock"] for fact in facts_of(desk, "issue.breached")] == ["handling_issue"]


@pytest.mark.mechanism("M52")
def test_an_issue_that_is_not_dispatched_within_a_day_is_breached(desk: Desk) -> None:
    issue_id = desk.accepted()
    with shifted(DAY):
        assert fire_due() == 2
    breach = facts_of(desk, "issue.breached")[-1]
    assert breach["body"]["clock"] == "dispatch"
    shown = {clock["kind"]: clock for clock in breach["card"]["clocks"]}
    assert shown["dispatch"]["breached_at"] == shown["dispatch"]["due_at"]
    assert told(issue_id, "dispatch") == [(80, "unit"), (100, "head")]


def test_after_an_outage_each_step_is_told_in_order(desk: Desk) -> None:
    issue_id = desk.reported()
    with shifted(3 * DAY):
        assert [fire_due(), fire_due()] == [3, 0]
    names = [fact.name for fact in all_facts(desk.built.id) if not fact.name.startswith("call.")][-5:]
    assert names == [
        "escalation.raised",
        "escalation.raised",
        "report.breached",
        "issue.breached",
        "escalation.raised",
    ]
    assert [fact["card"]["percent"] for fact in facts_of(desk, "escalation.raised")] == [50, 80, 100]
    assert [percent for percent, _ in told(issue_id, "relay_up")] == [50, 80, 100]


def test_a_breached_relay_waits_until_somebody_answers(desk: Desk) -> None:
    issue_id = desk.reported()
    with shifted(60 * MINUTE):
        fire_due()
    waiting = Escalation.objects.get(issue_id=issue_id, ended_at=None)
    assert waiting.percent == 100
    with shifted(70 * MINUTE):
        issues.accept(issue_id, cmd=desk.command("duty1"))
    answered = facts_of(desk, "escalation.answered")
    assert [(fact["object"]["id"], fact["version"], fact["card"]["open"]) for fact in answered] == [
        (str(waiting.pk), 2, False)
    ]
    waiting.refresh_from_db()
    assert waiting.ended_at == Clock.objects.get(issue_id=issue_id, kind="relay_up").stopped_at


def test_an_exercise_is_quiet_and_still_judged(desk: Desk) -> None:
    issue_id = desk.reported()
    Issue.objects.filter(pk=issue_id).update(exercise=True)
    with shifted(60 * MINUTE):
        assert fire_due() == 3
    assert not Escalation.objects.exists()
    assert Clock.objects.get(issue_id=issue_id).breached_at is not None


def test_what_the_centre_set_counts_for_clocks_that_begin_after_it(desk: Desk) -> None:
    before = desk.reported()
    for name, value in (("relay_next_contact_percent", 20), ("relay_lead_percent", 40)):
        Setting.objects.create(centre_id=desk.built.id, name=name, value=value, version=1)
    after = desk.reported()
    with shifted(25 * MINUTE):
        assert fire_due() == 2
    assert (told(before, "relay_up"), len(told(after, "relay_up"))) == ([], 2)


def test_who_may_not_know_of_a_sensitive_issue_is_not_told(desk: Desk) -> None:
    issue_id = desk.reported(DOMESTIC_VIOLENCE)
    with shifted(60 * MINUTE):
        fire_due()
    assert len(escalations_of(issue_id, desk.actor("duty1").scope)) == 5  # its relay up, and its minutes on the scene
    for person in ("leader", "power", "town"):
        assert escalations_of(issue_id, desk.actor(person).scope) == []
    addressed = {fact.addressed_to for fact in all_facts(desk.built.id) if fact.name == "escalation.raised"}
    assert all(token and token.startswith("unit:") for token in addressed)


def test_what_nobody_may_do_to_what_was_told(desk: Desk) -> None:
    desk.reported()
    with shifted(30 * MINUTE):
        fire_due()
    Call.objects.update(escalation=None, kind="danger")  # that it was called for is not what holds it
    with pytest.raises(Exception, match="what_was_told_stays_told"):
        Escalation.objects.all().delete()


def test_a_room_reads_which_unit_a_breached_relay_was_told_to_and_no_post(desk: Desk) -> None:
    (head,) = listed(desk, "duty_desk", ("lead", "head"))
    issue_id = desk.reported(position=desk.inside())
    hidden_id = desk.reported(DOMESTIC_VIOLENCE, position=desk.inside())
    with shifted(60 * MINUTE):
        fire_due()
    wall = Scope((Pair(f"place:{desk.built.root}", AudienceClass.PUBLIC),))
    seen = [found.card for found in escalation_objects(wall, desk.built.id)]
    assert [(card["issue"], card["percent"], card["told"]) for card in seen] == [
        (str(issue_id), 100, {"post": None, "rank": "head", "unit": str(desk.unit("duty_desk"))})
    ]
    assert Escalation.objects.get(issue_id=issue_id, ended_at=None).post_id == head  # on record all the same
    assert escalations_of(hidden_id, wall) == []
    place = Issue.objects.get(pk=issue_id).place
    town = Scope((Pair(f"place:{'/'.join(place.split('/')[:2])}", AudienceClass.PUBLIC),))
    assert [view.card["percent"] for view in escalations_of(issue_id, town)] == [100]  # at its place, no coarser
