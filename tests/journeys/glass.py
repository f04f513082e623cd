"""A real browser window before a person, that fails its test when it shows or does what it never should."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Request,
    Route,
    ViewportSize,
    WebSocket,
    expect,
)

DRAWN_WITHIN_MS: Final = 240_000  # a wall of eight million points, in software
SEEN_WITHIN_MS: Final = 90_000  # two busy cores draw slowly; what must be quick is measured elsewhere
BROKEN_LINE: Final = re.compile(r"net::ERR_|WebSocket|status of 50[0-9]|Worker failed to load|Unable to preload")
REFUSED: Final = re.compile(r"status of 4[0-9]{2}")
MAPS_ARE_DRAWN: Final = """() => {
  const maps = [...document.querySelectorAll('[data-map=webgl]')]
  return maps.every((map) => map.dataset.drawn === 'true')
}"""
SCREENS: Final = Path(__file__).resolve().parents[2] / "docs" / "screens"

expect.set_options(timeout=SEEN_WITHIN_MS)


class Glass:
    """One window with its own cookies. `close` raises for each console error, foreign request, reload or defect."""

    def __init__(
        self, browser: Browser | BrowserContext, base_url: str, size: ViewportSize, *, touch: bool = False
    ) -> None:
        """browser   one to open a window in, or a window with a profile of its own (pocket.py), taken as it is"""
        self._origin = base_url
        self._faults: list[str] = []
        self._line_may_break = False
        self._may_be_refused = False
        self._opened: list[str] = []
        self._context: BrowserContext = (
            browser
            if isinstance(browser, BrowserContext)
            else browser.new_context(
                base_url=base_url, viewport=size, has_touch=touch, locale="zh-CN", timezone_id="Asia/Shanghai"
            )
        )
        self._context.set_default_timeout(SEEN_WITHIN_MS)
        self.page: Page = self._context.pages[0] if self._context.pages else self._context.new_page()
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self._faults.append(f"page error: {error}"))
        self.page.on("request", self._asked)
        self.page.on("websocket", self._dialled)
        self.page.on("framenavigated", lambda frame: self._navigated(frame.url))

    def opens(self, path: str) -> None:
        """Goes to a page of the product. From the last time this is called on, a reload is a fault."""
        self.page.goto(path)
        self._opened = self._opened[-1:]

    def signs_in(self, username: str, password: str, path: str) -> None:
        """Signs in by the form and arrives at the live screen `path`."""
        self.enters(username, password, path)
        self.is_live()

    def enters(self, username: str, password: str, path: str) -> None:
        """Signs in by the form and arrives at `path`, whatever is shown there."""
        self.opens(f"/sign-in?next={path}")
        self.page.locator("input[name=username]").fill(username)
        self.page.locator("input[name=password]").fill(password)
        self.page.locator("button[type=submit]").click()
        self.page.wait_for_url(lambda url: urlsplit(url).path == path)

    def at(self, test_id: str) -> Locator:
        """What bears a test's handle."""
        return self.page.get_by_test_id(test_id)

    def is_live(self) -> None:
        """Waits until the screen says that it is live."""
        expect(self.at("link-state").first).to_have_attribute("data-state", "live")
        self._opened = self._opened[-1:]

    def says_it_is_stale(self, culprit: str) -> None:
        """Waits for the band across the screen that names who is to blame."""
        expect(self.at("stale-banner")).to_be_visible()
        expect(self.at("stale-banner")).to_have_attribute("data-culprit", culprit)

    def says_nothing_is_wrong(self) -> None:
        """Waits until no band is shown."""
        expect(self.at("stale-banner")).to_have_count(0)
        self.is_live()

    def may_lose_the_line(self) -> None:
        """From now on a browser's own words about a broken connection are no fault: the test breaks it."""
        self._line_may_break = True

    @contextmanager
    def holds_back(self, *paths: str) -> Iterator[list[Route]]:
        """While it lasts, calls of the API at these paths get no answer; then they go through. Gives what is held."""
        held: list[Route] = []
        for path in paths:
            self.page.route(f"**/api/v1{path}", lambda route: held.append(route))
        yield held
        assert held, paths
        for route in held:
            route.continue_()
        self.page.unroute_all(behavior="ignoreErrors")

    def may_be_refused(self) -> None:
        """From now on a browser's own words about a refusal (4xx) are no fault: the test asks for one."""
        self._may_be_refused = True

    def has_arrived(self) -> None:
        """From now on a page that loads again is a fault."""
        self._opened = self._opened[-1:]

    def takes_its_picture(self, name: str) -> None:
        """For docs/screens, when its maps are drawn."""
        self.page.wait_for_function(MAPS_ARE_DRAWN, timeout=DRAWN_WITHIN_MS)
        SCREENS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENS / f"{name}.png", timeout=DRAWN_WITHIN_MS)

    def close(self) -> None:
        """Closes the window. Raises AssertionError with all that went wrong in it."""
        state = self.at("link-state").first
        if state.count() and state.get_attribute("data-defects") != "0":
            self._faults.append("the screen missed a version and had to fetch an object (a defect)")
        if len(self._opened) > 1:
            self._faults.append(f"the page was loaded again: {self._opened}")
        self._context.close()
        assert self._faults == [], "\n".join(self._faults)

    def _navigated(self, url: str) -> None:
        last = self._opened[-1] if self._opened else ""
        if url != last and url.partition("#")[0] == last.partition("#")[0]:
            self._opened[-1] = url  # another section of the page that is there
        else:
            self._opened.append(url)

    def _said(self, message: ConsoleMessage) -> None:
        if message.type != "error":
            return
        where = message.location.get("url", "")
        if "status of 401" in message.text and where.endswith("/api/v1/session"):
            return  # the sign-in page asks whether somebody is signed in already
        if self._may_be_refused and REFUSED.search(message.text):
            return
        if self._line_may_break and BROKEN_LINE.search(message.text):
            return
        self._faults.append(f"console: {message.text} ({where})")

    def _asked(self, request: Request) -> None:
        self._check_origin(request.url)

    def _dialled(self, socket: WebSocket) -> None:
        self._check_origin(socket.url)

    def _check_origin(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.netloc != urlsplit(self._origin).netloc:
            self._faults.append(f"a request outside the origin: {url}")
