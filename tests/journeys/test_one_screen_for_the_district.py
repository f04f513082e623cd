"""One screen shows the district: map, live issues, clocks, today's figures; and it stays right without a reload.

Units on duty are in `test_handover.py`, and without a browser in `tests/command/duty/test_shifts.py`.
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.first_story import shows_the_truth
from tests.journeys.glass import Glass
from tests.journeys.people import Wall
from tests.live import Product, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NEARLY_DUE = timedelta(minutes=55)  # of sixty: before what the demonstration county has due


@pytest.fixture
def product(own_product: Product) -> Product:
    """A district in which nobody else works: the wall has room for three of what is about to breach."""
    return own_product


def tile(glass: Glass, handle: str, word: str) -> int:
    """What a figure of the wall says."""
    figure = glass.at(handle).locator("dl div, div").filter(has_text=word).locator("dd").first
    return int(figure.inner_text())


@pytest.mark.mechanism("M123")
def test_the_wall_shows_the_district_and_stays_right(product: Product, wall: Wall) -> None:
    glass = wall.glass
    expect(glass.page.locator("[data-map][data-ready=true]")).to_be_visible()
    expect(glass.at("counts").locator("dd").first).not_to_have_text("—")
    open_before, reported_before = tile(glass, "counts", "在办"), tile(glass, "flow", "上报")

    officer = product.person("duty2")
    item = officer.an_item_for("law_enforcement")
    with product.long_ago(NEARLY_DUE):
        late_soon = officer.reports(item).must().id
    line = glass.at("breaching").locator(f"[data-issue='{late_soon}']")
    expect(line).to_be_visible()  # a live issue, with what is left of its clock
    expect(line.locator(".digits").first).not_to_be_empty()
    expect(glass.at("counts").locator("[data-count=open] dd").first).to_have_text(str(open_before + 1))
    officer.does("accept", late_soon).must()
    expect(line).to_have_count(0)
    wall.tells_of("受理")
    officer.reports(item).must()
    expect(glass.at("counts").locator("[data-count=open] dd").first).to_have_text(str(open_before + 2))
    wait_for(lambda: tile(glass, "flow", "上报") > reported_before, "the server's count of the day")

    shows_the_truth(glass, "counts", "flow", "breaching")
