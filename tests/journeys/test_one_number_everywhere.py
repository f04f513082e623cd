"""One figure is one number on every screen, at one position of the feed, and opens as many rows as it says.

Rules: docs/rules.md, "Figures"; docs/figures.md. The counts of sensitive issues come with the day's, once a minute at
least.
"""

import re
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, expect

from assessment.dictionary import BY_CODE, STATES
from tests.dispatch.desk import DOMESTIC_VIOLENCE, GAS_LEAK
from tests.journeys.conftest import CONSOLE
from tests.journeys.glass import Glass
from tests.journeys.people import Lead, Wall
from tests.live import Product, wait_for
from tests.live.people import PASSWORD

NOW: Final = ("open", "red", "amber", "urgent", *STATES)
LAST_STEP: Final = "SELECT max(seq) FROM feed_fact WHERE object_kind IN ('issue', 'order', 'report')"
DAY: Final = ("today_reported", "today_closed")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def number(element: Locator) -> int:
    """The first whole number of what an element says."""
    found = re.search(r"\d+", element.inner_text())
    assert found is not None, element.inner_text()
    return int(found[0])


def a_busy_morning(product: Product) -> None:
    """Some of everything: late, near, urgent, sensitive, in several states, closed."""
    officer, liaison = product.person("duty2"), product.person("chengguan")
    item = officer.an_item_for("law_enforcement")
    with product.long_ago(timedelta(minutes=75)):
        officer.reports(item).must()
        officer.reports(GAS_LEAK).must()
    with product.long_ago(timedelta(minutes=50)):
        officer.reports(item, position=officer.a_place()).must()
    officer.reports(DOMESTIC_VIOLENCE).must()
    officer.reports(DOMESTIC_VIOLENCE, position=officer.a_place()).must()
    officer.does("accept", officer.reports(item, position=officer.a_place(1)).must().id).must()
    officer.sends_an_order("law_enforcement", item)
    issue, order = officer.sends_an_order("law_enforcement", item)
    liaison.handles(order)
    officer.confirms(issue)


def of_tiles(glass: Glass) -> dict[str, int]:
    """The figures of this moment on a wall's or a leader's screen."""
    tiles = {code: number(glass.page.locator(f"[data-count={code}] .digits").first) for code in NOW}
    return tiles | {"sensitive": number(glass.at("besides"))}


def of_the_day(glass: Glass, where: str) -> dict[str, int]:
    """Some figures of today."""
    return {
        code: number(glass.at(where).locator(f"[data-figure={code}] .digits, [data-figure={code}] b").first)
        for code in DAY
    }


def of_a_queue(glass: Glass) -> tuple[int, int, int]:
    """Of a console: all, the public ones, the sensitive ones."""
    numbers = [int(found) for found in re.findall(r"\d+", glass.at("public").inner_text())]
    return number(glass.page.get_by_role("tab").first), numbers[0], numbers[1] if len(numbers) > 1 else 0


def of_the_file(page: str) -> dict[str, int]:
    """The figures at the top of a report, by their names, and the states of its first table."""
    top = re.findall(r"<dt>([^<]+)</dt><dd>(\d+)</dd>", page)
    states = re.findall(r"<tr class=\"[a-z]*\"><td>([^<]+)</td><td class=\"n\">(\d+|—)</td>", page)
    return {name: int(count) for name, count in (*top, *[(name, n) for name, n in states if n != "—"])}


@pytest.fixture
def product(own_product: Product) -> Product:
    """A district in which nobody else works."""
    return own_product


def test_a_figure_is_one_number_on_every_screen(
    own_product: Product, office: Browser, lead: Lead, tmp_path: Path
) -> None:
    a_busy_morning(own_product)
    windows = [Glass(office, own_product.base_url, CONSOLE) for _ in range(3)]
    hall, township, leader = windows
    desk = lead.glass
    wall = Wall(hall).is_paired_by(lead)
    township.signs_in("duty2", PASSWORD, "/township")
    leader.signs_in("leader", PASSWORD, "/leader")

    def counted_after_the_last_step() -> bool:
        last = own_product.rows(LAST_STEP)[0][0]
        told = [hall.at("flow").get_attribute("data-seq"), leader.at("today").get_attribute("data-seq")]
        return all(seq is not None and int(seq) >= last for seq in told)

    wait_for(counted_after_the_last_step, "the whole morning on wall and leader's screen", within_s=90)
    on_the_wall, at_the_leaders = of_tiles(hall), of_tiles(leader)
    assert on_the_wall == at_the_leaders
    assert on_the_wall["sensitive"] >= 2
    assert sum(on_the_wall[state] for state in STATES) == on_the_wall["open"]
    assert of_the_day(wall.glass, "flow") == of_the_day(leader, "today")
    for queue in (desk, township):
        assert of_a_queue(queue) == (
            on_the_wall["open"] + on_the_wall["sensitive"],
            on_the_wall["open"],
            on_the_wall["sensitive"],
        )

    for code in NOW:  # each opens its rows, as many as it says
        leader.page.locator(f"[data-count={code}]").click()
        expect(leader.at("rows-title")).to_contain_text(f"{BY_CODE[code].zh} {at_the_leaders[code]} 件")
        assert leader.at("rows").locator("[data-issue]").count() == min(60, at_the_leaders[code])
        if code != "open":
            leader.page.locator(f"[data-count={code}]").click()
    leader.at("besides").click()
    expect(leader.at("rows-title")).to_contain_text(f"{at_the_leaders['sensitive']} 件")
    expect(leader.at("sensitive-rows").locator("[data-issue]")).to_have_count(0)
    for button in leader.at("today").locator("button[data-figure]:not([data-figure=sensitive])").all():
        said = button.inner_text()
        button.click()
        expect(leader.at("day-rows")).to_be_visible()
        rate = re.search(r"/(\d+)", said)
        count = int(rate[1]) if rate else number(button)
        expect(leader.at("rows-title")).to_contain_text(f"{count} 件")
        expect(leader.at("day-rows").locator("[data-issue]")).to_have_count(min(60, count))

    leader.at("situation-report").click()
    leader.at("make-report").click()
    made = leader.at("situation-reports").locator("li").first
    expect(made).to_have_attribute("data-state", "made", timeout=120_000)
    with leader.page.expect_download() as download:
        made.locator("[data-file=html]").click()
    file = tmp_path / "report.html"
    download.value.save_as(file)
    told = of_the_file(file.read_text(encoding="utf-8"))
    shown = of_tiles(hall)  # the same, unless a light has changed meanwhile
    for code in NOW:
        assert told.get(BY_CODE[code].zh, 0) == shown[code], BY_CODE[code].zh
    assert told[f"另有{BY_CODE['sensitive'].zh}"] == shown["sensitive"]
    for glass in windows:
        glass.close()
