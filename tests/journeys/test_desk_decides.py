"""The desk before duplicates, return requests, and somebody at the window.

Rules: docs/rules.md, "An issue", "An order".
"""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PICTURES
from tests.journeys.people import Desk, Lead, Liaison
from tests.live import Person

pytestmark = pytest.mark.browser
ITEM = "餐饮油烟异味"


def item_code(colleague: Person, name: str) -> str:
    """The code of a catalogue item."""
    items = colleague.get("/reference").must().body["catalogue"]
    return str(next(item["code"] for item in items if item["item_zh"] == name))


@pytest.mark.slow
@pytest.mark.mechanism("M36")
def test_a_second_report_of_one_matter_is_merged(desk: Desk, colleague: Person) -> None:
    item = item_code(colleague, ITEM)
    first = colleague.reports(item, "楼下烧烤店油烟直排，夜里开不了窗。").must()
    colleague.does("accept", first.id).must()
    second = colleague.reports(item, "烧烤店的油烟直接排到楼上，开不了窗。").must().id
    desk.opens(second)
    desk.sees_the_state("待受理")
    if PICTURES:
        desk.glass.at("duplicates").click()
        expect(desk.glass.page.locator("[data-candidate]").first).to_be_visible()
        desk.glass.takes_its_picture("console-merge")
        desk.glass.page.keyboard.press("Escape")
    desk.merges_into(first.card["number"], "同一家店，同一晚。")
    desk.sees_the_state("已并案")
    assert colleague.sees(first.id).must().body["card"]["reports_merged"] == 1
    clock = colleague.sees(second).must().body["reports"]
    assert len(clock) == 1  # each report keeps its own


@pytest.mark.slow
def test_a_return_is_granted_and_the_order_goes_elsewhere(
    desk: Desk, lead: Lead, liaison: Liaison, colleague: Person
) -> None:
    issue, order = colleague.sends_an_order("law_enforcement")
    liaison.opens(order)
    liaison.asks_for_return("不属本单位职责", "住房和城乡建设局", "该处为在建工地，归住建管理。")
    expect(liaison.glass.at("return-pending")).to_be_visible()
    lead.opens(issue)
    lead.glass.page.locator("[data-rule=grant]").click()
    liaison.glass.may_be_refused()  # what was asked of the issue while it left the unit's sight
    lead.gives(reason="在建工地确属住建。")
    expect(liaison.glass.at("farewell")).to_contain_text("准予退单")

    desk.opens(issue)
    desk.does("redispatch")
    dialog = desk.glass.page.get_by_role("dialog")
    dialog.get_by_label("住房和城乡建设局", exact=False).first.check()
    desk.gives(reason="退单已准，改派住建。")
    desk.sees_the_state("处置中")
    assert colleague.sees(issue).must().body["card"]["lead"]["state"] == "sent"
    if PICTURES:
        desk.glass.takes_its_picture("console-returned")


@pytest.mark.slow
@pytest.mark.mechanism("M02")
def test_somebody_at_the_window_takes_a_slip_home(desk: Desk) -> None:
    desk.glass.page.keyboard.press("n")
    desk.glass.page.get_by_text("窗口接待", exact=True).click()
    desk.glass.page.keyboard.press("Escape")
    desk.enters_a_report(ITEM, "烧烤店油烟直排，来窗口反映。")
    slip = desk.prints_the_slip()
    expect(slip).to_contain_text("受理回执")
    expect(slip).to_contain_text(ITEM)
    code = desk.glass.at("receipt-code").inner_text()
    link = slip.get_by_role("img").get_attribute("data-text") or ""
    assert link.endswith(f"/r/#{code}")  # behind the hash: no server is told
    if PICTURES:
        desk.glass.takes_its_picture("receipt")
    desk.is_back_at_the_glass()


@pytest.mark.slow
@pytest.mark.mechanism("M78")
def test_a_unit_sees_and_exports_its_orders_as_one_list(liaison: Liaison, desk: Desk, colleague: Person) -> None:
    colleague.sends_an_order("law_enforcement")
    expect(liaison.glass.at("inbox").get_by_text("下一步").first).to_be_visible()
    if PICTURES:
        liaison.glass.takes_its_picture("phone-list")
    lines = liaison.exports_the_list().splitlines()
    assert lines[0] == "编号,条目,网格,状态,灯,计时,到期,下一步,下发"
    shown = liaison.glass.at("inbox").get_by_role("listitem").all_inner_texts()
    rows = [line.split(",") for line in lines[1:]]
    assert [row[0] for row in rows] == [re.search(r"\d{6,}", text)[0] for text in shown]  # type: ignore[index]
    for row, text in zip(rows, shown, strict=True):  # what is shown, in the order in which it is shown
        assert all(said in text for said in (row[1], row[2], row[3])), (row, text)
        assert all(row[column] for column in (4, 5, 6, 7)) or row[3] != "待签收"  # light, clock, due time, next action
    assert desk.exports_the_list().splitlines()[0].startswith("编号,条目,等级,网格,状态")
