"""A gateway that dies takes no fact with it: screens come back by their cursor. Docs: docs/protocol.md, "Cursors"."""

from datetime import timedelta

import pytest

from tests.faults.conftest import AtWork
from tests.live import Product, wait_for


def test_a_killed_gateway_loses_nothing(product: Product, desk: AtWork, liaison: AtWork) -> None:
    with product.long_ago(timedelta(minutes=59, seconds=50)):
        issue_id, order_id = desk.person.sends_an_order("law_enforcement")
    liaison.screen.hears("order.sent", order_id)
    resets = [len(at_work.screen.resets) for at_work in (desk, liaison)]

    product.gateway.kill()
    wait_for(lambda: "order.breached" in product.facts_of(order_id), "the timer, which goes on without a gateway")
    wait_for(lambda: "issue.breached" in product.facts_of(issue_id), "the breach of the issue's own clock")

    product.gateway.start()
    desk.screen.hears("issue.breached", issue_id)
    liaison.screen.hears("order.breached", order_id)
    assert [len(at_work.screen.resets) for at_work in (desk, liaison)] == resets  # by cursor, without a snapshot
    for at_work in (desk, liaison):
        at_work.screen.is_right()
        assert at_work.screen.welcomes == 2


@pytest.mark.slow
def test_a_restarted_gateway_says_goodbye(product: Product, desk: AtWork) -> None:
    product.gateway.stop()
    wait_for(lambda: desk.screen.closes == [1012], "the close of a restart")
    product.gateway.start()
    desk.screen.until_live()
    desk.person.reports(desk.person.an_item_for("law_enforcement")).must()
    desk.screen.catches_up()
    desk.screen.is_right()
