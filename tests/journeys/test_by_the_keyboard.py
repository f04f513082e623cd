"""A matter from report to closing with no hand on the mouse: the point on the map, the answer to the reporter, the end.

Rules: docs/rules.md, "An issue"; handbook, duty desk: the keys.
"""

import pytest
from playwright.sync_api import expect

from tests.journeys.people import COORDINATES, Desk
from tests.live import Product, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
ITEM = "餐饮油烟异味"
NAME, PHONE = "岑小桥", "13812341234"


def test_from_report_to_closing_by_the_keyboard_alone(product: Product, desk: Desk) -> None:
    glass, page = desk.glass, desk.glass.page
    keys, dialog = page.keyboard, page.get_by_role("dialog")
    before = glass.at("queue").locator("[aria-selected=true]").count()
    keys.press("n")
    form = glass.at("report-form")
    keys.type("楼下烧烤店油烟直排，夜里开不了窗。")
    glass.at("item-search").focus()
    keys.type(ITEM)
    keys.press("Enter")

    glass.at("pick").focus()
    keys.press("Enter")
    expect(glass.at("crosshair")).to_be_focused()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "+"):
        keys.press(key)
    assert glass.at("queue").locator("[aria-selected=true]").count() == before  # no key went to the queue
    keys.press("Enter")
    expect(form.get_by_text(COORDINATES)).to_be_visible()
    expect(glass.at("pick")).to_be_focused()
    form.locator("input[name=reporter-name]").focus()
    keys.type(NAME)
    keys.press("Tab")
    keys.type(PHONE)
    keys.press("Control+Enter")
    expect(form).to_have_count(0)

    desk.sees_the_state("待受理")
    desk.takes_the_next_step("[data-verb=file]")
    desk.takes_the_next_step("[data-verb=dispatch]")
    desk.takes_the_next_step("dialog[open]")
    keys.type("综合行政执法")
    expect(glass.at("confirm-verb")).to_contain_text("→ 综合执法局")
    keys.press("Control+Enter")
    expect(dialog).to_have_count(0)
    desk.sees_the_state("处置中")
    [order] = product.rows("SELECT id FROM orders_order ORDER BY sent_at DESC LIMIT 1")[0]
    product.person("chengguan").handles(str(order), "已装净化器并复测。")

    desk.sees_the_state("待核查")
    desk.takes_the_next_step("dialog[open]")
    expect(glass.at("judged")).to_contain_text("已装净化器并复测。")  # what is judged stands beside the judgement
    keys.press("Control+Enter")
    expect(dialog).to_have_count(0)
    desk.sees_the_state("待回访")
    expect(glass.at("reply-first")).to_be_visible()  # who reported it is told before it is closed

    keys.press(".")
    reveal = page.locator("[data-beside-item=reveal]")
    keys.press(reveal.locator("kbd").inner_text())
    keys.type("回访需要电话")
    keys.press("Control+Enter")
    expect(page.get_by_text(PHONE).first).to_be_visible()
    expect(dialog).to_have_count(0)
    focused = "() => document.activeElement?.closest('.detail') !== null"
    wait_for(lambda: page.evaluate(focused), "the keyboard back at the matter")
    keys.press(".")
    answer = page.locator("[data-beside-item=reply]")
    keys.press(answer.locator("kbd").inner_text())
    dialog.locator("textarea[name=text]").focus()
    keys.type("已装净化器，您再看看。")
    keys.press("Control+Enter")
    expect(dialog).to_have_count(0)
    expect(glass.at("timeline")).to_contain_text("答复反映人")
    expect(glass.at("reply-first")).to_have_count(0)

    desk.takes_the_next_step("dialog[open]")
    expect(glass.at("told")).to_contain_text("已装净化器")  # that somebody was asked is still an act of its own
    dialog.get_by_label("已回访反映人").focus()
    keys.press("Space")
    keys.press("Control+Enter")
    expect(dialog).to_have_count(0)
    desk.sees_the_state("已结案")
    expect(glass.at("next-matter")).to_be_visible()
