"""Browsers before people: Debian's chromium, drawing in software. A window that saw a fault fails its test."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Final

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Playwright, ViewportSize, sync_playwright

from tests.journeys.first_story import Five, Township
from tests.journeys.glass import Glass
from tests.journeys.inspection import Inspector
from tests.journeys.people import Desk, Lead, Liaison, Wall
from tests.journeys.pocket import Pocket
from tests.journeys.residents import Member, Resident
from tests.live import Person, Product

CHROMIUM: Final = os.environ.get("RELAY_CHROMIUM", "/usr/bin/chromium")
SOFTWARE_DRAWING: Final = ["--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
DIST: Final = Path(__file__).resolve().parents[2] / "frontend" / "dist"
CONSOLE: Final[ViewportSize] = {"width": 1920, "height": 1080}
PHONE: Final[ViewportSize] = {"width": 390, "height": 844}
PICTURES: Final = bool(os.environ.get("RELAY_SCREENSHOTS"))  # a wall's four million points are drawn for those only
WALL: Final[ViewportSize] = {"width": 3840, "height": 2160} if PICTURES else CONSOLE
Open = Callable[..., Glass]


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver, for one file: it must be gone before an asynchronous test begins its own loop."""
    assert (DIST / "console.html").exists(), f"the screens are not built in {DIST}: run ./relay up"
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="module")
def launch(playwright: Playwright) -> Iterator[Callable[[], Browser]]:
    """Starts a browser of its own."""
    with ExitStack() as stack:

        def start() -> Browser:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_DRAWING)
            stack.callback(browser.close)
            return browser

        yield start


@pytest.fixture(scope="module")
def office(launch: Callable[[], Browser]) -> Browser:
    """The browser of the centre's own screens."""
    return launch()


@pytest.fixture(scope="module")
def pocket(launch: Callable[[], Browser]) -> Browser:
    """The browser of a phone, another one than the centre's."""
    return launch()


@pytest.fixture
def open_glass(product: Product) -> Iterator[Open]:
    """Opens a window in a browser; when the test ends every window is closed, and must have seen no fault."""
    with ExitStack() as stack:

        def open_one(browser: Browser, size: ViewportSize, *, touch: bool = False) -> Glass:
            glass = Glass(browser, product.base_url, size, touch=touch)
            stack.callback(glass.close)
            return glass

        yield open_one


@pytest.fixture
def desk(office: Browser, open_glass: Open) -> Desk:
    """A duty officer before a live console."""
    return Desk(open_glass(office, CONSOLE)).signs_in("duty1")


@pytest.fixture
def lead(office: Browser, open_glass: Open) -> Lead:
    """A duty lead before a live console."""
    lead = Lead(open_glass(office, CONSOLE))
    lead.signs_in("lead")
    return lead


@pytest.fixture
def liaison(pocket: Browser, open_glass: Open) -> Liaison:
    """The liaison of law enforcement, phone in hand."""
    return Liaison(open_glass(pocket, PHONE, touch=True)).signs_in("chengguan")


@pytest.fixture
def resident(pocket: Browser, open_glass: Open) -> Resident:
    """Somebody with a phone and no account."""
    return Resident(open_glass(pocket, PHONE, touch=True))


@pytest.fixture
def member(pocket: Browser, open_glass: Open) -> Member:
    """A grid member, phone in hand."""
    return Member(open_glass(pocket, PHONE, touch=True)).signs_in("grid1")


@pytest.fixture
def kept_phone(playwright: Playwright, product: Product, tmp_path: Path) -> Iterator[Pocket]:
    """A phone with a profile of its own."""
    phone = Pocket(playwright, CHROMIUM, SOFTWARE_DRAWING, tmp_path / "profile", product.base_url, PHONE)
    yield phone
    phone.closes()


@pytest.fixture
def inspector() -> Iterator[Inspector]:
    """Who looks the screens over; the test fails at its end with all that was found."""
    inspector = Inspector(pictures=PICTURES)
    yield inspector
    inspector.ends()


@pytest.fixture
def colleague(product: Product) -> Person:
    """Another duty officer, elsewhere, who acts while the screens only show."""
    return product.person("duty2")


@pytest.fixture
def photo() -> FilePayload:
    """A photo as a phone takes it."""
    picture = BytesIO()
    Image.new("RGB", (640, 480), (96, 110, 120)).save(picture, "JPEG")
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": picture.getvalue()}


@pytest.fixture
def wall(office: Browser, open_glass: Open, lead: Lead) -> Wall:
    """The hall's wall, paired and live."""
    return Wall(open_glass(office, WALL)).is_paired_by(lead)


@pytest.fixture
def township(office: Browser, open_glass: Open) -> Township:
    """A duty officer of the first township before a live console."""
    return Township(open_glass(office, CONSOLE)).signs_in("town")


@pytest.fixture
def five(member: Member, desk: Desk, liaison: Liaison, township: Township, wall: Wall) -> Five:
    """Everybody of the first story, before a live screen each."""
    return Five(member, desk, liaison, township, wall)
