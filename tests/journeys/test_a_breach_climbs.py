"""An order that nobody answers climbs the ladder before people's eyes: the next contact, the duty lead, the head.

Rules: docs/rules.md, "The relay", "Ladder".
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk, Liaison, Wall
from tests.live import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AHEAD = timedelta(seconds=15)  # each step comes this long after the order was sent
STEPS = ((50, 30, ""), (80, 48, "值班长"), (100, 60, "负责人"))  # percent, minutes of sixty, whom


@pytest.mark.mechanism("M85")
def test_a_breach_climbs_the_ladder_before_open_screens(
    product: Product, desk: Desk, liaison: Liaison, wall: Wall
) -> None:
    colleague = product.person("duty2")
    item = colleague.an_item_for("law_enforcement")
    issue = ""
    for percent, minutes, whom in STEPS:
        with product.long_ago(timedelta(minutes=minutes) - AHEAD):
            issue, order = colleague.sends_an_order("law_enforcement", item)
        desk.opens(issue)
        told = desk.glass.at("timeline").get_by_role("listitem").filter(has_text=f"到 {percent}%，叫应")
        expect(told.filter(has_text=whom).first).to_be_visible()
        expect(liaison.glass.page.locator(f"[data-order='{order}']")).to_be_visible()

    desk.sees_the_light(issue, "red")
    alarm = wall.glass.at("alarms").locator(f"[data-issue='{issue}']")
    expect(alarm).to_contain_text("无人应答")  # until someone answers
    liaison.opens(order)
    liaison.acknowledges()
    expect(alarm).to_have_count(0)
    raised = product.rows(
        "SELECT percent FROM clocks_escalation WHERE issue_id = %s AND told_at IS NOT NULL ORDER BY percent", issue
    )
    assert {row[0] for row in raised} == {50, 80, 100}
