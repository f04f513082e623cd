"""One report lives through the whole loop, and a refused path stays refused."""

import pytest

from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Closing, Outcome
from dispatch.matter.orders.models import Order
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import Desk


def names_of(desk: Desk) -> list[str]:
    """The facts of the loop, in order; access facts of the accounts aside, and calls, which have tests of their own."""
    names = [fact.name for fact in all_facts(desk.built.id)]
    return [name for name in names if name != "access.changed" and not name.startswith("call.")]


def test_from_report_to_closing(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",), position=desk.inside())
    lead, assist = desk.lead(issue_id), desk.order_of(issue_id, "power")
    orders.acknowledge(lead, cmd=desk.command("chengguan"))
    orders.start(lead, expected=2, cmd=desk.command("chengguan"))
    orders.acknowledge(assist, cmd=desk.command("power"))
    desk.feeds_back(assist, by="power")
    desk.feeds_back(lead)
    issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty2"))
    closing = Closing(Outcome.RESOLVED, followed_up=True)
    issues.close(issue_id, closing, expected=desk.version(issue_id), cmd=desk.command("duty2"))

    assert Issue.objects.get(pk=issue_id).state == "closed"
    assert {order.state for order in Order.objects.filter(issue_id=issue_id)} == {"completed"}
    assert names_of(desk) == [
        "issue.reported",
        "report.received",
        "report.relayed_up",
        "issue.accepted",
        "issue.filed",
        "issue.dispatched",
        "order.sent",
        "order.sent",
        "report.shared",
        "order.acknowledged",
        "issue.relayed_down",
        "order.started",
        "issue.handling_started",
        "order.acknowledged",
        "order.fed_back",
        "order.fed_back",
        "issue.fed_back",
        "order.completed",
        "order.completed",
        "issue.verified",
        "report.settled",
        "issue.closed",
    ]


@pytest.mark.mechanism("M79")
def test_a_rework_sends_the_named_orders_back_and_counts(desk: Desk) -> None:
    issue_id = desk.fed_back()
    lead = desk.lead(issue_id)
    issues.rework(issue_id, [lead], "灯还是不亮", expected=desk.version(issue_id), cmd=desk.command("duty1"))
    order, issue = Order.objects.get(pk=lead), Issue.objects.get(pk=issue_id)
    assert (order.state, order.rework_count, order.round) == ("in_handling", 1, 2)
    assert (issue.state, issue.round, issue.responsible_id) == ("in_handling", 2, desk.unit("law_enforcement"))
    desk.feeds_back(lead, text="换了整盏灯。")
    issues.verify(issue_id, expected=desk.version(issue_id), cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=issue_id).state == "verified"
