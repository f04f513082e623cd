"""The named receiver of an order (指定接收人) is called first, then everybody as without one.

Source: docs/rules.md, "Calls".
"""

import json
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction

from command.duty.queries import receivers
from command.duty.scope import must_know_who_receives
from command.people.models import Person, Post
from command.settings.models import Setting
from dispatch.matter.orders.models import Forward, Order
from dispatch.reading.calls import calls_of
from realtime.feed import clock
from realtime.feed.errors import Invalid, NotFound
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.calls.called import answers, at, contacts, post_of, the_call
from tests.dispatch.calls.test_duty import absent, on_duty
from tests.dispatch.clocks.rows import stale_cards
from tests.dispatch.desk import DOMESTIC_VIOLENCE, NOISE, Desk


def dispatched(desk: Desk, *receivers: str, lead: str = "law_enforcement", item: str = "1901") -> UUID:
    """An issue whose order names receivers, with an assist of 住建局."""
    issue_id = desk.filed(item)
    posts = [post_of(desk, name) for name in receivers]
    issues.dispatch(
        issue_id, desk.unit(lead), [desk.unit("housing")], reason="按职责分工", receivers=posts,
        expected=desk.version(issue_id), cmd=desk.command("duty1"),
    )  # fmt: skip
    return issue_id


def call_for(desk: Desk, issue_id: UUID, unit: str = "law_enforcement") -> list[tuple[int, str]]:
    """Whom the call of a unit's order has called."""
    order = desk.order_of(issue_id, unit)
    [view] = [one for one in calls_of(issue_id, actor=desk.actor("duty1")) if one.card["order"] == str(order)]
    names = {post_of(desk, name): name for name in desk.built.people}
    return sorted((one.rung, names[one.post]) for one in view.attempts)


@pytest.mark.mechanism("M75")
def test_the_named_receiver_is_called_first_then_the_rest_as_without_one(desk: Desk) -> None:
    contacts(desk, "law_enforcement", ("chengguan", "liaison"), ("power", "deputy"), ("leader", "head"))
    issue_id = dispatched(desk, "chengguan2", "housing")
    order = Order.objects.get(pk=desk.lead(issue_id))
    assert order.receiver_id == post_of(desk, "chengguan2")
    assert call_for(desk, issue_id) == [(1, "chengguan2")]
    assert call_for(desk, issue_id, "housing") == [(1, "housing")]
    at(4.9, timer=False)
    assert call_for(desk, issue_id) == [(1, "chengguan2")]
    at(5, timer=False)
    assert call_for(desk, issue_id) == [(1, "chengguan2"), (2, "chengguan")]
    at(15, timer=False)
    assert call_for(desk, issue_id) == [(1, "chengguan2"), (2, "chengguan"), (3, "power")]
    told = [json.loads(fact.bytes) for fact in all_facts(desk.built.id) if fact.name == "order.sent"]
    assert {fact["card"]["receiver"] for fact in told} == {
        str(post_of(desk, "chengguan2")),
        str(post_of(desk, "housing")),
    }
    assert "贺敏" not in json.dumps(told, ensure_ascii=False), "the post's id, never a name"
    assert not stale_cards(desk)


@pytest.mark.mechanism("M75")
def test_any_liaison_may_acknowledge_and_the_sender_hears_who_did(desk: Desk) -> None:
    issue_id = dispatched(desk, "chengguan2")
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    [view] = [
        one for one in calls_of(issue_id, actor=desk.actor("duty1")) if one.card["order"] == str(desk.lead(issue_id))
    ]
    assert view.card["state"] == "answered"
    assert view.card["answered_by"] == {
        "post": str(post_of(desk, "chengguan")), "role": "liaison", "unit": str(desk.unit("law_enforcement")),
    }  # fmt: skip


def test_who_is_on_duty_comes_after_the_named_receiver(desk: Desk) -> None:
    on_duty(desk, "law_enforcement", "chengguan")
    issue_id = dispatched(desk, "chengguan2")
    assert call_for(desk, issue_id) == [(1, "chengguan2")]
    at(5, timer=False)
    assert call_for(desk, issue_id) == [(1, "chengguan2"), (2, "chengguan")]


def test_a_receiver_who_is_absent_is_as_none(desk: Desk) -> None:
    absent(desk, "law_enforcement", "chengguan2")
    issue_id = dispatched(desk, "chengguan2")
    assert the_call(issue_id).rank == "liaison"
    assert call_for(desk, issue_id) == [(1, "chengguan"), (1, "chengguan2")], "all liaisons, as without a roster"


@pytest.mark.parametrize("ended", [True, False])
def test_who_no_longer_answers_cannot_be_named(desk: Desk, ended: bool) -> None:
    post = Post.objects.filter(pk=post_of(desk, "chengguan2"))
    if ended:
        post.update(active_until=clock.at(None))
    else:
        Person.objects.filter(pk=desk.built.people["chengguan2"]).update(is_active=False)
    with pytest.raises(Invalid) as refused:
        dispatched(desk, "chengguan2")
    assert (refused.value.code, refused.value.field) == ("order.receiver_not_of_unit", "receivers.0")


def test_a_forward_has_a_receiver_of_its_own(desk: Desk) -> None:
    issue_id = desk.dispatched(NOISE, lead="township", position=desk.inside())
    lead = desk.lead(issue_id)
    taker = Order.objects.get(pk=lead).issue.centre.units.get(kind="community_centre").pk
    villager = post_of(desk, "villager")
    orders.forward(lead, taker, receivers=[villager], expected=1, cmd=desk.command("town"))
    call = the_call(issue_id, "forwarded_order")
    assert (call.posts, call.rank) == ([villager], "receiver")
    assert Forward.objects.get(order=lead).receiver_id == villager
    assert not stale_cards(desk)


def test_later_orders_name_theirs_and_a_rework_keeps_it(desk: Desk) -> None:
    issue_id = desk.dispatched()
    post = post_of(desk, "power")
    issues.add_assist(
        issue_id, [desk.unit("power")], receivers=[post], expected=desk.version(issue_id), cmd=desk.command("duty1")
    )
    assert Order.objects.get(pk=desk.order_of(issue_id, "power")).receiver_id == post
    orders.recall(desk.lead(issue_id), "换单位", expected=1, cmd=desk.command("duty1"))
    issues.redispatch(
        issue_id, desk.unit("law_enforcement"), reason="按职责分工", receivers=[post_of(desk, "chengguan2")],
        expected=desk.version(issue_id), cmd=desk.command("duty1"),
    )  # fmt: skip
    lead = Order.objects.get(issue_id=issue_id, role="lead", state="sent")
    orders.acknowledge(lead.pk, cmd=desk.command("chengguan"))
    desk.feeds_back(lead.pk)
    issues.rework(issue_id, [lead.pk], "没修好", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert Order.objects.get(pk=lead.pk).receiver_id == post_of(desk, "chengguan2")


@pytest.mark.parametrize(
    ("receivers", "code", "field"),
    [
        (("power",), "order.receiver_not_of_unit", "receivers.0"),  # another unit
        (("chengguan", "duty1"), "order.receiver_not_of_unit", "receivers.1"),  # the desk's own
        (("leader",), "order.receiver_not_of_unit", "receivers.0"),  # no liaison
        (("chengguan", "chengguan2"), "order.receiver_twice", "receivers.1"),
        (("chengguan", "chengguan"), "order.receiver_twice", "receivers.1"),
    ],
)
def test_who_cannot_receive_is_refused(desk: Desk, receivers: tuple[str, ...], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        dispatched(desk, *receivers)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_database_refuses_a_receiver_of_another_unit(desk: Desk) -> None:
    issue_id = desk.dispatched()
    with pytest.raises(IntegrityError, match="receiver_is_of_the_orders_unit"), transaction.atomic():
        Order.objects.filter(pk=desk.lead(issue_id)).update(receiver=post_of(desk, "power"))


def test_a_sensitive_or_urgent_matter_rings_the_receiver_first_too(desk: Desk) -> None:
    Setting.objects.create(centre_id=desk.built.id, name="call_receiver_wait_min", value=9, version=1)
    police = post_of(desk, "police")
    for item, wait in ((NOISE, 9), (DOMESTIC_VIOLENCE, 3)):
        issue_id = desk.filed(item)
        issues.dispatch(
            issue_id, desk.unit("police"), reason="按职责分工", receivers=[police],
            expected=desk.version(issue_id), cmd=desk.command("duty1"),
        )  # fmt: skip
        call = the_call(issue_id)
        assert (call.posts, call.rank) == ([police], "receiver")
        assert call.next_at is not None and (call.next_at - call.called_at).total_seconds() == wait * 60
    answers(desk, call, "police")


def test_who_can_be_named_is_told_to_desk_unit_and_those_above_it_alone(desk: Desk) -> None:
    """A department has no place; a community lies under its township. Who is on duty is first, who is absent last."""
    on_duty(desk, "law_enforcement", "chengguan2")
    absent(desk, "law_enforcement", "chengguan")
    unit, community = desk.unit("law_enforcement"), desk.unit_of("villager")
    found = receivers(unit)
    assert [(one.name, one.on_duty_until is None, one.absent_until is None) for one in found] == [
        ("贺敏", False, True),
        (Person.objects.get(pk=desk.built.people["chengguan"]).name, True, False),
    ]
    may = {
        unit: ["duty1", "lead", "admin", "chengguan"],
        community: ["duty1", "town", "villager"],
        desk.unit("township"): ["duty1", "town"],
    }
    for asked, known in may.items():
        for name in ("duty1", "lead", "admin", "chengguan", "power", "town", "villager"):
            actor = desk.actor(name)
            if name in known or name in ("lead", "admin"):
                must_know_who_receives(actor, asked)
            else:
                with pytest.raises(NotFound):
                    must_know_who_receives(actor, asked)
    with pytest.raises(NotFound):
        must_know_who_receives(desk.actor("duty1"), uuid4())
