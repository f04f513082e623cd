"""An issue in a later round: what an earlier one has left behind decides nothing there."""

from uuid import UUID

import pytest

from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Outcome
from dispatch.matter.orders.models import Order
from dispatch.reading.detail import issue_detail
from dispatch.verbs.amending import Amendment
from gis.grid.models import Cell
from realtime.feed.clock import shifted
from realtime.feed.errors import Conflict
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import GAS_LEAK, MINUTE, Desk, read


def _reopened(desk: Desk, *, unit: str = "police") -> UUID:
    """Closed, reopened, and sent to another unit than the first time."""
    issue_id = desk.closed()
    issues.reopen(issue_id, "又坏了", expected=desk.version(issue_id), cmd=desk.command("lead"))
    issues.dispatch(
        issue_id, desk.unit(unit), reason="改由公安", expected=desk.version(issue_id), cmd=desk.command("duty1")
    )
    return issue_id


def _recall(desk: Desk, issue_id: UUID, unit: str) -> None:
    order = Order.objects.get(issue_id=issue_id, unit_id=desk.unit(unit), state="sent")
    orders.recall(order.pk, "派错了", expected=order.version, cmd=desk.command("duty1"))


def test_a_reopened_issue_whose_new_lead_was_recalled_is_dispatched_anew(desk: Desk) -> None:
    issue_id = _reopened(desk)
    _recall(desk, issue_id, "police")
    detail = issue_detail(issue_id, actor=desk.actor("duty1"))
    assert detail.card["lead"] is None
    assert "redispatch" in detail.open_verbs
    down = Clock.objects.filter(issue_id=issue_id, kind="relay_down_issue").order_by("started_at").last()
    assert down is not None and down.stopped_at is None  # a recall neither stops nor resets it
    issues.redispatch(
        issue_id, desk.unit("housing"), reason="住建", expected=desk.version(issue_id), cmd=desk.command("duty1")
    )
    assert Issue.objects.get(pk=issue_id).responsible_id == desk.unit("housing")


def test_rework_names_orders_of_this_round_only(desk: Desk) -> None:
    issue_id = _reopened(desk, unit="law_enforcement")
    first, second = Order.objects.filter(issue_id=issue_id).order_by("sent_at")
    orders.acknowledge(second.pk, cmd=desk.command("chengguan"))
    desk.feeds_back(second.pk)
    expected = desk.version(issue_id)
    with pytest.raises(Conflict) as refused:
        issues.rework(issue_id, [first.pk, second.pk], "没修好", expected=expected, cmd=desk.command("duty1"))
    assert refused.value.code == "issue.order_of_before"
    issues.rework(issue_id, [second.pk], "没修好", expected=expected, cmd=desk.command("duty1"))
    assert Order.objects.get(pk=first.pk).state == "completed"


def test_a_recall_that_finds_a_breach_answers_with_the_order(desk: Desk) -> None:
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    with shifted(61 * MINUTE):
        answer = orders.recall(order_id, "派错了", expected=1, cmd=desk.command("duty1"))
    told = read(answer)
    assert told["object"] == {"kind": "order", "id": str(order_id)}
    assert told["card"]["state"] == "recalled"


def test_a_reconsidered_issue_shows_the_relay_that_runs(desk: Desk) -> None:
    issue_id = desk.reported()
    desk.declined(issue_id)
    issues.reconsider(issue_id, "查无此事", expected=desk.version(issue_id), cmd=desk.command("lead"))
    clocks = issue_detail(issue_id, actor=desk.actor("duty1")).card["clocks"]
    assert isinstance(clocks, list)
    up = [clock for clock in clocks if isinstance(clock, dict) and clock["kind"] == "relay_up"]
    assert [clock["stopped_at"] for clock in up] == [None]


def test_a_reconsidered_issue_is_not_closed_on_a_withdrawal_of_before(desk: Desk) -> None:
    issue_id = desk.reported()
    issues.withdraw(issue_id, "算了", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    desk.declined(issue_id)
    issues.reconsider(issue_id, "还是要办", expected=desk.version(issue_id), cmd=desk.command("lead"))
    with pytest.raises(Conflict):
        closing = Closing(Outcome.WITHDRAWN, followed_up=False)
        issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("duty1"))


def test_an_issue_is_reconsidered_once(desk: Desk) -> None:
    issue_id = desk.reported()
    desk.declined(issue_id)
    issues.reconsider(issue_id, "确属本区", expected=desk.version(issue_id), cmd=desk.command("lead"))
    desk.declined(issue_id)
    assert "reconsider" not in issue_detail(issue_id, actor=desk.actor("lead")).open_verbs
    with pytest.raises(Conflict) as refused:
        issues.reconsider(issue_id, "再复核", expected=desk.version(issue_id), cmd=desk.command("lead"))
    assert refused.value.code == "issue.reconsidered_before"


def test_who_holds_an_issue_that_is_moved_out_of_its_cell_gives_it_to_the_duty_desk(desk: Desk) -> None:
    """A township's desk does not see what lies elsewhere: it could neither accept nor pass it up."""
    issue_id = desk.reported(by="town", position=desk.inside())
    assert Issue.objects.get(pk=issue_id).responsible_id == desk.unit("township")
    within = Amendment(position=desk.inside(other=True))
    issues.amend(issue_id, within, "位置有误", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=issue_id).responsible_id == desk.unit("township")
    root = Cell.objects.get(centre_id=desk.built.id, tier="district")
    outside = Amendment(cell_id=root.pk)
    issues.amend(issue_id, outside, "跨镇街", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.responsible_id, issue.holder_id) == (desk.unit("duty_desk"), desk.unit("duty_desk"))


def test_merging_an_urgent_issue_neither_stops_nor_resets_its_minutes(desk: Desk) -> None:
    target, source = desk.accepted(), desk.reported(GAS_LEAK)
    began = Clock.objects.get(issue_id=source, kind="on_scene")
    with shifted(MINUTE):
        issues.merge(source, target, None, expected=desk.version(source), cmd=desk.command("duty1"))
    runs = Clock.objects.get(issue_id=target, kind="on_scene", stopped_at=None)
    assert (runs.started_at, runs.due_at) == (began.started_at, began.due_at)
    with shifted(10 * 60 * MINUTE):
        assert fire_due() >= 1
    assert Clock.objects.get(pk=runs.pk).breached_at is not None
