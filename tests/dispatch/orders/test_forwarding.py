"""Forward and take back: who may, what a taker may do, whose clock runs, and what the order's end does to the chain."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction

from command.access import Role
from command.people import actions as people
from command.units.models import Unit
from dispatch.matter.audiences import of_request
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Escalation
from dispatch.matter.custody.models import Hop
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Forward, Order
from dispatch.matter.orders.obligations import open_of_unit
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.reading.detail import issue_detail
from dispatch.reading.orders import orders_in_scope
from dispatch.verbs.declared import ORDER_VERBS
from gis.grid.models import Cell
from realtime.feed.clock import shifted
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion, VersionRequired
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as forwarding
from tests.dispatch import order_verbs as orders
from tests.dispatch import order_verbs as returns
from tests.dispatch.desk import DOMESTIC_VIOLENCE, MINUTE, NOISE, Desk, read

TOWN, COMMUNITY = "town", "community"


def sent(desk: Desk, item: str = NOISE, **more: object) -> tuple[UUID, UUID]:
    """An issue whose lead order the township has, and that order."""
    issue_id = desk.dispatched(item, lead="township", position=desk.inside(), **more)
    return issue_id, desk.order_of(issue_id, "township")


def community_of(desk: Desk) -> UUID:
    """The one community's centre."""
    return Unit.objects.filter(centre_id=desk.built.id, kind="community_centre").order_by("cell_path")[0].pk


def version(order_id: UUID) -> int:
    """Of the order, now."""
    return Order.objects.get(pk=order_id).version


def forwards(desk: Desk, order_id: UUID, taker: UUID | None = None, *, by: str = TOWN) -> None:
    """Somebody forwards the order."""
    forwarding.forward(order_id, taker or community_of(desk), expected=version(order_id), cmd=desk.command(by))


def takes_back(desk: Desk, order_id: UUID, *, by: str = TOWN) -> None:
    """Somebody takes it back."""
    forwarding.take_back(order_id, expected=version(order_id), cmd=desk.command(by))


def verbs(desk: Desk, issue_id: UUID, by: str) -> list[str]:
    """What somebody is offered on the only order of the issue."""
    verbs = issue_detail(issue_id, actor=desk.actor(by)).orders[0].open_verbs
    return [str(verb) for verb in verbs if not ORDER_VERBS[verb].beside]


def relays(issue_id: UUID) -> dict[str, bool]:
    """The relays down of the issue by kind: whether they run."""
    rows = Clock.objects.filter(issue_id=issue_id, kind__startswith="relay_down")
    return {kind: stopped is None for kind, stopped in rows.values_list("kind", "stopped_at")}


@pytest.mark.mechanism("M32")
def test_a_forward_is_a_hop_of_its_own_and_leaves_the_unit_answerable(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    forwards(desk, order_id)
    issue, order, made = Issue.objects.get(pk=issue_id), Order.objects.get(pk=order_id), Forward.objects.get()
    township, community = desk.unit("township"), community_of(desk)
    assert (made.giver_id, made.taker_id, made.step, made.ended_at) == (township, community, 1, None)
    assert (order.state, order.unit_id, order.takers) == ("sent", township, [community])
    assert (issue.responsible_id, issue.holder_id) == (township, community)
    last = Hop.objects.get(issue_id=issue_id, to_at=None)
    assert (last.how, last.holder_id, last.from_at) == ("forward", community, made.sent_at)
    assert relays(issue_id) == {"relay_down_order": True, "relay_down_issue": True, "relay_down_forward": True}
    clock = Clock.objects.get(kind="relay_down_forward")
    assert (clock.forward_id, clock.started_at, clock.allowance) == (made.pk, made.sent_at, timedelta(minutes=60))
    hop = issue_detail(issue_id, actor=desk.actor("duty1")).custody[-1]
    assert (hop.giver, hop.holder, hop.how) == (township, community, "forward")


@pytest.mark.mechanism("M32")
def test_who_takes_it_on_takes_it_on_for_the_unit_and_answers_as_the_unit(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    forwards(desk, order_id)
    card = read(orders.acknowledge(order_id, cmd=desk.command("villager")))["card"]
    assert (card["state"], card["forwards"][0]["acknowledged_at"]) == ("acknowledged", card["acknowledged_at"])
    assert not any(relays(issue_id).values())
    orders.start(order_id, expected=version(order_id), cmd=desk.command("villager"))
    desk.feeds_back(order_id, by="villager")
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.state, issue.responsible_id) == ("fed_back", desk.unit("duty_desk"))
    assert Order.objects.get(pk=order_id).takers == [community_of(desk)]  # it would do the rework


@pytest.mark.mechanism("M32")
def test_it_is_taken_back_until_the_taker_has_acknowledged(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    forwards(desk, order_id)
    takes_back(desk, order_id)
    assert Order.objects.get(pk=order_id).takers == []
    assert Issue.objects.get(pk=issue_id).holder_id == desk.unit("township")
    assert relays(issue_id)["relay_down_forward"] is False and relays(issue_id)["relay_down_order"] is True
    assert list(Hop.objects.filter(issue_id=issue_id).order_by("from_at").values_list("how", flat=True)) == [
        "report",
        "dispatch",
        "forward",
        "take_back",
    ]
    with pytest.raises(NotFound):  # it has left the taker's sight
        orders.acknowledge(order_id, cmd=desk.command("villager"))
    with pytest.raises(Conflict) as nothing:
        takes_back(desk, order_id)
    assert nothing.value.detail == "派遣单没有转办，无可收回。"
    forwards(desk, order_id)
    orders.acknowledge(order_id, cmd=desk.command("villager"))
    with pytest.raises(Conflict, match=r"已于 \d\d:\d\d 签收，不能收回。") as refused:
        takes_back(desk, order_id)
    assert refused.value.code == "order.nothing_to_take_back"


def test_an_order_that_is_worked_on_keeps_its_state_when_it_is_forwarded_and_taken_on(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    orders.acknowledge(order_id, cmd=desk.command(TOWN))
    orders.start(order_id, expected=version(order_id), cmd=desk.command(TOWN))
    forwards(desk, order_id)
    assert verbs(desk, issue_id, "villager") == ["acknowledge"]
    with pytest.raises(Conflict) as refused:
        desk.feeds_back(order_id, by="villager")
    assert refused.value.code == "order.forward_not_acknowledged"
    orders.acknowledge(order_id, cmd=desk.command("villager"))
    made, order = Forward.objects.get(), Order.objects.get(pk=order_id)
    assert made.acknowledged_at is not None and order.state == "in_handling"
    assert order.acknowledged_at is not None and order.acknowledged_at < made.acknowledged_at
    with pytest.raises(Conflict, match=r"已由 .+ 秦岭 于 \d\d:\d\d 签收。"):
        orders.acknowledge(order_id, cmd=desk.command(COMMUNITY))


def test_each_is_offered_what_is_open_to_them(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    assert verbs(desk, issue_id, TOWN) == ["acknowledge", "request_return", "forward"]
    forwards(desk, order_id)
    assert verbs(desk, issue_id, TOWN) == ["acknowledge", "request_return", "take_back"]
    assert verbs(desk, issue_id, "villager") == ["acknowledge"]  # nothing lies below a community
    orders.acknowledge(order_id, cmd=desk.command("villager"))
    assert verbs(desk, issue_id, TOWN) == ["start", "feed_back", "request_return"]
    assert verbs(desk, issue_id, "villager") == ["start", "feed_back"]
    assert verbs(desk, issue_id, "duty1") == ["recall"]
    listed = orders_in_scope(actor=desk.actor("villager"), open_only=True).orders
    assert [(one.id, [str(verb) for verb in one.open_verbs]) for one in listed] == [
        (order_id, ["start", "feed_back", "message", "progress"])
    ]
    assert open_of_unit(community_of(desk)) == 1
    department = desk.dispatched(position=desk.inside())
    assert "forward" not in verbs(desk, department, "chengguan")  # it answers for no place


def test_who_may_not(desk: Desk) -> None:
    _, order_id = sent(desk)
    for who in ("duty1", "lead", "leader"):
        with pytest.raises(Forbidden):
            forwards(desk, order_id, by=who)
    with pytest.raises(NotFound):
        forwards(desk, order_id, by="villager")
    forwards(desk, order_id)
    with pytest.raises(Conflict) as refused:
        forwards(desk, order_id)
    assert refused.value.code == "order.forwarded_on"
    with pytest.raises(Conflict):
        takes_back(desk, order_id, by="villager")  # it gave nothing


def test_it_goes_down_to_a_place_that_answers_and_has_no_order_of_the_issue(desk: Desk) -> None:
    _, order_id = sent(desk)
    for code in ("police", "duty_desk", "township"):
        with pytest.raises(Invalid) as refused:
            forwards(desk, order_id, desk.unit(code))
        assert (refused.value.code, refused.value.field) == ("order.taker_not_below", "taker")
    busy, its_order = sent(desk)
    issues.add_assist(busy, [community_of(desk)], expected=desk.version(busy), cmd=desk.command("duty1"))
    with pytest.raises(Invalid) as refused:
        forwards(desk, its_order)
    assert refused.value.code == "order.unit_has_one"
    forwards(desk, order_id)
    issue_id = Order.objects.get(pk=order_id).issue_id
    with pytest.raises(Invalid) as refused:
        issues.add_assist(issue_id, [community_of(desk)], expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert refused.value.code == "order.unit_has_one"


def test_versions_are_asked_for(desk: Desk) -> None:
    _, order_id = sent(desk)
    for expected, error in ((None, VersionRequired), (7, StaleVersion)):
        with pytest.raises(error):
            forwarding.forward(order_id, community_of(desk), expected=expected, cmd=desk.command(TOWN))
    forwards(desk, order_id)
    for expected, error in ((None, VersionRequired), (1, StaleVersion)):
        with pytest.raises(error):
            forwarding.take_back(order_id, expected=expected, cmd=desk.command(TOWN))


def _recalled(desk: Desk, issue_id: UUID, order_id: UUID) -> None:
    orders.recall(order_id, "派错了", expected=version(order_id), cmd=desk.command("duty1"))


def _returned(desk: Desk, issue_id: UUID, order_id: UUID) -> None:
    ground = ReturnGround.NOT_OUR_DUTY
    returns.request_return(order_id, ground, None, "不属", expected=version(order_id), cmd=desk.command(TOWN))
    request = ReturnRequest.objects.get()
    audience = of_request(request.issue, request.order)
    assert not desk.actor("villager").scope.sees(audience)  # the unit asks, not who has it in hand
    returns.grant(request.pk, None, expected=1, cmd=desk.command("lead"))


def _voided(desk: Desk, issue_id: UUID, order_id: UUID) -> None:
    issues.void(issue_id, "误录", expected=desk.version(issue_id), cmd=desk.command("lead"))


def _answered(desk: Desk, issue_id: UUID, order_id: UUID) -> None:
    orders.acknowledge(order_id, cmd=desk.command(TOWN))
    desk.feeds_back(order_id, by=TOWN)


ENDS: dict[str, tuple[Callable[[Desk, UUID, UUID], None], str]] = {
    "recall": (_recalled, "gone"),
    "granted return": (_returned, "gone"),
    "void": (_voided, "gone"),
    "the unit's own answer": (_answered, "answered"),
}


@pytest.mark.parametrize("how", ENDS)
def test_what_ends_the_order_ends_what_nobody_took_on(desk: Desk, how: str) -> None:
    issue_id, order_id = sent(desk, assists=("power",))
    forwards(desk, order_id)
    act, ending = ENDS[how]
    act(desk, issue_id, order_id)
    assert list(Forward.objects.values_list("ending", flat=True)) == [ending]
    assert relays(issue_id)["relay_down_forward"] is False
    with pytest.raises(NotFound):
        issue_detail(issue_id, actor=desk.actor("villager"))


def test_a_rework_goes_back_to_who_took_it_on(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    forwards(desk, order_id)
    orders.acknowledge(order_id, cmd=desk.command("villager"))
    desk.feeds_back(order_id, by="villager")
    issues.rework(issue_id, [order_id], "没修好", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=issue_id).holder_id == community_of(desk)
    assert "feed_back" in verbs(desk, issue_id, "villager") and "feed_back" in verbs(desk, issue_id, TOWN)


def test_a_suspension_leaves_it_as_it_is_and_pauses_no_relay(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    forwards(desk, order_id)
    until = Issue.objects.get(pk=issue_id).last_at + timedelta(days=3)
    issues.suspend(issue_id, until, "等雨停", expected=desk.version(issue_id), cmd=desk.command("lead"))
    assert relays(issue_id)["relay_down_forward"] is True
    orders.acknowledge(order_id, cmd=desk.command("villager"))
    assert Issue.objects.get(pk=issue_id).holder_id == community_of(desk)


def test_after_an_hour_the_taker_is_told_and_its_breach_stays(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    orders.acknowledge(order_id, cmd=desk.command(TOWN))
    forwards(desk, order_id)
    with shifted(60 * MINUTE):
        fire_due()
        told = Escalation.objects.filter(issue_id=issue_id, clock__kind="relay_down_forward", percent=100)
        assert list(told.values_list("unit_id", flat=True)) == [community_of(desk)]
        assert Clock.objects.get(kind="relay_down_forward").breached_at is not None
        orders.acknowledge(order_id, cmd=desk.command("villager"))
    assert told.get().ended_at is not None


def _below_the_community(desk: Desk) -> UUID:
    """A centre of a grid: what a district may have below its communities."""
    grid = Cell.objects.filter(centre_id=desk.built.id, tier="grid").order_by("path")[0]
    unit = Unit.objects.create(
        centre_id=desk.built.id,
        code="grid_centre",
        name="网格工作站",
        short="网格站",
        kind="community_centre",
        stationing="resident",
        cell_path=grid.path,
    )
    return unit.pk


def test_a_taker_forwards_again_and_an_acknowledgment_below_is_one_for_all_above(desk: Desk) -> None:
    issue_id, order_id = sent(desk)
    below = _below_the_community(desk)
    people.give_post(desk.built.people["housing"], Role.LIAISON, below, None, cmd=desk.command("admin"))
    forwards(desk, order_id)
    assert verbs(desk, issue_id, "villager") == ["acknowledge", "forward"]
    forwards(desk, order_id, below, by="villager")
    assert Issue.objects.get(pk=issue_id).holder_id == below
    takes_back(desk, order_id)  # the township's own: what hung below it goes too
    assert Order.objects.get(pk=order_id).takers == []
    forwards(desk, order_id)
    forwards(desk, order_id, below, by="villager")
    orders.acknowledge(order_id, cmd=desk.command("housing"))
    assert Forward.objects.filter(ended_at=None, acknowledged_at=None).count() == 0
    assert not any(relays(issue_id).values())


def test_what_is_sensitive_is_the_takers_too_and_nobody_elses(desk: Desk) -> None:
    issue_id, order_id = sent(desk, DOMESTIC_VIOLENCE)
    forwards(desk, order_id)
    assert issue_detail(issue_id, actor=desk.actor("villager")).id == issue_id
    for who in ("leader", "power", "grid1"):
        with pytest.raises(NotFound):
            issue_detail(issue_id, actor=desk.actor(who))
    takes_back(desk, order_id)
    with pytest.raises(NotFound):
        issue_detail(issue_id, actor=desk.actor("villager"))


REFUSED: dict[str, tuple[str, Callable[[Desk, UUID], object]]] = {
    "a second chain": (
        "order_has_one_live_forward_chain|forward_comes_from",
        lambda desk, order_id: _row(desk, order_id, step=1),
    ),
    "a step from nobody": ("forward_comes_from_who_has_the_order", lambda desk, order_id: _row(desk, order_id, step=3)),
    "upwards": (
        "forward_goes_to_a_place_below",
        lambda desk, order_id: _row(desk, order_id, giver=community_of(desk), taker=desk.unit("township"), step=2),
    ),
    "another time": ("forward_stays_as_it_was", lambda desk, order_id: Forward.objects.update(by="person:x")),
    "removal": ("forward_stays_as_it_was", lambda desk, order_id: Forward.objects.all()._raw_delete("default")),
    "takers without forwards": ("order_names_its_takers", lambda desk, order_id: Order.objects.update(takers=[])),
    "an end without a word": (
        "forward_ended_says_when_and_why",
        lambda desk, order_id: Forward.objects.update(ending="gone"),
    ),
    "a clock of another order": (
        "clock_of_a_forward_names_it",
        lambda desk, order_id: Clock.objects.filter(kind="relay_down_order").update(forward=Forward.objects.get()),
    ),
}


def _row(desk: Desk, order_id: UUID, *, step: int, giver: UUID | None = None, taker: UUID | None = None) -> None:
    first = Forward.objects.get()
    Forward.objects.create(
        order_id=order_id,
        step=step,
        giver_id=giver or desk.unit("township"),
        taker_id=taker or community_of(desk),
        sent_at=first.sent_at,
        by="person:x",
    )


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(desk: Desk, what: str) -> None:
    _, order_id = sent(desk)
    forwards(desk, order_id)
    name, act = REFUSED[what]
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act(desk, order_id)


def test_what_was_acknowledged_is_not_taken_back_by_the_database_either(desk: Desk) -> None:
    _, order_id = sent(desk)
    forwards(desk, order_id)
    orders.acknowledge(order_id, cmd=desk.command("villager"))
    at = Forward.objects.get().acknowledged_at
    with pytest.raises(IntegrityError, match="what_was_acknowledged_is_not_taken_back"), transaction.atomic():
        Forward.objects.update(ending="taken_back", ended_at=at)
