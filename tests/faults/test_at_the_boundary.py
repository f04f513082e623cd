"""Person and timer meet at exactly 60:00. Rules: docs/rules.md, "The relay": 59:59 is on time, 60:00 is a breach."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

from tests.faults.conftest import AtWork
from tests.live import Product, Reply, wait_for

ORDERS = 8
AHEAD = timedelta(seconds=6)  # time enough to send them all before the first falls due


def test_each_order_is_on_time_or_breached_never_both(product: Product, desk: AtWork, liaison: AtWork) -> None:
    item = desk.person.an_item_for("law_enforcement")
    sent: list[tuple[str, str]] = []
    for _ in range(ORDERS):  # each falls due AHEAD from its own sending
        with product.long_ago(timedelta(hours=1) - AHEAD):
            sent.append(desk.person.sends_an_order("law_enforcement", item))
    due = {order: liaison.screen.hears("order.sent", order)["card"]["clock"]["due_at"] for _, order in sent}

    def acknowledge_at_the_boundary(order_id: str) -> Reply:
        at = datetime.fromisoformat(due[order_id])
        wait_for(lambda: product.now() >= at - timedelta(milliseconds=30), "the boundary")
        return liaison.person.post(f"/orders/{order_id}/acknowledge")

    with ThreadPoolExecutor(ORDERS) as pool:
        replies = list(pool.map(acknowledge_at_the_boundary, [order for _, order in sent]))

    for (issue_id, order_id), reply in zip(sent, replies, strict=True):
        clock = reply.must().card["clock"]
        late = clock["stopped_at"] >= clock["due_at"]
        assert bool(clock["breached_at"]) == late, clock
        names = product.facts_of(order_id)
        assert names.count("order.breached") == late
        assert product.facts_of(issue_id).count("issue.breached") == late
        if late:  # the breach is told before what came after it, whoever noticed first
            assert names.index("order.breached") < names.index("order.acknowledged")
    liaison.screen.catches_up()
    liaison.screen.is_right()
    desk.screen.is_right()


def test_the_last_microsecond_is_on_time_and_the_next_is_not(product: Product, desk: AtWork, liaison: AtWork) -> None:
    """`at` is never below the aggregate's last time: set to the instant, it is the clock."""
    product.timer.kill()
    for offset, breached in ((timedelta(microseconds=-1), False), (timedelta(0), True)):
        issue_id, order_id = desk.person.sends_an_order("law_enforcement")
        due = datetime.fromisoformat(liaison.screen.hears("order.sent", order_id)["card"]["clock"]["due_at"])
        product.rows("UPDATE issues_issue SET last_at = %s WHERE id = %s", due + offset, issue_id)
        clock = liaison.person.answers("acknowledge", order_id).must().card["clock"]
        assert datetime.fromisoformat(clock["stopped_at"]) == due + offset
        assert bool(clock["breached_at"]) == breached
    product.timer.start()
    liaison.screen.is_right()
