"""Somebody is called, and somebody answers: the liaison's open phone rings; what nobody answers is rung by telephone.

Rules: docs/rules.md, "Calls".
"""

import re
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk, Liaison
from tests.live import Product, wait_for

pytestmark = pytest.mark.browser
PAST_A_WAIT_MIN = 11
MOST_RUNGS = 12  # a step of the ladder begins a call anew


def test_the_liaisons_phone_rings_until_somebody_answers_and_the_desk_sees_who(
    product: Product, desk: Desk, liaison: Liaison
) -> None:
    colleague = product.person("duty2")
    issue, order = colleague.sends_an_order("law_enforcement")
    (call,) = product.rows("SELECT id FROM calls_call WHERE order_id = %s", order)[0]
    line = liaison.glass.page.locator(f"[data-call~='{call}']")
    expect(line).to_be_visible()
    expect(liaison.glass.page).to_have_title(re.compile("叫应"))
    desk.opens(issue)
    listed = desk.glass.at("order-calls")
    expect(listed).to_contain_text("已显示")  # on the phone that rings
    line.get_by_test_id("answer").tap()
    expect(line).to_have_count(0)
    expect(liaison.glass.at("call-said")).to_contain_text("应答不等于签收")
    expect(listed.locator("[data-state=answered]")).to_contain_text("应答")
    assert product.rows("SELECT state FROM orders_order WHERE id = %s", order) == [("sent",)]


def climbing(product: Product, order: str) -> list[tuple[Any, ...]]:
    """The order's calls whose next rung is due and not called yet."""
    due = "SELECT id FROM calls_call WHERE order_id = %s AND state = 'open' AND next_at <= %s"
    return product.rows(due, order, product.now())


@pytest.mark.slow
def test_what_nobody_answers_stands_on_the_desks_telephone_list(product: Product, desk: Desk) -> None:
    colleague = product.person("duty2")
    _, order = colleague.sends_an_order("power")
    try:
        listed: list[tuple[Any, ...]] = []
        for _ in range(MOST_RUNGS):
            product.forward(PAST_A_WAIT_MIN)
            wait_for(lambda: not climbing(product, order), "the timer has called the next rung")
            listed = product.rows("SELECT id FROM calls_call WHERE order_id = %s AND state = 'listed'", order)
            if listed:
                break
        ((call,),) = listed
        button = desk.glass.at("telephone-list")
        expect(button).to_be_visible()
        button.click()
        line = desk.glass.page.locator(f"[data-listed='{call}']")
        expect(line).to_be_visible()
        line.locator("[data-outcome=talked]").first.click()
        expect(line).to_have_count(0)
    finally:
        product.stands(timedelta(0))
    assert product.rows("SELECT state FROM calls_call WHERE id = %s", call) == [("answered_by_telephone",)]
