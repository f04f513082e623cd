"""The demonstration county as `./relay up` makes it, on every screen at its own size.

With RELAY_SCREENSHOTS set, README's and handbook's pictures are taken here: by day, since at night no day has a flow.
"""

from collections.abc import Callable, Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.journeys.conftest import CONSOLE, PHONE, PICTURES, WALL
from tests.journeys.glass import Glass
from tests.journeys.people import Lead, Wall
from tests.live import Product
from tests.live.people import PASSWORD
from tests.live.product import Template

pytestmark = [pytest.mark.browser, pytest.mark.slow]
PUBLIC_ISSUES: Final = 250  # at least so many of the 300 open ones are not sensitive


@pytest.fixture(scope="module")
def county(live_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The county, running."""
    folder = tmp_path_factory.mktemp("county")
    cluster = live_template.cluster
    with Template.make(cluster, f"{live_template.database}_county", folder, plan="county") as template:
        product = Product(template, folder / "product")
        try:
            product.start().until_healthy()
            yield product
        finally:
            product.close()


@pytest.fixture
def sits_down(county: Product, office: Browser) -> Iterator[Callable[..., Glass]]:
    """Opens a window of a size, light or dark, signed in at a screen."""
    opened: list[Glass] = []

    def sit(username: str, path: str, size: ViewportSize = CONSOLE, *, dark: bool = False) -> Glass:
        glass = Glass(office, county.base_url, size, touch=size == PHONE)
        opened.append(glass)
        if dark:
            glass.page.emulate_media(color_scheme="dark")
        glass.signs_in(username, PASSWORD, path)
        return glass

    yield sit
    for glass in opened:
        glass.close()


def pictured(glass: Glass, name: str) -> None:
    """Takes the picture when pictures are asked for, once nothing is being loaded."""
    glass.page.wait_for_load_state("networkidle")
    if PICTURES:
        glass.takes_its_picture(name)


@pytest.mark.parametrize(("dark", "name"), [(False, "console"), (True, "console-dark")])
def test_the_desk(sits_down: Callable[..., Glass], dark: bool, name: str) -> None:
    glass = sits_down("duty1", "/console", dark=dark)
    expect(glass.page.locator("[data-map][data-ready=true]")).to_be_visible()
    expect(glass.at("queue").locator("[data-issue]").first).to_be_visible()
    glass.at("queue").locator("[data-issue]").nth(3).click()
    expect(glass.at("more-verbs")).to_be_visible()  # the whole of it has been read
    pictured(glass, name)


def test_the_wall(county: Product, sits_down: Callable[..., Glass], office: Browser) -> None:
    lead = Lead(sits_down("lead", "/console"))
    glass = Glass(office, county.base_url, CONSOLE)
    try:
        Wall(glass).is_paired_by(lead)
        expect(glass.at("flow")).to_be_visible()
        for name, size, scale in (("wall-1080", CONSOLE, "1.4"), ("wall", WALL, "2.7" if PICTURES else "1.4")):
            glass.page.set_viewport_size(size)  # the map is drawn anew in that size
            expect(glass.page.locator(f"[data-drawn=true][data-scale='{scale}']")).to_be_visible()
            pictured(glass, name)
    finally:
        glass.close()


@pytest.mark.parametrize(("dark", "name"), [(False, "leader"), (True, "leader-dark")])
def test_the_leader(sits_down: Callable[..., Glass], dark: bool, name: str) -> None:
    glass = sits_down("leader", "/leader", dark=dark)
    expect(glass.page.locator("[data-map][data-ready=true]")).to_be_visible()
    assert int(glass.page.locator("[data-count=open] .figure").inner_text()) >= PUBLIC_ISSUES
    glass.page.locator("[data-count=red]").click()
    expect(glass.at("rows").locator("[data-issue]").first).to_be_visible()
    pictured(glass, name)


def test_a_liaison(sits_down: Callable[..., Glass]) -> None:
    glass = sits_down("chengguan", "/phone", PHONE)
    expect(glass.at("inbox").get_by_role("button").first).to_be_visible()
    pictured(glass, "phone-list")
    glass.at("inbox").get_by_role("button").first.tap()
    expect(glass.at("order-state")).to_be_visible()
    pictured(glass, "phone")


def test_a_township(sits_down: Callable[..., Glass]) -> None:
    glass = sits_down("town", "/console")
    expect(glass.at("queue").locator("[data-issue]").first).to_be_visible()
    pictured(glass, "township")
