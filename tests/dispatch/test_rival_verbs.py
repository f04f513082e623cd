"""Two verbs that exclude each other, at once in real transactions: one of them wins, nobody waits for ever."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from command.units.models import Unit
from dispatch.matter.issues.models import Issue
from dispatch.matter.orders.models import Order, Result
from dispatch.matter.returns.models import ReturnRequest
from dispatch.matter.returns.states import ReturnGround
from realtime.feed.clock import shifted
from realtime.feed.errors import Conflict, NotFound, StaleVersion
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch import order_verbs as forwarding
from tests.dispatch import order_verbs as orders
from tests.dispatch import order_verbs as returns
from tests.dispatch.desk import Desk
from tests.dispatch.rivals import at_once, split


def one_wins(desk: Desk, *acts: Callable[[], Any]) -> Exception:
    """Runs the acts at once: one came through, the other was told why not. What it was told."""
    won, lost = split(at_once(*acts))
    assert (len(won), len(lost)) == (1, 1), (won, lost)
    assert isinstance(lost[0], Conflict | StaleVersion)
    facts = list(all_facts(desk.built.id))
    assert len({(fact.object_id, fact.version) for fact in facts}) == len(facts)
    return lost[0]


def taken_on(desk: Desk) -> tuple[UUID, UUID]:
    """An issue whose lead has acknowledged, and that order."""
    issue_id = desk.dispatched()
    orders.acknowledge(desk.lead(issue_id), cmd=desk.command("chengguan"))
    return issue_id, desk.lead(issue_id)


def test_two_verbs_at_once(real_desk: Desk) -> None:
    """Pairs of the law on one centre, one after the other: its making costs more than all of them."""
    for pair in (
        merge_crosswise,
        merge_and_void_of_the_target,
        recall_and_acknowledge,
        take_back_and_acknowledge,
        two_forwards,
        grant_and_compel,
        suspend_and_feed_back,
        two_redispatches,
        reopen_and_archive,
    ):
        pair(real_desk)


def merge_crosswise(desk: Desk) -> None:
    """A into B and B into A, many times: locked in ascending order they never deadlock, and one of them stands."""
    for _ in range(5):
        one, other = desk.filed(), desk.filed()
        first, second = desk.command("duty1"), desk.command("duty2")
        one_wins(
            desk,
            lambda: issues.merge(one, other, None, expected=3, cmd=first),  # noqa: B023  # run within the turn
            lambda: issues.merge(other, one, None, expected=3, cmd=second),  # noqa: B023
        )
        assert sorted(Issue.objects.filter(pk__in=(one, other)).values_list("state", "reports_merged")) == [
            ("filed", 1),
            ("merged", 0),
        ]


def merge_and_void_of_the_target(desk: Desk) -> None:
    """Either the target is gone before, or it holds reports now and can't be voided."""
    source, target = desk.reported(), desk.filed()
    first, second = desk.command("duty1"), desk.command("lead")
    one_wins(
        desk,
        lambda: issues.merge(source, target, None, expected=1, cmd=first),
        lambda: issues.void(target, "误录", expected=3, cmd=second),
    )
    states = (Issue.objects.get(pk=source).state, Issue.objects.get(pk=target).state)
    assert states in (("merged", "filed"), ("reported", "voided"))


def recall_and_acknowledge(desk: Desk) -> None:
    """A recalled order is not acknowledged; one that was acknowledged is recalled on a version that is seen."""
    order_id = desk.lead(desk.dispatched())
    first, second = desk.command("duty1"), desk.command("chengguan")
    one_wins(
        desk,
        lambda: orders.recall(order_id, "派错了", expected=1, cmd=first),
        lambda: orders.acknowledge(order_id, cmd=second),
    )
    assert Order.objects.get(pk=order_id).state in ("recalled", "acknowledged")


def forwarded(desk: Desk, *communities: UUID) -> UUID:
    """The lead order that the township has, forwarded to the first of these; to nobody without one."""
    order_id = desk.lead(desk.dispatched(lead="township"))
    for community in communities[:1]:
        forwarding.forward(order_id, community, expected=1, cmd=desk.command("town"))
    return order_id


def community_of(desk: Desk) -> UUID:
    """The centre of the one community."""
    return Unit.objects.get(centre_id=desk.built.id, kind="community_centre").pk


def take_back_and_acknowledge(desk: Desk) -> None:
    """What was taken on is not taken back, and what was taken back is not there to be taken on."""
    order_id = forwarded(desk, community_of(desk))
    first, second = desk.command("town"), desk.command("villager")
    won, lost = split(
        at_once(
            lambda: forwarding.take_back(order_id, expected=2, cmd=first),
            lambda: orders.acknowledge(order_id, cmd=second),
        )
    )
    assert (len(won), len(lost)) == (1, 1), (won, lost)
    assert isinstance(lost[0], Conflict | NotFound | StaleVersion)
    order = Order.objects.get(pk=order_id)
    assert (order.state, len(order.takers)) in (("sent", 0), ("acknowledged", 1))


def two_forwards(desk: Desk) -> None:
    """One order has one chain."""
    order_id, taker = forwarded(desk), community_of(desk)
    first, second = desk.command("town"), desk.command("town")
    one_wins(
        desk,
        lambda: forwarding.forward(order_id, taker, expected=1, cmd=first),
        lambda: forwarding.forward(order_id, taker, expected=1, cmd=second),
    )
    assert Order.objects.get(pk=order_id).takers == [taker]


def grant_and_compel(desk: Desk) -> None:
    """One ruling, which stands."""
    _, order_id = taken_on(desk)
    cmd = desk.command("chengguan")
    returns.request_return(order_id, ReturnGround.OUT_OF_AREA, None, "不在辖区", expected=2, cmd=cmd)
    request = ReturnRequest.objects.get(order_id=order_id)
    first, second = desk.command("lead"), desk.command("lead")
    refused = one_wins(
        desk,
        lambda: returns.grant(request.pk, None, expected=1, cmd=first),
        lambda: returns.compel(request.pk, "须办理", expected=1, cmd=second),
    )
    assert getattr(refused, "code", "") == "return.not_open"
    request.refresh_from_db()
    assert (request.state, Order.objects.get(pk=order_id).state) in (
        ("granted", "returned"),
        ("compelled", "acknowledged"),
    )


def suspend_and_feed_back(desk: Desk) -> None:
    """An answer that came first leaves nothing to suspend; one that comes second ends the suspension, or is stale.

    The suspension pauses the order's handling, which its card shows: whoever answered on the older card looks again.
    """
    issue_id, order_id = taken_on(desk)
    row = Issue.objects.get(pk=issue_id)
    until, expected = row.last_at + timedelta(days=3), row.version
    first, second = desk.command("lead"), desk.command("chengguan")
    _, lost = split(
        at_once(
            lambda: issues.suspend(issue_id, until, "等", expected=expected, cmd=first),
            lambda: orders.feed_back(order_id, Result.HANDLED, "好了", expected=2, cmd=second),
        )
    )
    assert all(isinstance(error, Conflict | StaleVersion) for error in lost), lost
    if any(isinstance(error, StaleVersion) for error in lost):
        version = Order.objects.get(pk=order_id).version
        orders.feed_back(order_id, Result.HANDLED, "好了", expected=version, cmd=desk.command("chengguan"))
    row.refresh_from_db()
    assert (row.state, row.suspended_until) == ("fed_back", None)


def two_redispatches(desk: Desk) -> None:
    """One lead at a time."""
    issue_id, order_id = taken_on(desk)
    orders.recall(order_id, "派错了", expected=2, cmd=desk.command("duty1"))
    expected = desk.version(issue_id)
    first, second = desk.command("duty1"), desk.command("duty2")
    one_wins(
        desk,
        lambda: issues.redispatch(issue_id, desk.unit("housing"), reason="归住建", expected=expected, cmd=first),
        lambda: issues.redispatch(issue_id, desk.unit("police"), reason="归公安", expected=expected, cmd=second),
    )
    assert Order.objects.filter(issue_id=issue_id, role="lead", state="sent").count() == 1


def reopen_and_archive(desk: Desk) -> None:
    """What was archived is not reopened, and what was reopened not archived."""
    issue_id = desk.closed()
    expected, cmd = desk.version(issue_id), desk.command("lead")

    def a_month_later() -> int:
        with shifted(timedelta(days=31)):
            return issues.archive_due()

    results = at_once(lambda: issues.reopen(issue_id, "又坏了", expected=expected, cmd=cmd), a_month_later)
    state = Issue.objects.get(pk=issue_id).state
    reopened, archived = results
    assert (state == "archived") == (archived == 1) == isinstance(reopened, Conflict)
    assert state in ("filed", "archived")
