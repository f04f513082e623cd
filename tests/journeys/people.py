"""Those who work with the product in a browser, in words of the desk. They know only what is on their glass."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Locator, expect

from tests.journeys.glass import Glass
from tests.live.people import PASSWORD
from tests.live.waiting import wait_for

COORDINATES: Final = re.compile(r"^\d+\.\d{5}, \d+\.\d{5}$")
SCROLLED: Final = """(list, top) => new Promise((drawn) => {
  list.scrollTop = top
  requestAnimationFrame(() => requestAnimationFrame(drawn))
})"""
PDF: Final = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
LIGHTS: Final = {"green": "正常", "amber": "将超", "red": "超限"}


@dataclass
class Desk:
    """A duty officer before the console."""

    glass: Glass

    def signs_in(self, username: str) -> "Desk":
        """Arrives at a live console."""
        self.glass.signs_in(username, PASSWORD, "/console")
        return self

    def enters_a_report(self, item: str, text: str) -> str:
        """Fills in the form, with a point in the middle of the map. Answers the issue's id."""
        self._fills_in_a_report(item, text)
        return self._hands_it_in()

    def _fills_in_a_report(self, item: str, text: str) -> None:
        self.glass.page.keyboard.press("n")
        self.glass.at("item-search").fill(item)
        self.glass.at("item-search").press("Enter")
        self.glass.at("report-form").locator("textarea[name=text]").fill(text)
        self.points_at_the_map()

    def _hands_it_in(self) -> str:
        self.glass.at("report-submit").click()
        expect(self.glass.at("report-form")).to_have_count(0)
        chosen = self.glass.page.locator("[data-issue][aria-selected=true]")
        expect(chosen).to_have_count(1)
        issue_id = chosen.get_attribute("data-issue")
        assert issue_id is not None
        return issue_id

    def points_at_the_map(self) -> None:
        """Picks a point near the middle of the map for the open report."""
        canvas = self.glass.page.locator("canvas").first
        expect(canvas).to_be_visible()
        box = canvas.bounding_box()
        assert box is not None
        self.glass.at("pick").click()
        self.glass.page.mouse.click(box["x"] + 0.55 * box["width"], box["y"] + 0.5 * box["height"])
        expect(self.glass.at("report-form").get_by_text(COORDINATES)).to_be_visible()

    def sees_the_receipt(self, word: str) -> None:
        """Waits until the open issue's order is marked so: 送达 delivered, 已显示 displayed, 签收 acknowledged."""
        mark = self.glass.page.locator("[data-order]").get_by_role("listitem").filter(has_text=word)
        expect(mark.first).to_contain_text("✓")

    def opens(self, issue_id: str) -> None:
        """Chooses an issue in the queue, of which only what is in view is drawn."""

        def stands_there() -> bool:
            self.glass.page.mouse.move(2, 2)
            if not self._scrolls_to(issue_id):
                return False
            self.glass.at("queue").hover()  # under a pointer the queue stands still, unless it has moved just before
            return self.row(issue_id).count() > 0

        wait_for(stands_there, "the issue in the queue")
        self.row(issue_id).click()

    def _scrolls_to(self, issue_id: str) -> bool:
        queue = self.glass.at("queue")
        for top in range(0, int(queue.evaluate("list => list.scrollHeight")), 400):
            queue.evaluate(SCROLLED, top)
            if self.row(issue_id).count():
                return True
        return False

    def row(self, issue_id: str) -> Locator:
        """The issue's line in the queue."""
        return self.glass.at("queue").locator(f"[data-issue='{issue_id}']")

    def sees_the_light(self, issue_id: str, light: str) -> None:
        """Waits until the issue's line shows a light, in words as in colour, wherever in the queue it is drawn."""
        lit = self.row(issue_id).get_by_role("img", name=LIGHTS[light], exact=True)
        wait_for(lambda: lit.count() > 0 or (self._scrolls_to(issue_id) and lit.count() > 0), f"the {light} light")

    def does(self, verb: str) -> None:
        """Takes the next step on the open issue, at once."""
        self.glass.page.locator(f"[data-verb={verb}]").click()

    def takes_the_next_step(self, seen: str) -> None:
        """Presses the next step's key until its dialog or state is there: one that has just changed takes no key."""
        shown = self.glass.page.locator(seen)

        def there() -> bool:
            if not shown.count():
                self.glass.page.keyboard.press("Space")
            return shown.count() > 0

        wait_for(there, seen)

    def dispatches(self, unit: str) -> None:
        """Sends the lead order to a unit, by its name."""
        self.does("dispatch")
        dialog = self.glass.page.get_by_role("dialog")
        dialog.get_by_label(unit, exact=False).first.check()
        self.glass.at("confirm-verb").click()
        expect(dialog).to_have_count(0)

    def chooses(self, verb: str) -> None:
        """Opens what is behind "more" by the keyboard, and takes one verb of it."""
        expect(self.glass.at("more-verbs")).to_be_visible()
        self.glass.page.keyboard.press(".")
        self.glass.page.locator(f"[data-verb-item={verb}]").click()

    def gives(self, **words: str) -> None:
        """Fills in the open dialog's fields by their names, and confirms."""
        dialog = self.glass.page.get_by_role("dialog")
        for name, text in words.items():
            field = dialog.locator(f"textarea[name={name}], input[name={name}]")
            if field.count():
                field.fill(text)
            else:
                dialog.locator(f"select[name={name}]").select_option(text)
        self.confirms()

    def confirms(self) -> None:
        """Confirms the open dialog, which then closes."""
        self.glass.at("confirm-verb").click()
        expect(self.glass.page.get_by_role("dialog")).to_have_count(0)

    def replies(self, text: str) -> None:
        """Tells whoever reported, by telephone, how it stands."""
        self.glass.page.locator("[data-verb=reply]").first.click()
        self.gives(text=text)

    def merges_into(self, number: str, reason: str) -> None:
        """Looks at the possible duplicates beside the open issue, and joins it to one of them."""
        self.glass.at("duplicates").click()
        dialog = self.glass.page.get_by_role("dialog")
        candidate = dialog.locator("[data-candidate]").filter(has_text=number)
        expect(candidate).to_be_visible()
        candidate.get_by_role("radio").check()
        self.gives(reason=reason)

    def prints_the_slip(self) -> Locator:
        """Opens the slip of the first report as it would be printed: the sheet, and nothing of the console."""
        self.glass.at("receipt-button").first.click()
        slip = self.glass.at("receipt")
        expect(slip).to_be_visible()
        self.glass.page.emulate_media(media="print")
        expect(self.glass.at("queue")).to_be_hidden()
        expect(self.glass.at("print")).to_be_hidden()
        return slip

    def is_back_at_the_glass(self) -> None:
        """Has taken the sheet from the printer."""
        self.glass.page.emulate_media(media="screen")
        self.glass.page.keyboard.press("Escape")
        expect(self.glass.page.get_by_role("dialog")).to_have_count(0)

    def exports_the_list(self) -> str:
        """Saves the queue as shown. Answers the file's text."""
        with self.glass.page.expect_download() as saving:
            self.glass.at("export-queue").click()
        return Path(saving.value.path()).read_text(encoding="utf-8-sig")

    def verifies(self) -> None:
        """Confirms the result."""
        self.does("verify")
        self.glass.at("confirm-verb").click()
        expect(self.glass.page.get_by_role("dialog")).to_have_count(0)

    def closes_the_issue(self) -> None:
        """Ends it as resolved, the reporter asked: which one says oneself, else the dialog lets nobody through."""
        self.does("close")
        dialog = self.glass.page.get_by_role("dialog")
        asked = dialog.get_by_label("已回访反映人")
        expect(asked).not_to_be_checked()
        self.glass.at("confirm-verb").click()
        expect(dialog.get_by_role("alert")).to_contain_text("免回访理由")
        asked.check()
        self.glass.at("confirm-verb").click()
        expect(dialog).to_have_count(0)

    def sees_the_state(self, state: str) -> None:
        """Waits until the open issue's detail shows a state."""
        expect(self.glass.at("detail-state")).to_have_text(state)


@dataclass
class Liaison:
    """A department's liaison with a phone."""

    glass: Glass

    def signs_in(self, username: str) -> "Liaison":
        """Arrives at a live phone."""
        self.glass.signs_in(username, PASSWORD, "/phone")
        return self

    def opens(self, order_id: str) -> None:
        """Taps an order in the inbox, once it is there."""
        self.glass.page.locator(f"[data-order='{order_id}']").tap()

    def opens_the_newest(self, item: str) -> None:
        """Taps the only order of an item that waits for acknowledgment."""
        self.glass.at("inbox").get_by_role("button").filter(has_text=item).filter(has_text="待签收").tap()

    def reads(self, text: str) -> None:
        """Waits until the open order shows what was reported."""
        expect(self.glass.at("order").get_by_text(text)).to_be_visible()

    def acknowledges(self) -> None:
        """Takes the open order on."""
        self.glass.at("acknowledge").tap()
        self.sees_the_state("已签收")

    def starts(self) -> None:
        """Begins to handle it."""
        self.glass.at("start").tap()
        self.sees_the_state("处置中")

    def feeds_back(self, text: str) -> None:
        """Answers what was done."""
        self.glass.at("feed-back").tap()
        self.glass.page.locator("textarea[name=feedback]").fill(text)
        self.glass.page.get_by_role("button", name="提交反馈").tap()
        self.sees_the_state("待核查")

    def asks_for_return(self, ground: str, unit: str, text: str) -> None:
        """Asks that the open order be taken back: a listed ground, a better unit, why."""
        self.glass.at("ask-return").tap()
        form = self.glass.at("return-form")
        form.locator("select[name=ground]").select_option(label=ground)
        form.locator("select[name=unit]").select_option(label=unit)
        form.locator("textarea[name=return-text]").fill(text)
        self.glass.at("send-return").tap()

    def exports_the_list(self) -> str:
        """Goes back to the list and saves it as shown. Answers the file's text."""
        back = self.glass.page.get_by_role("button", name="返回")
        if back.count():
            back.tap()
        with self.glass.page.expect_download() as saving:
            self.glass.at("export").tap()
        return Path(saving.value.path()).read_text(encoding="utf-8-sig")

    def sees_the_state(self, state: str) -> None:
        """Waits until the open order shows a state."""
        expect(self.glass.at("order-state")).to_have_text(state)


@dataclass
class Wall:
    """The screen on the wall of the hall."""

    glass: Glass

    def is_paired_by(self, lead: "Lead") -> "Wall":
        """Shows its code until the duty lead enters it, then lives."""
        self.glass.opens("/wall")
        code = self.glass.at("pairing-code")
        expect(code).to_be_visible()
        lead.approves(code.inner_text())
        self.glass.is_live()
        return self

    def tells_of(self, *words: str) -> None:
        """Waits until a line of the ticker has all of the words."""
        line = self.glass.at("ticker").locator("li")
        for word in words:
            line = line.filter(has_text=word)
        expect(line.first).to_be_visible()


class Lead(Desk):
    """A duty lead before the console: a desk that may let screens in, and enters what happened on paper."""

    def enters_a_report_from_paper(self, item: str, text: str, minute: str) -> str:
        """Fills in the form and ticks that it was taken on paper, then (`2026-11-22T21:05`). Answers the issue's id."""
        self._fills_in_a_report(item, text)
        form = self.glass.at("report-form")
        form.locator("input[name=on-paper]").check()
        form.locator("input[name=happenedAt]").fill(minute)
        form.get_by_text("停电", exact=True).click()
        return self._hands_it_in()

    def enters_from_paper(self, verb: str, minute: str) -> None:
        """Opens what is behind "more" by the keyboard, and enters a step that happened on paper."""
        step = self.glass.page.locator(f"[data-paper-item={verb}]")
        expect(self.glass.at("more-verbs")).to_be_visible()
        self.glass.page.keyboard.press(".")
        step.click()
        dialog = self.glass.page.get_by_role("dialog")
        expect(dialog.locator("input[name=happenedAt]")).to_be_focused()
        dialog.locator("input[name=happenedAt]").fill(minute)
        dialog.get_by_text("断网", exact=True).click()
        self.glass.at("confirm-verb").click()

    def approves(self, code: str) -> None:
        """Lets the wall in that shows this code."""
        page = self.glass.page
        page.get_by_role("button", name="大屏").click()
        dialog = page.get_by_role("dialog")
        dialog.locator("input[name=code]").fill(code)
        dialog.locator("input[name=name]").fill("一号厅大屏")
        dialog.get_by_role("button", name="准许接入").click()
        expect(dialog.get_by_text("已准许")).to_be_visible()
        page.keyboard.press("Escape")
