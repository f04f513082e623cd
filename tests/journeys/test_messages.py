"""The desk asks the unit that has an order; its liaison's phone rings; the answer and the read marks stand on both.

Rules: docs/rules.md, "Messages".
"""

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk, Liaison
from tests.live import Product

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_desk_asks_the_phone_rings_the_liaison_answers_and_both_see_who_has_read(
    product: Product, desk: Desk, liaison: Liaison
) -> None:
    issue, order = product.person("duty2").sends_an_order("law_enforcement")
    desk.opens(issue)
    desk.glass.at("write-message").click()
    dialog = desk.glass.page.get_by_role("dialog")
    dialog.locator("textarea[name=text]").fill("何时到场？请带上钥匙。")
    dialog.get_by_label("即刻叫应").check()
    dialog.locator("input[name=answerBy]").fill(
        f"{product.now().astimezone(SHANGHAI) + timedelta(hours=1):%Y-%m-%dT%H:%M}"
    )
    desk.glass.at("confirm-verb").click()
    timeline = desk.glass.at("timeline")
    expect(timeline.get_by_test_id("message-words")).to_contain_text("何时到场")
    expect(timeline.get_by_test_id("message-asks")).to_contain_text("待答复")
    ((call,),) = product.rows("SELECT id FROM calls_call WHERE order_id = %s AND kind = 'message'", order)
    line = liaison.glass.page.locator(f"[data-call~='{call}']")
    expect(line).to_contain_text("留言待答复")
    liaison.opens(order)
    asked = liaison.glass.at("messages")
    expect(asked).to_contain_text("何时到场")
    expect(timeline.get_by_test_id("message-read").first).to_contain_text("已读：")
    asked.get_by_test_id("answer-message").tap()
    form = liaison.glass.at("message-form")
    form.locator("textarea[name=message]").fill("十分钟后到，钥匙带上了。")
    liaison.glass.at("send-message").tap()
    expect(liaison.glass.page.locator(f"[data-call~='{call}']")).to_have_count(0)
    expect(timeline.get_by_test_id("message-asks")).to_contain_text("已答复")
    expect(timeline).to_contain_text("十分钟后到")
    expect(liaison.glass.at("messages").get_by_test_id("message-read").last).to_contain_text("已读：")
    assert product.rows("SELECT state FROM orders_order WHERE id = %s", order) == [("sent",)]
    timeline.get_by_test_id("strike-message").first.click()
    timeline.locator("[data-ground=mistaken]").click()
    expect(timeline.get_by_test_id("message-struck")).to_contain_text("划去：内容有误")
    expect(liaison.glass.at("messages").locator("s")).to_contain_text("何时到场")
