"""Who fails at two checks hears of the first: key, scope, right, what is due, state, guards, version, paper.

Rules: docs/rules.md, "Order of checks". Each test breaks two neighbours at once.
"""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from dispatch.matter.backfills.contract import OnPaper, Outage
from dispatch.matter.issues.models import Issue
from dispatch.matter.issues.outcomes import Ground
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from realtime.feed.clock import shifted
from realtime.feed.errors import Conflict, Forbidden, KeyReused, NotFound, StaleVersion
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch.desk import Desk

DAY = timedelta(days=1)


def on_paper_tomorrow(issue_id: UUID) -> OnPaper:
    """No step happened then."""
    return OnPaper(Issue.objects.get(pk=issue_id).last_at + DAY, Outage.POWER_CUT)


def holds_another(desk: Desk) -> UUID:
    """A filed issue into which another one was merged."""
    issue_id, other = desk.filed(), desk.reported()
    issues.merge(other, issue_id, None, expected=1, cmd=desk.command("duty1"))
    return issue_id


def asked(desk: Desk) -> ReturnRequest:
    """A return request that waits for a ruling."""
    order_id = desk.lead(desk.dispatched())
    cmd = desk.command("chengguan")
    orders.request_return(order_id, ReturnGround.NOT_OUR_DUTY, None, "不属职责", expected=1, cmd=cmd)
    return ReturnRequest.objects.get(order_id=order_id)


def test_the_key_comes_before_the_scope(desk: Desk) -> None:
    issues.accept(desk.reported(), cmd=desk.command("duty1", key="k"))
    with pytest.raises(KeyReused):
        issues.accept(uuid4(), cmd=desk.command("duty1", key="k", body=b"another"))


def test_of_an_issue_the_scope_comes_before_the_right(desk: Desk) -> None:
    with pytest.raises(NotFound):
        issues.verify(desk.reported(), expected=1, cmd=desk.command("chengguan"))


def test_of_an_issue_what_is_named_comes_before_the_right(desk: Desk) -> None:
    issue_id = desk.fed_back()
    with pytest.raises(NotFound):
        issues.rework(issue_id, [uuid4()], "没修好", expected=desk.version(issue_id), cmd=desk.command("leader"))


def test_of_an_issue_the_right_comes_before_the_state(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        issues.verify(desk.reported(), expected=1, cmd=desk.command("leader"))


def test_of_an_issue_what_is_due_comes_before_the_state(desk: Desk) -> None:
    """The day of the suspension has come: it is handled again, and takes another assist."""
    issue_id = desk.dispatched()
    until = Issue.objects.get(pk=issue_id).last_at + DAY
    issues.suspend(issue_id, until, "等雨停", expected=desk.version(issue_id), cmd=desk.command("lead"))
    expected = desk.version(issue_id)
    with shifted(2 * DAY):
        issues.add_assist(issue_id, [desk.unit("power")], expected=expected, cmd=desk.command("duty1"))
    assert Issue.objects.get(pk=issue_id).state == "in_handling"


def test_of_an_issue_the_state_comes_before_a_guard(desk: Desk) -> None:
    with pytest.raises(Conflict) as refused:
        issues.decline(holds_another(desk), Ground.NOT_A_MATTER, "不属", expected=1, cmd=desk.command("duty1"))
    assert refused.value.code == "issue.not_open"


def test_of_an_issue_a_guard_comes_before_the_version_and_sees_the_state_that_is(desk: Desk) -> None:
    with pytest.raises(Conflict) as refused:
        issues.void(holds_another(desk), "误录", expected=1, cmd=desk.command("lead"))
    assert (refused.value.code, refused.value.extra["state"]) == ("issue.holds_merged", "filed")


def test_of_an_issue_the_version_comes_before_the_paper(desk: Desk) -> None:
    issue_id = desk.accepted()
    with pytest.raises(StaleVersion):
        issues.file(issue_id, on_paper=on_paper_tomorrow(issue_id), expected=1, cmd=desk.command("lead"))


def test_of_an_issue_the_version_comes_before_what_is_asked_for(desk: Desk) -> None:
    with pytest.raises(StaleVersion):
        issues.decline(desk.accepted(), Ground.NOT_A_MATTER, " ", expected=1, cmd=desk.command("duty1"))


def test_of_an_order_the_right_comes_before_the_state(desk: Desk) -> None:
    with pytest.raises(Forbidden):
        orders.start(desk.lead(desk.dispatched()), expected=1, cmd=desk.command("duty1"))


def test_of_an_order_the_state_comes_before_a_guard(desk: Desk) -> None:
    """A return was ruled on, so nobody asks again; but it is answered now, and that is said."""
    request = asked(desk)
    orders.compel(request.pk, "须办理", expected=1, cmd=desk.command("lead"))
    desk.feeds_back(request.order_id)
    cmd = desk.command("chengguan")
    with pytest.raises(Conflict) as refused:
        orders.request_return(request.order_id, ReturnGround.NOT_OUR_DUTY, None, "不属职责", expected=1, cmd=cmd)
    assert refused.value.code == "order.not_open"


def test_of_an_order_a_guard_comes_before_the_version_and_sees_the_state_that_is(desk: Desk) -> None:
    order_id = asked(desk).order_id
    stale = Order.objects.get(pk=order_id).version - 1
    cmd = desk.command("chengguan")
    with pytest.raises(Conflict) as refused:
        orders.request_return(order_id, ReturnGround.NOT_OUR_DUTY, None, "不属职责", expected=stale, cmd=cmd)
    assert refused.value.code == "return.asked_before"


def test_of_an_order_the_version_comes_before_the_paper(desk: Desk) -> None:
    issue_id = desk.dispatched()
    order_id = desk.lead(issue_id)
    orders.acknowledge(order_id, cmd=desk.command("chengguan"))
    with pytest.raises(StaleVersion):
        orders.start(order_id, on_paper=on_paper_tomorrow(issue_id), expected=1, cmd=desk.command("lead"))


def test_of_a_request_the_right_comes_before_the_state_and_the_state_before_the_version(desk: Desk) -> None:
    request = asked(desk)
    orders.grant(request.pk, None, expected=1, cmd=desk.command("lead"))
    with pytest.raises(Forbidden):
        orders.grant(request.pk, None, expected=1, cmd=desk.command("duty1"))
    with pytest.raises(Conflict) as refused:
        orders.grant(request.pk, None, expected=1, cmd=desk.command("lead"))
    assert refused.value.code == "return.not_open"


def test_of_a_request_the_version_comes_before_what_is_asked_for(desk: Desk) -> None:
    with pytest.raises(StaleVersion):
        orders.compel(asked(desk).pk, " ", expected=0, cmd=desk.command("lead"))
