"""A running product after an upgrade: its worker tells what is open again, its screens keep up. docs/decisions/0025."""

import pytest

from tests.live import Product
from tests.live.waiting import wait_for


@pytest.mark.slow
def test_screens_that_stayed_and_that_come_back_have_the_new_cards(product: Product) -> None:
    """Rows that the facts do not tell stand for other code: its cards are other than those that were told."""
    desk = product.person("duty1")
    issue, order = desk.sends_an_order("law_enforcement")
    stays, returns = product.screen(desk), product.screen(product.person("chengguan"))
    returns.loses_the_line()
    product.worker.stop()
    product.rows("UPDATE issues_drawn SET code = 'of the release before'")
    product.rows("UPDATE issues_issue SET reports_merged = 3 WHERE id = %s", issue)
    product.rows("UPDATE orders_order SET rework_count = 2 WHERE id = %s", order)
    product.worker.start()
    assert stays.hears("issue.redrawn", issue)["card"]["reports_merged"] == 3
    assert stays.hears("order.redrawn", order)["card"]["rework_count"] == 2
    wait_for(lambda: not product.rows("SELECT FROM issues_redrawing"), "the end of the telling")
    returns.comes_back()  # with the cursor of before
    returns.catches_up()
    for screen in (stays, returns):
        screen.catches_up()
        assert screen.resets == ["none"]  # by its cursor, without starting over
        screen.is_right()
    assert returns.shows("order", order) is not None
    assert product.facts_of(issue).count("issue.redrawn") == 1
    for check in ("reconcile", "verify_feed"):
        status, words = product.command(check)
        assert status == 0, words
