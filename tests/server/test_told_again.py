"""A running product after an upgrade: its worker tells what is open again, its screens keep up. docs/decisions/0025."""

import importlib

import pytest

from tests.live import Product
from tests.live.waiting import wait_for

TELL_AGAIN = importlib.import_module("dispatch.matter.clocks.migrations.0011_cards_are_told_again").SQL


@pytest.mark.slow
def test_screens_that_stayed_and_that_come_back_have_the_new_cards(product: Product) -> None:
    desk = product.person("duty1")
    issue, order = desk.sends_an_order("law_enforcement")
    stays, returns = product.screen(desk), product.screen(product.person("chengguan"))
    returns.loses_the_line()
    product.worker.stop()
    product.rows(TELL_AGAIN)
    product.worker.start()
    told = stays.hears("issue.redrawn", issue)
    clocks = told["card"]["clocks"]
    assert all(clock["amber_at"] for clock in clocks)
    assert len({clock["id"] for clock in clocks}) == len(clocks) > 1
    stays.hears("order.redrawn", order)
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
