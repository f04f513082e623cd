"""A wall shows the whole shift, also what was before it was opened, and gets no word of personal data for it.

Rules: docs/rules.md, "Sensitive" (the wall draws at grid, its text is item, place and state) and "The relay" (on the
wall until someone answers).
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, Playwright, Response, WebSocket, expect

from tests.journeys.conftest import CHROMIUM, CONSOLE, PICTURES, WALL, Open
from tests.journeys.glass import DRAWN_WITHIN_MS
from tests.journeys.people import Desk, Lead, Wall
from tests.live import Person, Product, wait_for
from tests.live.people import PASSWORD

REPORTER = {"name": "欧阳慕白", "phone": "13966667777"}
ADDRESS = "梧桐巷88号9幢3单元"
SAID = "楼上每晚砸墙到三点,劝了不听,我母亲心脏不好。"
FED_BACK = "已上门劝止并约定施工时段,当事人吴某签字。"
RETURNED = "先前处置人去错了楼栋,请补办。"
pytestmark = pytest.mark.browser


class Ear:
    """Keeps everything that a page was sent: every answer and every frame."""

    def __init__(self, page: Page) -> None:
        self._responses: list[Response] = []
        self.frames: list[str] = []
        page.on("response", lambda response: self._responses.append(response))
        page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.frames.append(str(frame)))

    def bodies(self) -> dict[str, str]:
        """The answers of the API by status and address, refusals too; a tile counts as the text that is in it."""
        found: dict[str, str] = {}
        for response in self._responses:
            if "/static/" in response.url:
                continue
            try:
                found[f"{response.status} {response.url}"] = response.body().decode("utf-8", "replace")
            except Error:
                continue  # it has no body, or the browser has let go of it
        return found


@pytest.mark.slow
def test_a_wall_through_a_shift(
    product: Product, lead: Lead, office: Browser, open_glass: Open, near: Callable[[Person], dict[str, Any]]
) -> None:
    officer, liaison = product.person("duty2"), product.person("chengguan")
    item = officer.an_item_for("law_enforcement")
    said: dict[str, Any] = {"text": SAID, "address": ADDRESS, "reporter": REPORTER, "position": near(officer)}
    before = officer.reports(item, **said).must()
    officer.does("accept", before.id).must()

    glass = open_glass(office, CONSOLE)
    ear = Ear(glass.page)
    wall = Wall(glass).is_paired_by(lead)
    today = product.wall(product.person("lead")).get("/situation").must().body["figures"]["today_accepted"]
    accepted = glass.at("flow").locator("[data-figure=today_accepted] dd")
    expect(accepted).to_have_text(str(today))  # what was before the wall was opened
    wall.tells_of("受理")

    with product.long_ago(timedelta(minutes=60) - timedelta(seconds=1)):
        late = officer.reports(item, **said).must()
    alarm = glass.at("alarms").locator(f"[data-issue='{late.id}']")
    expect(alarm).to_be_visible()
    wait_for(lambda: "issue.breached" in product.facts_of(late.id), "the breach")
    expect(alarm).to_contain_text("已报")  # whom the ladder told: a unit
    if PICTURES:
        for name, size, scale in (("wall-1080", CONSOLE, "1.4"), ("wall", WALL, "2.7")):
            glass.page.set_viewport_size(size)  # the map is drawn anew in that size
            drawn = glass.page.locator(f"[data-drawn=true][data-scale='{scale}']")
            expect(drawn).to_be_visible(timeout=DRAWN_WITHIN_MS)
            glass.takes_its_picture(name)

    for window in (glass, lead.glass):
        window.may_lose_the_line()
    product.gateway.kill()
    product.gateway.start()  # the wall comes back by itself, not by a reload: `glass` would fault that
    officer.does("accept", late.id).must()
    glass.says_nothing_is_wrong()
    expect(alarm).to_have_count(0)  # someone has answered

    officer.does("file", late.id).must()
    order = officer.dispatches(late.id, "law_enforcement")
    liaison.handles(order, FED_BACK)
    officer.does("rework", late.id, {"orders": [order], "reason": RETURNED}).must()
    liaison.answers("feed_back", order, {"result": "handled", "text": FED_BACK}).must()
    officer.confirms(late.id)
    wall.tells_of("结案")
    expect(accepted).to_have_text(str(today + 1))

    bodies = ear.bodies()
    assert any("/snapshot" in url for url in bodies), list(bodies)
    assert any("/flow/today" in url for url in bodies), list(bodies)
    assert any("/situation" in url for url in bodies), list(bodies)
    assert len(ear.frames) > 10
    position = said["position"]
    secrets = [*REPORTER.values(), ADDRESS, SAID, FED_BACK, RETURNED, officer.name, liaison.name]
    secrets += [str(position["lon"])[:9], SAID[:6], FED_BACK[:6]]
    sent = [*bodies.items(), *(("a frame", frame) for frame in ear.frames)]
    assert [(where, secret) for where, text in sent for secret in secrets if secret in text] == []


@pytest.mark.slow
def test_a_revoked_wall_says_so_and_shows_nothing_of_the_person_at_its_browser(
    product: Product, lead: Lead, office: Browser, open_glass: Open
) -> None:
    glass = open_glass(office, CONSOLE)
    glass.may_be_refused()
    glass.enters("leader", PASSWORD, "/leader")  # somebody has signed in at the wall's own browser
    Wall(glass).is_paired_by(lead)
    ear = Ear(glass.page)
    chief = product.person("lead")
    newest = chief.get("/devices").must().body[0]
    chief.send("DELETE", f"/devices/{newest['id']}").must()
    expect(glass.page.get_by_text("本屏已被撤销")).to_be_visible()
    expect(glass.at("pairing-code")).to_be_visible()
    expect(glass.page.locator(".wall")).to_have_count(0)
    assert not [url for url in ear.bodies() if url.startswith("200") and "/snapshot" in url]


@pytest.fixture
def near() -> Callable[[Person], dict[str, Any]]:
    """A place off every cell's middle: a wall must not be able to tell it from any other of its grid."""

    def place(person: Person) -> dict[str, Any]:
        position = person.a_place()
        return {**position, "lon": position["lon"] + 0.00123456, "lat": position["lat"] + 0.00076543}

    return place


@pytest.fixture(scope="module")
def old_machine(playwright: Playwright) -> Iterator[Browser]:
    """A browser that has no WebGL at all."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-3d-apis"])
    yield browser
    browser.close()


@pytest.mark.slow
def test_without_webgl_the_map_is_drawn_on_canvas(old_machine: Browser, open_glass: Open) -> None:
    glass = open_glass(old_machine, CONSOLE)
    desk = Desk(glass).signs_in("duty1")
    drawn = glass.page.locator("[data-map=canvas][data-ready=true]")
    expect(drawn).to_be_visible()
    expect(drawn.locator(".issue-mark").first).to_be_visible()
    issue = desk.enters_a_report("路灯", SAID)  # a click on the map gives the place, as in WebGL
    desk.sees_the_light(issue, "green")
    glass.page.keyboard.press("Escape")
    glass.page.keyboard.press("m")  # the list says the same
    expect(glass.at("cell-list").get_by_role("button").first).to_be_visible()
