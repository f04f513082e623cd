"""After an outage the duty lead enters what was on paper: both times stand there, and nobody else is offered it.

Rules: docs/rules.md, "Whose time".
"""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk, Lead
from tests.live import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def minute(at: datetime) -> str:
    """An instant as the browser's field takes it, in the centre's zone."""
    return (at + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M")


def test_a_lead_enters_a_report_and_an_acknowledgment_from_paper(product: Product, lead: Lead, desk: Desk) -> None:
    now = product.now()
    taken = now - timedelta(minutes=40)
    item = product.person("duty2").an_item_for("law_enforcement")
    issue = lead.enters_a_report_from_paper(item, "停电期间接报：路口占道摆摊。", minute(taken))
    lead.sees_the_state("待受理")
    marks = lead.glass.page.get_by_test_id("backfilled")
    expect(marks.first).to_contain_text(f"补录：纸上 {minute(taken)[-5:]}")
    up = product.rows("SELECT started_at FROM clocks_clock WHERE issue_id = %s AND kind = 'relay_up'", issue)
    assert up[0][0] == taken.replace(second=0, microsecond=0)

    for verb, after, state in (("accept", 2, "已受理"), ("file", 3, "待派遣"), ("dispatch", 4, "处置中")):
        lead.enters_from_paper(verb, minute(taken + timedelta(minutes=after)))
        lead.sees_the_state(state)
    order = lead.glass.page.locator("[data-order]")
    expect(order).to_contain_text("待签收")

    lead.glass.may_be_refused()
    lead.enters_from_paper("acknowledge", minute(taken + timedelta(minutes=3)))  # before it was sent, the paper says
    dialog = lead.glass.page.get_by_role("dialog")
    expect(dialog.get_by_role("alert")).to_contain_text("纸上时间早于上一步的时间")
    dialog.locator("input[name=happenedAt]").fill(minute(taken + timedelta(minutes=9)))
    lead.confirms()
    expect(order).to_contain_text("已签收")
    expect(order.get_by_test_id("backfilled")).to_contain_text(f"纸上 {minute(taken + timedelta(minutes=9))[-5:]}")
    told = lead.glass.at("timeline").get_by_test_id("backfilled")
    expect(told).to_have_count(5)
    lead.glass.page.keyboard.press("p")
    expect(lead.glass.page.get_by_role("dialog").get_by_text("补录：纸上")).to_have_count(5)
    lead.glass.page.keyboard.press("Escape")
    expect(lead.glass.page.get_by_role("dialog")).to_have_count(0)

    desk.opens(issue)  # anybody sees the marks; nobody else may enter from paper
    expect(desk.glass.at("timeline").get_by_test_id("backfilled")).to_have_count(5)
    desk.glass.page.keyboard.press(".")
    expect(desk.glass.page.locator("[data-verb-item]").first).to_be_visible()
    expect(desk.glass.page.locator("[data-paper-item]")).to_have_count(0)
