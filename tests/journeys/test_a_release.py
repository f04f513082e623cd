"""A release comes up while people work: screens say so, go on with what they have, and take it when nobody is busy."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.journeys.conftest import CONSOLE, Open
from tests.journeys.glass import Glass
from tests.journeys.people import Desk
from tests.journeys.releases import upgrade
from tests.live import Product
from tests.live.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_console_works_on_through_an_upgrade_and_takes_it_when_its_hands_are_empty(
    own_product: Product, office: Browser
) -> None:
    glass = Glass(office, own_product.base_url, CONSOLE)
    Desk(glass).signs_in("duty1")
    page = glass.page
    upgrade(own_product)
    page.keyboard.press("n")
    glass.at("report-form").locator("textarea[name=text]").fill("巷口路灯不亮，写到一半")
    glass.may_lose_the_line()
    own_product.gateway.stop()
    own_product.gateway.start()
    expect(glass.at("release")).to_be_visible()  # announced; what is half written is not torn away
    page.keyboard.press("Escape")
    page.keyboard.press("f")
    search = page.get_by_role("dialog")
    expect(search).to_be_visible()  # the former release's part
    expect(search.get_by_role("textbox").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("html")).not_to_have_attribute("data-release", "next")
    glass.at("release").get_by_role("button").click()
    glass.has_arrived()
    expect(page.locator("html")).to_have_attribute("data-release", "next")
    expect(glass.at("release")).to_have_count(0)
    glass.close()


def test_every_screen_takes_a_release_by_itself_when_nobody_touches_it(own_product: Product, office: Browser) -> None:
    screens = {
        "/console": "duty1",
        "/township": "town",
        "/leader": "leader",
        "/admin": "admin",
        "/phone": "chengguan",
        "/r/": None,
    }
    windows = [Glass(office, own_product.base_url, CONSOLE) for _ in screens]
    for glass, (path, username) in zip(windows, screens.items(), strict=True):
        if username is None:
            glass.opens(path)
        else:
            glass.enters(username, PASSWORD, path)
        glass.page.wait_for_load_state("networkidle")
        glass.may_lose_the_line()
    upgrade(own_product)
    own_product.gateway.stop()
    own_product.gateway.start()
    for glass in windows:
        glass.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # somebody comes back to it
    for glass in windows:
        expect(glass.page.locator("html")).to_have_attribute("data-release", "next", timeout=90_000)
        glass.has_arrived()
        glass.close()


@pytest.fixture
def gone(desk: Desk) -> Iterator[list[Route]]:
    """The search's part answers 404 from now on."""
    asked: list[Route] = []

    def answer(route: Route) -> None:
        asked.append(route)
        route.fulfill(status=404)

    desk.glass.may_be_refused()
    desk.glass.page.route(re.compile(r"/assets/SearchDialog-.*\.js"), answer)
    yield asked


def test_a_part_that_is_gone_says_so_and_the_keys_live_on(desk: Desk, gone: list[Route]) -> None:
    glass, page = desk.glass, desk.glass.page
    page.keyboard.press("f")
    failed = glass.at("part-failed")
    expect(failed).to_be_visible()
    assert gone
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-issue][aria-selected=true]")).to_have_count(1)
    page.keyboard.press("n")
    expect(glass.at("report-form")).to_be_visible()
    expect(failed).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")
    failed.get_by_role("button", name="重试").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(failed).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_part_that_is_gone_can_be_given_up(desk: Desk, gone: list[Route]) -> None:
    glass, page = desk.glass, desk.glass.page
    page.keyboard.press("f")
    failed = glass.at("part-failed")
    expect(failed).to_be_visible()
    assert gone
    page.keyboard.press("Escape")
    expect(failed).to_have_count(0)
    page.keyboard.press("n")
    expect(glass.at("report-form")).to_be_visible()
    page.keyboard.press("Escape")
    expect(glass.at("report-form")).to_have_count(0)


def test_a_map_that_is_gone_says_so_and_comes_when_it_is_asked_for(office: Browser, open_glass: Open) -> None:
    glass = open_glass(office, CONSOLE)
    glass.may_be_refused()
    glass.page.route(re.compile(r"/assets/G(l|rid)Map-.*\.js"), lambda route: route.fulfill(status=404))
    Desk(glass).signs_in("duty1")
    expect(glass.at("part-failed")).to_be_visible()
    glass.page.unroute_all(behavior="ignoreErrors")
    glass.at("part-failed").get_by_role("button", name="重试").click()
    expect(glass.page.locator("[data-map]")).to_be_visible()
