"""Who comes without an account, and who walks the grid. They know only what is on their glass."""

import re
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import FilePayload, Locator, expect

from tests.journeys.glass import Glass
from tests.live.people import PASSWORD

CODE: Final = re.compile(r"^[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}$")


@dataclass
class Resident:
    """Somebody before a grid's page, phone in hand."""

    glass: Glass

    def scans(self, grid_code: str) -> "Resident":
        """Opens the page behind the QR code on the door."""
        self.glass.opens(f"/r/{grid_code}")
        expect(self.glass.at("resident-form")).to_be_visible()
        return self

    def can_call_for_help(self) -> None:
        """Sees first of all whom to call when life is in danger; each number dials at a touch."""
        first = self.glass.page.locator("main > *").first
        expect(first).to_contain_text("有生命危险")
        for number in ("110", "119", "120"):
            expect(first.locator(f"a[href='tel:{number}']")).to_be_visible()

    def writes(self, text: str, *, photo: FilePayload | None = None) -> None:
        """Fills in the form."""
        self.glass.page.locator("textarea[name=text]").fill(text)
        if photo:
            self.glass.at("photos").set_input_files(photo)
            expect(self.glass.page.get_by_role("img", name="照片 1")).to_be_visible()

    def sends(self) -> tuple[str, str]:
        """Sends it. Answers number and query code, as they stand on the glass."""
        self.glass.at("resident-send").tap()
        expect(self.glass.at("query-code")).to_have_text(CODE)
        return self.glass.at("sent-number").inner_text(), self.glass.at("query-code").inner_text()

    def looks_up(self, query_code: str) -> None:
        """Asks by query code what has become of it, from any phone."""
        self.glass.opens("/r/")
        self.glass.page.locator("input[name=query-code]").fill(query_code.lower())
        self.glass.at("lookup").get_by_role("button").tap()
        expect(self.glass.at("matter")).to_be_visible()

    def sees(self, state: str) -> None:
        """Looks again until the state is told in these words."""
        self.glass.at("refresh").tap()
        expect(self.glass.at("matter-state")).to_have_text(state)

    def does(self, what: str, text: str) -> None:
        """Adds, withdraws, rates or asks again, and confirms."""
        self.glass.page.locator(f"[data-may={what}]").tap()
        if what == "rate":
            self.glass.page.get_by_text("很满意", exact=True).tap()
        self.glass.page.locator("textarea[name=words]").fill(text)
        self.glass.at("confirm").tap()
        expect(self.glass.at("confirm")).to_have_count(0)

    def may(self, what: str) -> Locator:
        """The button of what may be done now."""
        return self.glass.page.locator(f"[data-may={what}]")


@dataclass
class Member:
    """A grid member with a phone."""

    glass: Glass

    def signs_in(self, username: str) -> "Member":
        """Arrives at a live phone, all its views fetched while there is a network."""
        self.glass.signs_in(username, PASSWORD, "/phone")
        expect(self.glass.at("member-form")).to_be_visible()
        self.glass.page.wait_for_load_state("networkidle")
        return self

    def writes(self, text: str, item: str, *, photo: FilePayload | None = None) -> None:
        """Says what there is, and confirms the item that the words suggest."""
        self.glass.page.locator("textarea[name=text]").fill(text)
        self.glass.at("chips").get_by_role("button", name=item).tap()
        if photo:
            self.glass.at("photos").set_input_files(photo)
            expect(self.glass.page.get_by_role("img", name="照片 1")).to_be_visible()

    def has_settled_it(self, how: str) -> None:
        """Says that the parties settled on the spot, and agree to that."""
        self.glass.page.locator("input[name=settled]").check()
        self.glass.page.locator("textarea[name=settle-text]").fill(how)
        self.glass.page.locator("input[name=consent]").check()

    def sends(self) -> None:
        """Sends it, or leaves it to the phone to send."""
        self.glass.at("member-send").tap()

    def sees_that_it_waits(self) -> None:
        """Sees that nothing has arrived, and that the clock runs."""
        expect(self.glass.at("unsent")).to_contain_text("未送达")
        expect(self.glass.at("waiting")).to_contain_text("计时继续")

    def sees_it_arrive(self) -> str:
        """Waits until it was delivered. Answers the number."""
        expect(self.glass.at("delivered")).to_be_visible()
        expect(self.glass.at("unsent")).to_have_count(0)
        return self.glass.at("delivered").inner_text().split()[-1]
