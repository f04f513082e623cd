"""After a release that makes other cards each open object that has one is told once more. Source: docs/decisions/0025.

The histories here are lived by the real actions, whose cards are written as the release before wrote them.
"""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from django.db import connection, transaction

from assessment.situation.reading import Material, read_material
from command.units.models import Centre, Unit
from dispatch.matter import audiences
from dispatch.matter.aggregate import aggregate as aggregates
from dispatch.matter.call_law import recording
from dispatch.matter.cards import issues as cards
from dispatch.matter.cards import orders as order_cards
from dispatch.matter.cards import reports
from dispatch.matter.cards.clocks import clock_card
from dispatch.matter.clock_law import escalating, fire_due
from dispatch.matter.facts import REDRAWN
from dispatch.matter.issues.models import Drawn, Issue, Redrawing
from dispatch.matter.issues.states import OPEN
from dispatch.matter.orders.models import Forward
from dispatch.matter.returns.states import ReturnGround
from dispatch.reading import detail
from dispatch.reading.flow import flow_today
from dispatch.verbs import redrawing
from dispatch.verbs.redrawing import redraw
from realtime.feed import clock
from realtime.feed.clock import shifted
from realtime.feed.contract import Audience, Json
from realtime.feed.queries import FactRow, all_facts, head
from realtime.feed.verification import verify
from server.duties import DUTIES
from server.reconciliation import reconcile
from server.sources import ROW_SOURCES, SNAPSHOT_SOURCES
from tests.dispatch import order_verbs as orders
from tests.dispatch.clocks.rows import changed, stale_cards
from tests.dispatch.clocks.test_following import DAY, suspended
from tests.dispatch.desk import MINUTE, NOISE, Desk, make_desk
from tests.dispatch.rivals import Rival, at_once, split


@contextmanager
def the_release_before() -> Iterator[None]:
    """Cards are written as it wrote them: clocks without id, `amber_at` and light, forwards without their clock.

    Requests and escalations, which have no clock, without `number`.
    """
    own = order_cards._forward_card

    def former(one: Any) -> dict[str, Json]:
        return {name: value for name, value in clock_card(one).items() if name not in ("id", "amber_at", "light")}

    def without(make: Any, field: str) -> Any:
        return lambda *args: {name: value for name, value in make(*args).items() if name != field}

    with (
        patch.object(cards, "clock_card", former),
        patch.object(reports, "clock_card", former),
        patch.object(order_cards, "clock_card", former),
        patch.object(order_cards, "_forward_card", without(own, "clock")),
        patch.object(aggregates, "request_card", without(aggregates.request_card, "number")),
        patch.object(escalating, "escalation_card", without(escalating.escalation_card, "number")),
        patch.object(recording, "call_card", without(recording.call_card, "number")),
    ):
        yield


@pytest.fixture(autouse=True)
def _a_worker_begins() -> Iterator[None]:
    """Each test is a process of its own."""
    redrawing.ask_once.cache_clear()
    yield
    redrawing.ask_once.cache_clear()


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """Days that the release before lived, with what it leaves open and closed; no worker of ours has begun yet."""
    with the_release_before():
        with shifted(-9 * DAY):
            desk = make_desk()
            desk.closed()
            desk.dispatched()  # nobody acknowledges it: breached since
        with shifted(-5 * DAY):
            fire_due()
            resting = desk.dispatched()
            orders.acknowledge(desk.lead(resting), cmd=desk.command("chengguan"))
        with shifted(-2 * DAY):
            fire_due()
            changed(desk, resting, suspended(20))
        with shifted(-50 * MINUTE):
            fire_due()
            passed_on = desk.dispatched(NOISE, lead="township", assists=("power",), position=desk.inside())
            order = desk.order_of(passed_on, "township")
            taker = Unit.objects.get(centre_id=desk.built.id, kind="community_centre").pk
            orders.forward(order, taker, expected=1, cmd=desk.command("town"))
            orders.request_return(
                desk.order_of(passed_on, "power"), ReturnGround.NOT_OUR_DUTY, None, "不归我们", expected=1,
                cmd=desk.command("power"),
            )  # fmt: skip
        for _ in range(3):
            desk.reported()
        fire_due()
    return desk


def redrawn(desk: Desk) -> list[FactRow]:
    """The facts that tell another shape."""
    return [fact for fact in all_facts(desk.built.id) if fact.name.endswith(".redrawn")]


def open_objects(desk: Desk, sources: Any = SNAPSHOT_SOURCES, who: str = "duty1") -> dict[tuple[str, UUID], Any]:
    """What a fresh snapshot of somebody's holds."""
    scope = desk.actor(who).scope
    return {(one.kind, one.id): (one.version, one.card) for source in sources for one in source(scope, desk.built.id)}


def worker_of_other_code() -> None:
    """A worker begins whose code is other than the one that looked through the cards last."""
    assert Drawn.objects.update(code="of the release before") == 1
    redrawing.ask_once.cache_clear()


def until_done() -> int:
    """As many passes of the duty as it takes."""
    done = 0
    while told := redraw():
        done += told
    return done


def test_snapshot_feed_and_rows_agree_again(desk: Desk) -> None:
    centre = Centre.objects.get(pk=desk.built.id)
    assert stale_cards(desk) != []
    assert reconcile(centre, ROW_SOURCES).differences != []
    was = open_objects(desk)
    until_done()
    assert reconcile(centre, ROW_SOURCES).differences == []
    assert stale_cards(desk) == []
    assert verify(desk.built.id)[1] == []
    told = Counter(fact.object_id for fact in redrawn(desk))
    assert set(told.values()) == {1}
    assert set(told) == {key for _, key in was}
    assert not Redrawing.objects.exists()
    kinds = {fact.name for fact in redrawn(desk)}
    assert kinds == set(REDRAWN)


@pytest.mark.parametrize("who", ["duty1", "chengguan", "town", "leader"])
def test_a_screen_that_was_connected_has_the_new_cards(desk: Desk, who: str) -> None:
    known, at = open_objects(desk, who=who), head(desk.built.id).seq
    scope = desk.actor(who).scope
    assert known
    until_done()
    for fact in all_facts(desk.built.id, after=at):
        audience = json.loads(fact.audience)
        assert audience["before"] is None or audience["before"] == audience["after"]
        if scope.sees(Audience.of_wire(audience["after"])):
            version, _ = known[fact.object_kind, fact.object_id]
            assert fact.version == version + 1
            known[fact.object_kind, fact.object_id] = (fact.version, json.loads(fact.bytes)["card"])
    assert known == open_objects(desk, who=who)


def test_a_kill_in_the_middle_loses_nothing_and_repeats_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrawing, "ISSUES_PER_BATCH", 2)
    record, times = redrawing.record, []

    def killed(*args: Any, **more: Any) -> Any:
        times.append(1)
        if len(times) == 2:
            raise KeyboardInterrupt
        return record(*args, **more)

    monkeypatch.setattr(redrawing, "record", killed)
    with pytest.raises(KeyboardInterrupt):
        redraw()
    first = {fact.object_id for fact in redrawn(desk)}
    assert first
    assert Redrawing.objects.get().after is not None
    until_done()
    assert stale_cards(desk) == []
    assert set(Counter(fact.object_id for fact in redrawn(desk)).values()) == {1}
    assert redraw() == 0


def test_two_workers_at_once_tell_each_object_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redrawing, "ISSUES_PER_BATCH", 1)
    _, failed = split(at_once(until_done, until_done))
    assert failed == []
    until_done()
    assert set(Counter(fact.object_id for fact in redrawn(desk)).values()) == {1}
    assert stale_cards(desk) == []


def test_people_go_on_working_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an action changes between two batches is told by it, and once more where its turn is still to come."""
    monkeypatch.setattr(redrawing, "ISSUES_PER_BATCH", 1)
    monkeypatch.setattr(redrawing, "BATCHES_PER_PASS", 1)
    redraw()
    begun = desk.dispatched()
    ended = desk.closed()
    until_done()
    assert stale_cards(desk) == []
    assert ended not in {fact.object_id for fact in redrawn(desk)}
    assert Issue.objects.get(pk=begun).state == "in_handling"


def test_who_has_looked_through_them_does_not_again(django_assert_num_queries: Any, desk: Desk) -> None:
    until_done()
    with django_assert_num_queries(1):
        assert redraw() == 0
    redrawing.ask_once.cache_clear()  # a worker of the same code
    with django_assert_num_queries(2):
        assert redraw() == 0


def test_other_code_that_makes_the_same_cards_tells_nothing(desk: Desk) -> None:
    until_done()
    was = head(desk.built.id)
    worker_of_other_code()
    assert until_done() == Issue.objects.filter(state__in=OPEN).count() > 0
    assert head(desk.built.id) == was
    assert Drawn.objects.get().code == redrawing.code()


def test_a_field_that_is_computed_otherwise_is_told_where_it_differs(desk: Desk) -> None:
    """The shape is the same: nobody could have seen it there."""
    until_done()
    was = head(desk.built.id).seq
    own = aggregates.issue_card

    def computed(issue: Issue, *args: Any) -> Any:
        return {**own(issue, *args), "urgent": issue.urgent or issue.state == "reported"}

    waiting = set(Issue.objects.filter(state="reported", urgent=False).values_list("pk", flat=True))
    worker_of_other_code()
    with patch.object(aggregates, "issue_card", computed):
        until_done()
        assert stale_cards(desk) == []
    told = [(fact.name, fact.object_id) for fact in all_facts(desk.built.id, after=was)]
    assert sorted(told) == sorted(("issue.redrawn", key) for key in waiting) != []


def test_who_may_see_it_now_is_told_and_who_may_no_longer_is_told_that(desk: Desk) -> None:
    until_done()
    was = head(desk.built.id).seq
    own = audiences.of_report

    def narrower(*args: Any) -> Audience:
        audience = own(*args)
        return Audience.of([token for token in audience.tokens if token.startswith("place:")], audience.audience_class)

    worker_of_other_code()
    with patch.object(audiences, "of_report", narrower):
        until_done()
        assert stale_cards(desk) == []
    told = [json.loads(fact.audience) for fact in all_facts(desk.built.id, after=was) if fact.name == "report.redrawn"]
    assert told != []
    assert all(set(audience["before"]["tokens"]) > set(audience["after"]["tokens"]) for audience in told)


def test_code_is_what_a_card_may_be_made_by(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Any Python file of this floor and those below: a change of it, one more, another name."""

    def code() -> str:
        redrawing.code.cache_clear()
        return redrawing.code()

    floor = tmp_path / "floor"
    (floor / "cards").mkdir(parents=True)
    (floor / "cards" / "issues.py").write_text("OPEN = 1\n", encoding="utf-8")
    monkeypatch.setattr(redrawing, "_FLOORS", [SimpleNamespace(__path__=[str(floor)])])
    codes = [code()]
    (floor / "cards" / "issues.py").write_text("OPEN = 2\n", encoding="utf-8")
    codes.append(code())
    (floor / "cards" / "orders.py").write_text("", encoding="utf-8")
    codes.append(code())
    (floor / "cards" / "orders.py").rename(floor / "orders.py")
    codes.append(code())
    assert len(set(codes)) == 4
    monkeypatch.undo()
    assert len(code()) == 64
    assert code() not in codes


def test_the_worker_does_it() -> None:
    assert redraw in [duty.run for duty in DUTIES]


def test_no_list_of_what_happened_has_it(desk: Desk) -> None:
    before = {issue_id: timeline_of(desk, issue_id) for issue_id in Issue.objects.values_list("pk", flat=True)}
    marked = unseen_rows()
    flow = [step.name for step in flow_today(desk.actor("duty1")).steps]
    until_done()
    assert before == {issue_id: timeline_of(desk, issue_id) for issue_id in before}
    assert unseen_rows() == marked
    assert [step.name for step in flow_today(desk.actor("duty1")).steps] == flow


def timeline_of(desk: Desk, issue_id: UUID) -> list[tuple[str, int]]:
    """What an issue's timeline shows, and where in the feed."""
    found = detail.issue_detail(issue_id, actor=desk.actor("duty1"))
    return [(entry.name, entry.seq) for entry in found.timeline]


def unseen_rows() -> int:
    """How many marks of unseen changes there are."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM unseen_unseenchange")
        return int(cursor.fetchone()[0])


def material(desk: Desk) -> Material:
    """What a report of the last ten days is counted from."""
    return read_material(desk.built.id, desk.built.root, clock.at(None) - timedelta(days=10))


def test_figures_over_the_upgrade_count_each_relay_once(desk: Desk) -> None:
    """A relay that facts of both shapes show is one; a forward whose clock has an id now has not ended by that."""

    def relays() -> list[Any]:
        return sorted(material(desk).relays, key=lambda one: (one.kind, one.started, one.issue))

    def lights(at: float) -> dict[str, Any]:
        return {history.id: shown.light(at) for history in material(desk).histories if (shown := history.at(at))}

    now = clock.at(None).timestamp()
    was, lit = relays(), [lights(now - hours * 3600) for hours in range(0, 220, 5)]
    assert {one.kind for one in was} == {"relay_up", "relay_down_issue", "relay_down_order", "relay_down_forward"}
    until_done()
    assert relays() == was
    assert [lights(now - hours * 3600) for hours in range(0, 220, 5)] == lit
    orders.acknowledge(Forward.objects.get().order_id, cmd=desk.command("community"))
    ended = [one for one in relays() if one.kind == "relay_down_forward"]
    assert [(one.stopped is not None, one.breached) for one in ended] == [(True, False)]
    assert len(relays()) == len(was)


def test_what_is_held_is_waited_for(desk: Desk) -> None:
    """An issue that somebody works on is not passed over: it would never be told."""
    rival = Rival(until_done)
    with transaction.atomic():
        assert Issue.objects.filter(state="in_handling").select_for_update().order_by("pk")[0]
        rival.begins()
        assert rival.thread.is_alive()
    assert rival.ends() is None
    until_done()
    assert stale_cards(desk) == []
