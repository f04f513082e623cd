"""An issue with as many orders as there can be goes on: whatever is done to it, or falls due, fits into the feed."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from command.access import Role
from command.people.models import Post
from command.units.models import Unit
from dispatch.matter.aggregate.addressees import MAX_ASSISTS, MAX_OPEN_ORDERS, MAX_ORDERS
from dispatch.matter.clock_law import fire_due
from dispatch.matter.clocks.models import Clock, Due
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order
from dispatch.matter.returns.states import ReturnGround
from dispatch.verbs.amending import Amendment
from realtime.feed.clock import shifted
from realtime.feed.contract import MAX_FACTS_PER_TRANSACTION
from realtime.feed.errors import Busy, Invalid
from realtime.feed.queries import head
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as orders
from tests.dispatch import order_verbs as requests
from tests.dispatch.desk import DOMESTIC_VIOLENCE, Desk

ASSISTS = MAX_OPEN_ORDERS - 1  # beside a lead


def more_units(desk: Desk, number: int) -> list[UUID]:
    """So many units more, all of them answered for by one liaison."""
    known = Post.objects.get(person_id=desk.built.people["power"])
    like = Unit.objects.get(pk=known.unit_id)
    made = [
        Unit(
            id=uuid4(),
            centre_id=like.centre_id,
            code=f"more_{n}",
            name=f"第{n}单位",
            short=f"{n}",
            kind=like.kind,
            stationing=like.stationing,
        )
        for n in range(number)
    ]
    Unit.objects.bulk_create(made)
    Post.objects.bulk_create(
        Post(person_id=known.person_id, unit=unit, role=Role.LIAISON, active_from=known.active_from) for unit in made
    )
    return [unit.pk for unit in made]


def assist(desk: Desk, issue_id: UUID, units: list[UUID]) -> None:
    """Sends assist orders, as many at once as may be."""
    for start in range(0, len(units), MAX_ASSISTS):
        part = units[start : start + MAX_ASSISTS]
        issues.add_assist(issue_id, part, expected=desk.version(issue_id), cmd=desk.command("duty1"))


@pytest.fixture
def full(desk: Desk) -> UUID:
    """An issue with as many orders open as can be, and nearly as many that were taken back, each after a request."""
    issue_id = desk.dispatched()
    units = more_units(desk, 2 * ASSISTS)
    assist(desk, issue_id, units[:ASSISTS])
    for order in Order.objects.filter(issue_id=issue_id, role="assist"):
        ask = (ReturnGround.NOT_OUR_DUTY, None, "不属职责")
        requests.request_return(order.pk, *ask, expected=order.version, cmd=desk.command("power"))
        order.refresh_from_db()
        orders.recall(order.pk, "不再需要", expected=order.version, cmd=desk.command("duty1"))
    assist(desk, issue_id, units[ASSISTS:])
    return issue_id


def test_orders_past_the_most_are_refused_by_name(desk: Desk, full: UUID) -> None:
    units = [desk.unit("housing"), desk.unit("police")]
    with pytest.raises(Invalid, match=f"最多同时有 {MAX_OPEN_ORDERS} 份在办派遣单") as refused:
        assist(desk, full, units[:1])
    assert refused.value.code == "order.too_many"
    for order in Order.objects.filter(issue_id=full, role="assist", recalled_at=None)[:2]:
        orders.recall(order.pk, "不再需要", expected=order.version, cmd=desk.command("duty1"))
    with pytest.raises(Invalid, match=f"最多下发 {MAX_ORDERS} 份派遣单"):
        assist(desk, full, units)
    lead = Order.objects.get(issue_id=full, role="lead")
    orders.recall(lead.pk, "改派", expected=lead.version, cmd=desk.command("duty1"))
    assist(desk, full, units[:1])
    version = desk.version(full)
    issues.redispatch(full, units[1], reason="换主办", expected=version, cmd=desk.command("duty1"))  # one too many
    assert Order.objects.filter(issue_id=full).count() == MAX_ORDERS + 1


def test_what_fell_due_meanwhile_waits_for_the_timer_and_then_all_goes_on(desk: Desk, full: UUID) -> None:
    guarded = Amendment(item=DOMESTIC_VIOLENCE)
    with shifted(timedelta(days=20)):  # the timer stood
        before = head(desk.built.id)
        with pytest.raises(Busy) as refused:
            issues.amend(full, guarded, "涉家暴", expected=desk.version(full), cmd=desk.command("duty1"))
        assert refused.value.code == "clocks.behind"
        assert head(desk.built.id) == before

        while fire_due():
            pass
        assert not Due.objects.filter(fired_at=None).exists()
        assert Clock.objects.filter(kind="relay_down_order", stopped_at=None, breached_at=None).count() == 0
        told = head(desk.built.id).seq - before.seq
        assert told > MAX_FACTS_PER_TRANSACTION, "else this story is about nothing"
        issues.amend(full, guarded, "涉家暴", expected=desk.version(full), cmd=desk.command("duty1"))
        issues.void(full, "误录", expected=desk.version(full), cmd=desk.command("lead"))
    assert Issue.objects.get(pk=full).state == "voided"
