"""The number that 12345 gave a report finds the issue: in the queue's search, the desk's query and the leader's."""

from uuid import uuid4

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import CONSOLE, Open
from tests.journeys.people import Desk
from tests.live import Product
from tests.live.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_senders_number_finds_the_issue_wherever_one_types_it(
    product: Product, desk: Desk, open_glass: Open, office: Browser
) -> None:
    tail = f"{uuid4().int % 10**8:08d}"
    issue = product.person("duty2").reports("1901", source_number=f"GD-2026-{tail}").must().id
    page = desk.glass.page
    page.get_by_placeholder("编号、条目、网格").fill(tail)
    expect(page.locator(f'[data-testid="queue"] [data-issue="{issue}"]')).to_be_visible()
    desk.glass.at("open-search").click()
    page.locator('[name="q"]').fill(f"GD-2026-{tail}")
    page.keyboard.press("Enter")
    expect(desk.glass.at("found").locator("tbody tr")).to_have_count(1)
    leader = open_glass(office, CONSOLE)
    leader.signs_in("leader", PASSWORD, "/leader")
    leader.at("find").fill(tail[-4:])
    leader.page.keyboard.press("Enter")
    leader.at("found").locator(f'[data-issue="{issue}"]').click()
    expect(leader.at("issue")).to_be_visible()
    leader.page.screenshot(path="/tmp/leader-find.png")
    page.screenshot(path="/tmp/desk-find.png")
