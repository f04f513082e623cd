"""A unit asks to give its order back, and the duty lead rules. Rules: docs/rules.md, "An order"."""

from uuid import UUID

import pytest

from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from dispatch.reading.detail import issue_detail
from realtime.feed.errors import Conflict, Forbidden, Invalid, NotFound, StaleVersion, VersionRequired
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch import order_verbs as returns
from tests.dispatch.desk import Desk, read

GROUND = ReturnGround.NOT_OUR_DUTY


def ask(desk: Desk, order_id: UUID, by: str = "chengguan", *, unit: UUID | None = None) -> UUID:
    """A request, and its id."""
    expected = Order.objects.get(pk=order_id).version
    cmd = desk.command(by)
    return UUID(
        read(returns.request_return(order_id, GROUND, unit, "灯杆是住建的", expected=expected, cmd=cmd))["object"]["id"]
    )


@pytest.mark.mechanism("M40")
def test_the_unit_stays_responsible_until_the_return_is_granted(desk: Desk) -> None:
    issue_id = desk.dispatched()
    order_id, housing = desk.lead(issue_id), desk.unit("housing")
    request_id = ask(desk, order_id, unit=housing)
    issue = Issue.objects.get(pk=issue_id)
    assert (issue.state, issue.responsible_id) == ("in_handling", desk.unit("law_enforcement"))
    assert Order.objects.get(pk=order_id).state == "acknowledged", "who asks to give it back has received it"

    answer = read(returns.grant(request_id, None, expected=1, cmd=desk.command("lead")))
    assert (answer["card"]["state"], answer["card"]["unit"]) == ("granted", str(housing))
    issue.refresh_from_db()
    assert (issue.state, issue.responsible_id) == ("in_handling", desk.unit("duty_desk"))
    order = Order.objects.get(pk=order_id)
    assert (order.state, order.returned_at) == ("returned", issue.last_at)
    with pytest.raises(NotFound):
        issue_detail(issue_id, actor=desk.actor("chengguan"))  # it is another's matter now
    issues.redispatch(issue_id, housing, reason="灯杆归住建", expected=issue.version, cmd=desk.command("duty1"))
    issue.refresh_from_db()
    assert (issue.state, issue.responsible_id) == ("in_handling", housing)


@pytest.mark.mechanism("M40")
def test_what_was_compelled_binds_and_is_not_asked_again(desk: Desk) -> None:
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    request_id = ask(desk, order_id)
    with pytest.raises(Conflict) as waiting:
        ask(desk, order_id, "chengguan2")
    assert waiting.value.code == "return.asked_before"
    with pytest.raises(Invalid):
        returns.compel(request_id, " ", expected=1, cmd=desk.command("lead"))
    returns.compel(request_id, "权责清单第三条", expected=1, cmd=desk.command("lead"))
    assert Order.objects.get(pk=order_id).state == "acknowledged"
    with pytest.raises(Conflict) as ruled:
        ask(desk, order_id)
    assert ruled.value.extra["state"] == "compelled"
    desk.feeds_back(order_id)
    detail = issue_detail(issue_id, actor=desk.actor("chengguan"))
    assert [(asked.text, asked.ruling, asked.open_verbs) for asked in detail.requests] == [
        ("灯杆是住建的", "权责清单第三条", ())
    ]


def test_nobody_rules_on_an_own_request(desk: Desk) -> None:
    issue_id = desk.dispatched()
    request_id = ask(desk, desk.lead(issue_id))
    ReturnRequest.objects.filter(pk=request_id).update(asked_by=desk.actor("lead").principal)
    for rule in (returns.grant, returns.compel):
        with pytest.raises(Forbidden) as refused:
            rule(request_id, "经研究", expected=1, cmd=desk.command("lead"))
        assert refused.value.code == "return.asked_by_you"


def test_who_may_rule_and_on_which_version(desk: Desk, other_desk: Desk) -> None:
    issue_id = desk.dispatched()
    request_id = ask(desk, desk.lead(issue_id))
    for who, error in (("chengguan", Forbidden), ("duty1", Forbidden), ("housing", NotFound)):
        with pytest.raises(error):
            returns.grant(request_id, None, expected=1, cmd=desk.command(who))
    with pytest.raises(NotFound):
        returns.grant(request_id, None, expected=1, cmd=other_desk.command("o_lead"))
    with pytest.raises(VersionRequired):
        returns.grant(request_id, None, expected=None, cmd=desk.command("lead"))
    with pytest.raises(StaleVersion):
        returns.grant(request_id, None, expected=7, cmd=desk.command("lead"))
    with pytest.raises(Forbidden):
        ask(desk, desk.lead(issue_id), "duty1")


def test_an_answer_or_a_recall_lets_the_request_fall(desk: Desk) -> None:
    issue_id = desk.dispatched(assists=("power",))
    lead, assist = desk.lead(issue_id), desk.order_of(issue_id, "power")
    ask(desk, lead)
    ask(desk, assist, "power")
    desk.feeds_back(lead)
    orders.recall(assist, "不需要了", expected=Order.objects.get(pk=assist).version, cmd=desk.command("duty1"))
    assert set(ReturnRequest.objects.values_list("state", flat=True)) == {"withdrawn"}
    request_id = ReturnRequest.objects.get(order_id=lead).pk
    with pytest.raises(Conflict) as refused:
        returns.compel(request_id, "须办理", expected=2, cmd=desk.command("lead"))
    assert (refused.value.code, refused.value.extra["open"]) == ("return.not_open", [])


def test_the_proposed_unit_is_another_of_the_centre(desk: Desk) -> None:
    issue_id = desk.dispatched()
    for unit in (desk.unit("law_enforcement"), issue_id):
        with pytest.raises(Invalid) as refused:
            ask(desk, desk.lead(issue_id), unit=unit)
        assert refused.value.code == "return.proposed_unit"
