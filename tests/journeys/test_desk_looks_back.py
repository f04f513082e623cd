"""The desk finds what is over, and reads who told of it only with a reason that stays.

Rules: docs/rules.md, "An issue"; search by number, place, item, unit, period.
"""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, expect

from tests.journeys.people import Desk
from tests.journeys.test_desk_verbs import day
from tests.live import Person, Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NAME, PHONE = "王建国", "13812341234"
TEXT: Final = f"路灯不亮三天了，请打 {PHONE} 找{NAME}。"
REASON: Final = "回电核实位置"


class Search:
    """The dialog in which the desk looks for what its queue doesn't hold."""

    def __init__(self, desk: Desk, number: str) -> None:
        desk.glass.page.keyboard.press("f")
        self.dialog: Locator = desk.glass.page.get_by_role("dialog")
        self.number = number
        self.dialog.locator("input[name=q]").fill(number)

    def finds(self, found: bool, **filters: str) -> None:
        """Looks with the number and some filters, which are then taken away."""
        for name, value in filters.items():
            self._sets(name, value)
        self.dialog.get_by_role("button", name="查 询").click()
        hit = self.dialog.get_by_test_id("found").get_by_role("button", name=self.number)
        expect(hit).to_have_count(int(found))
        if not found:
            expect(self.dialog).to_contain_text("没有符合条件的事项")
        for name in filters:
            self._sets(name, "")

    def _sets(self, name: str, value: str) -> None:
        field = self.dialog.locator(f"[name={name}]")
        if name == "cell":
            field.fill(value)
            if value:
                expect(self.dialog).to_contain_text("请选定一处")  # only typed, it is no place yet
                field.press("Enter")
                expect(self.dialog.get_by_text("请选定一处")).to_have_count(0)
        elif field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def test_a_closed_issue_is_found_by_every_filter_and_opens(product: Product, desk: Desk, colleague: Person) -> None:
    issue, order = colleague.sends_an_order("law_enforcement")
    product.person("chengguan").handles(order)
    colleague.confirms(issue)
    card: dict[str, Any] = colleague.sees(issue).must().body["card"]
    grids = [cell["properties"]["name"] for cell in colleague.get("/cells?tier=grid").must().body["features"]]
    elsewhere = next(name for name in grids if name != card["cell"]["name"])
    other_item = colleague.an_item_for("power")

    search = Search(desk, card["number"])
    search.finds(True)
    search.finds(False, cell=elsewhere)
    search.finds(True, cell=card["cell"]["name"])
    search.finds(False, item=other_item)
    search.finds(True, item=card["item"])
    search.finds(False, unit=colleague.unit("power"))
    search.finds(True, unit=colleague.unit("law_enforcement"))
    search.finds(False, to=day(product, -1))
    search.finds(True, **{"from": day(product, -1), "to": day(product, 0)})
    search.finds(False, state="in_handling")
    search.finds(True, state="closed")

    search.dialog.get_by_test_id("found").get_by_role("button", name=card["number"]).click()
    desk.sees_the_state("已结案")
    expect(desk.glass.at("detail-state")).to_be_visible()
    expect(desk.row(issue)).to_have_count(0)  # the queue holds what is open


def test_personal_data_is_read_only_with_a_reason_which_is_a_fact(
    product: Product, desk: Desk, colleague: Person
) -> None:
    def reveals() -> list[dict[str, Any]]:
        found = product.rows(
            "SELECT convert_from(bytes, 'UTF8') FROM feed_fact WHERE name = 'reveal.made' ORDER BY seq"
        )
        return [fact for (text,) in found if (fact := json.loads(text))["card"]["issue"] == issue]

    item = colleague.an_item_for("law_enforcement")
    issue = colleague.reports(item, TEXT, reporter={"name": NAME, "phone": PHONE}).must().id
    page = desk.glass.page
    desk.opens(issue)
    expect(page.get_by_text("138****1234").first).to_be_visible()
    assert NAME not in page.content() and PHONE not in page.content()

    page.get_by_role("button", name="查看明文").click()
    dialog = page.get_by_role("dialog")
    desk.glass.at("confirm-verb").click()
    expect(dialog.get_by_role("alert")).to_contain_text("理由")
    assert reveals() == []
    desk.gives(reason=REASON)
    expect(page.get_by_text(PHONE).first).to_be_visible()
    expect(page.get_by_text(NAME).first).to_be_visible()
    expect(desk.glass.at("timeline")).to_contain_text(REASON)
    [fact] = reveals()
    assert fact["body"]["by"] == desk_principal(product)
    assert all(words not in json.dumps(fact, ensure_ascii=False) for words in (NAME, PHONE, REASON))

    other = colleague.reports(item).must().id
    desk.opens(other)
    desk.opens(issue)
    expect(page.get_by_text("138****1234").first).to_be_visible()  # never kept
    assert PHONE not in page.content()
    assert len(reveals()) == 1


def desk_principal(product: Product) -> str:
    """Who sits at the desk, as facts name them."""
    return f"person:{product.rows('SELECT id FROM people_person WHERE username = %s', 'duty1')[0][0]}"
