"""The desks of a township and a community before /township, and what a test prepares for them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Locator, expect
from shapely.geometry import shape

from tests.journeys.glass import Glass
from tests.journeys.people import Desk
from tests.live import Person, Product
from tests.live.people import PASSWORD, Caller


@dataclass
class Centre(Desk):
    """The desk of a township's or community's centre: the console, narrowed to its place."""

    glass: Glass

    def signs_in(self, username: str) -> "Centre":
        """Arrives at a live screen that says which centre it is."""
        self.glass.signs_in(username, PASSWORD, "/township")
        self.shows_the_map(False)  # three maps at once are more than two cores draw in software
        return self

    def shows_the_map(self, shown: bool) -> None:
        """Turns from the map to its list, or back."""
        self.glass.page.keyboard.press("m")
        canvas = self.glass.page.locator("canvas")
        if shown:
            expect(canvas.first).to_be_visible()
        else:
            expect(canvas).to_have_count(0)

    def takes_its_picture(self, name: str) -> None:
        """For docs/screens, with the map."""
        self.shows_the_map(True)
        self.glass.takes_its_picture(name)
        self.shows_the_map(False)

    def is_headed(self, name: str) -> None:
        """Sees the centre's own name above everything, and in the window's title, after how much is unseen."""
        expect(self.glass.page.locator("h1")).to_contain_text(name)
        titled = f"{self.glass.page.locator('h1 span').inner_text()} · {name} · Relay60"
        expect(self.glass.page).to_have_title(re.compile(rf"^(（\d+）)?{re.escape(titled)}$"))

    def looks_at(self, tab: str) -> None:
        """Narrows the queue."""
        self.glass.page.get_by_role("tab", name=tab).click()

    def step(self, verb: str) -> Locator:
        """The button of a step on an order of one's own."""
        return self.glass.page.locator(f"[data-order-verb={verb}]")

    def does_with_the_order(self, verb: str) -> None:
        """Takes a step on the own order."""
        self.step(verb).click()

    def forwards_to(self, centre: str) -> None:
        """Hands the own order to a centre below."""
        self.does_with_the_order("forward")
        dialog = self.glass.page.get_by_role("dialog")
        field_of_it = dialog.locator("select[name=taker]")
        if field_of_it.count():
            field_of_it.select_option(label=centre)
        else:
            dialog.get_by_text(centre, exact=True).click()
        self.confirms()

    def sees_the_relay_up_run(self) -> None:
        """Sees the open issue's 60 minutes run."""
        expect(self.relay_up).to_have_class("clock green running")

    @property
    def relay_up(self) -> Locator:
        """The clock of the relay up of the open issue."""
        return relay_up(self.glass)


def relay_up(glass: Glass) -> Locator:
    """The clock of the relay up in a console's detail."""
    return glass.page.locator(".detail .clock").filter(has=glass.page.get_by_text("上传", exact=True)).first


@dataclass
class District:
    """What stands below: the first township, and its first community, as the demonstration has them."""

    product: Product
    duty: Person = field(init=False)
    admin: Person = field(init=False)
    units: dict[str, dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self.duty, self.admin = self.product.person("duty1"), self.product.person("admin")
        self.units = {}
        known = {unit["id"]: unit for unit in self.duty.get("/reference").must().body["units"]}
        for name in ("town", "community"):
            self.units[name] = known[self.product.person(name).unit_ids[0]]

    def name(self, who: str) -> str:
        """What the centre of a desk is called."""
        return str(self.units[who]["name"])

    def place(self) -> tuple[str, dict[str, Any]]:
        """A grid of the community: its cell's id, and a position well inside it."""
        path = self.units["community"]["place"] + "/"
        grids = self.duty.get("/cells?tier=grid").must().body["features"]
        grid = next(one for one in grids if one["properties"]["path"].startswith(path))
        point = shape(grid["geometry"]).representative_point()
        return str(grid["properties"]["id"]), {"lon": point.x, "lat": point.y, "system": "CGCS2000"}

    def member(self, username: str) -> Person:
        """A new grid member of the community's centre, with a password of their own."""
        cell, _ = self.place()
        return self.newcomer(username, {"role": "grid_member", "unit": self.units["community"]["id"], "cell": cell})

    def newcomer(self, username: str, post: Mapping[str, Any]) -> Person:
        """Somebody new in a post, with a password of their own."""
        made = self.admin.post("/admin/people", {"username": username, "name": "岑小桥"}).must()
        self.admin.post("/admin/posts", {"person": made.id, **post}, version=made.body["version"]).must()
        newcomer = Caller(self.product.base_url)
        newcomer.get("/session")
        first = str(made.body["first_password"])
        newcomer.post("/session", {"username": username, "password": first}).must()
        newcomer.post("/session/password", {"old": first, "new": PASSWORD}).must()
        newcomer.close()
        return self.product.person(username)

    def item(self, name: str = "装修扰民与拆改墙体纠纷") -> str:
        """The code of an everyday dispute."""
        items = self.duty.get("/reference").must().body["catalogue"]
        return str(next(one["code"] for one in items if one["item_zh"] == name))

    def reported_by(self, member: Person, text: str) -> str:
        """A dispute that a member reports from the own grid. Answers the issue's id."""
        _, position = self.place()
        return member.reports(self.item(), text, channel="grid_report", position=position).must().id

    def sent_to_the_township(self, text: str) -> tuple[str, str]:
        """An order that the township has to acknowledge. Answers (issue id, order id)."""
        _, position = self.place()
        issue = self.duty.reports(self.item(), text, position=position).must().id
        for verb in ("accept", "file"):
            self.duty.does(verb, issue).must()
        body = {"unit": self.units["town"]["id"], "reason": "属地处置"}
        self.duty.does("dispatch", issue, body).must()
        return issue, str(self.duty.sees(issue).must().body["card"]["lead"]["order"])

    def lets_townships_accept(self, allowed: bool) -> None:
        """Turns the centre's setting on or off."""
        known = self.admin.get("/admin/settings").must().body
        now = next(one for one in known if one["name"] == "township_accepts")
        self.admin.post("/admin/settings/township_accepts", {"value": allowed}, version=now["version"]).must()
