"""What a unit does with its order, and each refusal."""

from uuid import UUID, uuid4

import pytest

from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Feedback, Order, Result
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion, VersionRequired
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import Desk, read


def start(desk: Desk, order_id: UUID, expected: int | None, by: str = "chengguan") -> None:
    """Begin handling."""
    orders.start(order_id, expected=expected, cmd=desk.command(by))


def test_acknowledge_ends_both_relays_down(desk: Desk) -> None:
    issue_id = desk.dispatched()
    answer = read(orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan")))
    assert answer["object"] == {"id": str(desk.lead(issue_id)), "kind": "order"}
    assert answer["card"]["acknowledged_at"] == answer["card"]["clock"]["stopped_at"]
    down = Clock.objects.filter(issue_id=issue_id, kind__startswith="relay_down")
    assert {clock.stopped_at for clock in down} == {Order.objects.get().acknowledged_at}
    assert desk.version(issue_id) == 5  # reported, accepted, filed, dispatched, relayed down


def test_an_assist_ends_its_own_relay_only(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    before = desk.version(issue_id)
    orders.acknowledge(desk.order_of(issue_id, "power"), cmd=desk.command("power"))
    relays = Clock.objects.filter(issue_id=issue_id, stopped_at=None, kind__startswith="relay")
    assert sorted(relays.values_list("kind", "order__role")) == [
        ("relay_down_issue", None),
        ("relay_down_order", "lead"),
    ]
    assert desk.version(issue_id) == before


def test_an_order_of_another_unit_does_not_exist(desk: Desk, other_desk: Desk) -> None:
    order_id = desk.lead(desk.dispatched(assists=("power",)))
    for cmd in (desk.command("power"), desk.command("police"), other_desk.command("o_chengguan")):
        with pytest.raises(NotFound):
            orders.acknowledge(order_id, cmd=cmd)
    with pytest.raises(NotFound):
        orders.acknowledge(uuid4(), cmd=desk.command("chengguan"))


@pytest.mark.parametrize("username", ["duty1", "lead", "leader"])
def test_who_sees_an_order_of_another_unit_may_still_not_act_on_it(desk: Desk, username: str) -> None:
    order_id = desk.lead(desk.dispatched())
    with pytest.raises(Forbidden):
        orders.acknowledge(order_id, cmd=desk.command(username))
    with pytest.raises(Forbidden):
        start(desk, order_id, 1, username)
    with pytest.raises(Forbidden):
        desk.feeds_back(order_id, by=username)


def test_a_second_acknowledgment_is_told_who_was_first_and_when(desk: Desk) -> None:
    order_id = desk.lead(desk.dispatched())
    orders.acknowledge(order_id, cmd=desk.command("chengguan"))
    with pytest.raises(Conflict, match=r"已由 综合执法局 魏立新 于 \d\d:\d\d 签收。") as refused:
        orders.acknowledge(order_id, cmd=desk.command("chengguan2"))
    assert refused.value.extra["open"] == ["start", "feed_back", "request_return", "message", "progress"]
    start(desk, order_id, 2)
    with pytest.raises(Conflict, match="已由 综合执法局 魏立新 于"):  # later too: who acknowledged, not who came last
        orders.acknowledge(order_id, cmd=desk.command("chengguan2"))


def test_start_and_feed_back_want_the_version_that_was_seen(desk: Desk) -> None:
    order_id = desk.lead(desk.dispatched())
    orders.acknowledge(order_id, cmd=desk.command("chengguan"))
    with pytest.raises(VersionRequired):
        start(desk, order_id, None)
    with pytest.raises(StaleVersion):
        start(desk, order_id, 1)
    start(desk, order_id, 2)
    with pytest.raises(StaleVersion):
        orders.feed_back(order_id, Result.HANDLED, "好", expected=2, cmd=desk.command("chengguan"))
    orders.feed_back(order_id, Result.HANDLED, "好", expected=3, cmd=desk.command("chengguan"))


def test_a_verb_in_the_wrong_state_says_what_is_open(desk: Desk) -> None:
    order_id = desk.lead(desk.dispatched())
    with pytest.raises(Conflict) as refused:
        start(desk, order_id, 1)
    assert refused.value.detail == "派遣单为「待签收」，不能开始处置。"
    assert refused.value.remedy == "当前可以：签收、申请退单、留言。"
    assert refused.value.extra["open"] == ["acknowledge", "request_return", "message"]


def test_feed_back_puts_the_issue_before_the_desk(desk: Desk) -> None:
    issue_id = desk.fed_back()
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.state, issue.responsible_id) == ("fed_back", desk.unit("duty_desk"))
    answer = Feedback.objects.get()
    assert (answer.result, answer.by) == ("handled", f"person:{desk.built.people['chengguan']}")


def test_an_assists_answer_leaves_the_issue_as_it_is(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    assist = desk.order_of(issue_id, "power")
    orders.acknowledge(assist, cmd=desk.command("power"))
    before = desk.version(issue_id)
    desk.feeds_back(assist, by="power")
    assert (Issue.objects.get(pk=issue_id).state, desk.version(issue_id)) == ("in_handling", before)


@pytest.mark.parametrize("text", ["", " \n ", "字" * 2001])
def test_an_answer_needs_words(desk: Desk, text: str) -> None:
    order_id = desk.lead(desk.dispatched())
    orders.acknowledge(order_id, cmd=desk.command("chengguan"))
    with pytest.raises(Invalid) as refused:
        desk.feeds_back(order_id, text=text)
    assert refused.value.field == "text"
