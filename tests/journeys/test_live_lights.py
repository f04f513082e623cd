"""Lights change on open consoles at the boundary; who was cut off shows every missed event after coming back.

Rules: docs/rules.md, "Clocks": amber from 80 %, red from exactly 100 %.
"""

from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk
from tests.live import Person, Product, wait_for

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
AHEAD = timedelta(seconds=20)  # the boundary comes this long after the report: time enough to see the light before it
pytestmark = pytest.mark.browser


@pytest.mark.slow
@pytest.mark.mechanism("M52", "M55")
def test_lights_change_at_the_boundary(product: Product, desk: Desk, colleague: Person) -> None:
    item = colleague.an_item_for("law_enforcement")
    with product.long_ago(DAY - 2 * AHEAD):  # it has waited for its dispatch since yesterday
        undispatched = colleague.reports(item).must().id
        colleague.does("accept", undispatched).must()
    desk.sees_the_light(undispatched, "amber")
    with product.long_ago(HOUR * 0.8 - AHEAD):
        nearly_amber = colleague.reports(item).must()
    with product.long_ago(HOUR - AHEAD):
        nearly_red = colleague.reports(item).must()
    desk.sees_the_light(nearly_amber.id, "green")
    desk.sees_the_light(nearly_red.id, "amber")

    desk.sees_the_light(nearly_amber.id, "amber")
    desk.sees_the_light(nearly_red.id, "red")
    due = datetime.fromisoformat(nearly_red.card["clocks"][0]["due_at"])
    assert product.now() >= due  # not before the boundary
    assert product.facts_of(nearly_amber.id) == ["issue.reported"]  # amber is derived on the glass: no fact says it
    wait_for(lambda: "issue.breached" in product.facts_of(nearly_red.id), "the breach, a fact")
    desk.sees_the_light(undispatched, "red")
    desk.opens(undispatched)
    expect(desk.glass.at("timeline")).to_contain_text("派遣 超限")


@pytest.mark.slow
@pytest.mark.mechanism("M55")
def test_a_console_that_was_cut_off_shows_every_missed_event(product: Product, desk: Desk, colleague: Person) -> None:
    item = colleague.an_item_for("law_enforcement")
    taken_in = colleague.reports(item).must().id
    desk.sees_the_light(taken_in, "green")
    declined = colleague.reports(item).must().id
    desk.opens(taken_in)
    desk.sees_the_state("待受理")

    desk.glass.may_lose_the_line()
    product.gateway.kill()
    product.gateway.start()  # the console's line is broken; the colleague's next call finds the new gateway
    with product.long_ago(HOUR - timedelta(seconds=1)):
        breached = colleague.reports(item).must().id
    colleague.does("accept", taken_in).must()
    colleague.does("decline", declined, {"ground": "not_in_jurisdiction", "text": "不属本区管辖,请向邻区反映。"}).must()

    desk.glass.says_nothing_is_wrong()
    desk.sees_the_state("已受理")
    desk.sees_the_light(breached, "red")
    wait_for(lambda: desk.row(declined).count() == 0 or "已离开" in desk.row(declined).inner_text(), "its leaving")
    shown = desk.glass.at("timeline")
    wait_for(lambda: "受理" in shown.inner_text(), "the timeline with what was missed")
