"""What a reporter adds later is marked, pinned and heard where it is danger, until somebody has looked.

Rules: docs/rules.md, "The unseen mark".
"""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk
from tests.journeys.test_urgent import COUNT_TONES
from tests.live import Person, Product

pytestmark = pytest.mark.browser


def reports_by_the_page(product: Product) -> tuple[str, str]:
    """A report of an inhabitant by a grid's page, accepted: its query code, its issue."""
    officer = product.person("duty2")
    grid = officer.get("/cells?tier=grid").must().body["features"][0]["properties"]["code"]
    told: Any = (
        officer.post("/public/reports", {"grid": grid, "item": "1901", "text": "小区路灯不亮三天了。"}).must().body
    )
    found = officer.get(f"/issues?q={told['number']}").must().body["issues"]
    issue = next(one["id"] for one in found if one["card"]["number"] == told["number"])
    officer.does("accept", issue).must()
    return told["query_code"], str(issue)


def adds(person: Person, code: str, text: str) -> None:
    """The reporter adds something by the query code."""
    person.post("/public/add", {"query_code": code, "text": text}).must()


@pytest.mark.slow
def test_an_addition_marks_the_row_and_the_title_until_it_was_read(product: Product, desk: Desk) -> None:
    code, issue = reports_by_the_page(product)
    page = desk.glass.page
    adds(product.person("duty2"), code, "又坏了一盏")
    mark = desk.glass.page.locator('[data-list="unseen"]')
    expect(mark).to_be_visible()
    mark.click()
    row = page.locator(f'[data-issue="{issue}"]')
    expect(row.get_by_test_id("unseen")).to_have_text("新")
    assert page.title().startswith("（")
    row.click()
    expect(desk.glass.at("unseen-news")).to_contain_text("补充")
    expect(page.get_by_text("又坏了一盏")).to_be_visible()
    expect(row.get_by_test_id("unseen")).to_have_count(0)
    page.reload()
    desk.glass.is_live()
    expect(page.locator('[data-testid="queue"] [data-issue]').first).to_be_visible()
    marked = {one["id"] for one in product.person("duty1").get("/issues/unseen").must().body["issues"]}
    assert issue not in marked


@pytest.mark.slow
def test_words_of_danger_in_an_addition_pin_the_matter_and_sound(product: Product, desk: Desk) -> None:
    code, issue = reports_by_the_page(product)
    page = desk.glass.page
    page.evaluate(COUNT_TONES)
    desk.glass.at("shift").click()
    adds(product.person("duty2"), code, "孩子不见了！")
    first = page.locator('[data-testid="queue"] [data-issue]', has=page.get_by_test_id("unseen")).first
    expect(first).to_have_attribute("data-issue", issue)
    expect(first.get_by_test_id("unseen")).to_have_text("危险")
    expect(desk.glass.at("urgent")).to_contain_text("1 件提到危险")
    page.wait_for_function("() => window.tones > 0")
    first.click()
    expect(desk.glass.at("unseen-danger")).to_contain_text("110")
    expect(page.locator(f'[data-issue="{issue}"]').get_by_test_id("unseen")).to_have_count(0)
