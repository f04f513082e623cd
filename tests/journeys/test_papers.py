"""What comes out of the printer: the sheet alone, on A4, with nothing of the screen around it.

Rules: docs/rules.md, "An order" (a unit that signs by hand), "Doors" (the slip, the sign of a grid).
"""

import re
from io import BytesIO
from unicodedata import normalize

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.people import Desk
from tests.journeys.residents import Resident
from tests.live import Person, Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
A4_MM = (210, 297)
POINTS_PER_MM = 72 / 25.4
TEXT = "路灯不亮三天了，晚上下楼看不清台阶。"
LONG = "".join(f"第{n}次协调：双方各让一步，约定时间再谈，记录在案。" for n in range(1, 160))


def printed(page: Page, *, numbered: bool = True) -> list[str]:
    """The pages that the browser would hand to the printer, as their words without spaces, their numbers checked."""
    paper = page.pdf(prefer_css_page_size=True)
    reader = PdfReader(BytesIO(paper))
    for sheet in reader.pages:
        size = (round(float(sheet.mediabox.width) / POINTS_PER_MM), round(float(sheet.mediabox.height) / POINTS_PER_MM))
        assert size == A4_MM
    # A font may name some signs by the radicals that look the same.
    sheets = [re.sub(r"\s", "", normalize("NFKC", sheet.extract_text())) for sheet in reader.pages]
    numbers = [f"{n}/{len(sheets)}" for n in range(1, len(sheets) + 1)] if numbered else [""]
    assert [sheet[: len(number)] for sheet, number in zip(sheets, numbers, strict=True)] == numbers
    return [sheet.removeprefix(number) for sheet, number in zip(sheets, numbers, strict=True)]


def test_an_issue_its_order_and_the_slip_on_paper(product: Product, desk: Desk, colleague: Person) -> None:
    glass, page = desk.glass, desk.glass.page
    item = colleague.an_item_for("law_enforcement")
    issue = colleague.reports(item, TEXT).must().id
    for verb in ("accept", "file"):
        colleague.does(verb, issue).must()
    order = colleague.dispatches(issue, "law_enforcement")
    product.person("chengguan").handles(order)
    number = str(colleague.sees(issue).must().body["card"]["number"])
    desk.opens(issue)
    desk.sees_the_state("待核查")
    around = [re.sub(r"\s", "", glass.at(part).inner_text().splitlines()[0]) for part in ("queue", "detail-state")]
    assert all(around)

    glass.at("print-issue").click()
    expect(glass.at("sheet")).to_be_visible()
    sheets = printed(page)
    assert 1 <= len(sheets) <= 2
    words = "".join(sheets)
    for wanted in ("事项单", number, TEXT, "综合执法局", "上报", "派遣", "签收", "反馈", "打印于"):
        assert normalize("NFKC", wanted) in words, wanted
    assert "事项队列" not in words
    assert "更多操作" not in words
    page.keyboard.press("Escape")

    glass.at("print-order").first.click()
    expect(glass.at("sheet")).to_be_visible()
    sheets = printed(page)
    assert len(sheets) == 1  # one page, to be signed
    for wanted in ("派遣单", number, TEXT, "综合行政执法局"):
        assert normalize("NFKC", wanted) in sheets[0], wanted
    assert "事项队列" not in sheets[0]
    page.keyboard.press("Escape")

    glass.at("receipt-button").first.click()
    code = glass.at("receipt-code").inner_text()
    sheets = printed(page)
    assert len(sheets) == 1
    for wanted in ("受理回执", number, code):
        assert normalize("NFKC", wanted) in sheets[0], wanted
    assert normalize("NFKC", TEXT) not in sheets[0]  # whoever finds it learns the item at most
    page.keyboard.press("Escape")


def test_a_long_history_runs_over_pages_and_loses_no_word(desk: Desk, colleague: Person) -> None:
    issue = colleague.reports(colleague.an_item_for("law_enforcement"), LONG).must().id
    desk.opens(issue)
    desk.glass.at("print-issue").click()
    expect(desk.glass.at("sheet")).to_be_visible()
    sheets = printed(desk.glass.page)
    assert len(sheets) > 1
    assert normalize("NFKC", LONG) in "".join(sheets)
    assert "打印于" in sheets[-1]


def test_the_sign_of_a_grid_fills_one_page(resident: Resident, colleague: Person) -> None:
    grid = str(colleague.get("/cells?tier=grid").must().body["features"][0]["properties"]["code"])
    resident.glass.opens(f"/r/{grid}/poster")
    expect(resident.glass.at("poster").get_by_role("img")).to_be_visible()
    [sheet] = printed(resident.glass.page, numbered=False)
    assert grid in sheet
    assert "打印这一页" not in sheet
