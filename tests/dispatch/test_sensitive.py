"""What is sensitive is received where somebody may see it, and stays hidden from who had to do with it before."""

from uuid import UUID

import orjson
import pytest

from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.reading.orders import orders_in_scope
from dispatch.verbs.amending import Amendment
from realtime.feed.contract import Audience
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk


def _amended(desk: Desk, issue_id: UUID) -> None:
    asked = Amendment(item=DOMESTIC_VIOLENCE)
    issues.amend(issue_id, asked, "实为家暴", expected=desk.version(issue_id), cmd=desk.command("duty1"))


@pytest.mark.parametrize("by", ["town", "grid1"])
def test_a_sensitive_report_is_held_by_the_duty_desk_from_the_first(desk: Desk, by: str) -> None:
    issue_id = desk.reported(DOMESTIC_VIOLENCE, by=by, position=desk.inside())
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.responsible_id, issue.holder_id) == (desk.unit("duty_desk"), desk.unit("duty_desk"))


def test_what_turns_out_to_be_sensitive_comes_to_the_duty_desk(desk: Desk) -> None:
    issue_id = desk.reported(by="town", position=desk.inside())
    assert Issue.objects.get(pk=issue_id).responsible_id == desk.unit("township")
    _amended(desk, issue_id)
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.responsible_id, issue.holder_id) == (desk.unit("duty_desk"), desk.unit("duty_desk"))


def test_a_unit_whose_order_was_taken_back_learns_nothing_of_what_is_sensitive(desk: Desk) -> None:
    issue_id = desk.dispatched(position=desk.inside())
    order = Order.objects.get(issue_id=issue_id)
    orders.recall(order.pk, "派错了", expected=order.version, cmd=desk.command("duty1"))
    _amended(desk, issue_id)
    unit = desk.actor("chengguan")
    assert orders_in_scope(actor=unit, open_only=False).orders == ()
    told = [fact for fact in all_facts(desk.built.id) if DOMESTIC_VIOLENCE.encode() in fact.bytes]
    assert told
    assert not [fact.name for fact in told if unit.scope.sees(Audience.of_wire(orjson.loads(fact.audience)["after"]))]
