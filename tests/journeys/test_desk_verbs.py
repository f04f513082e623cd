"""Every verb of the desk that is no part of the usual way, in a browser; and what stands there when another was first.

Rules: docs/rules.md, "An issue", "An order".
"""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PICTURES
from tests.journeys.people import Desk, Lead, Liaison
from tests.live import Person, Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WHY = "现场情况有变，已与各方说明。"


def day(product: Product, ahead: int) -> str:
    """A day of the centre's calendar, counted from today."""
    return (product.now() + timedelta(hours=8, days=ahead)).date().isoformat()


@pytest.mark.mechanism("M38")
def test_an_assist_is_added_and_a_lead_recalled(desk: Desk, colleague: Person) -> None:
    issue, order = colleague.sends_an_order("law_enforcement")
    desk.opens(issue)
    desk.chooses("add_assist")
    dialog = desk.glass.page.get_by_role("dialog")
    dialog.get_by_role("searchbox").fill("住房和城乡")
    dialog.get_by_role("searchbox").press("Enter")
    desk.confirms()
    orders = desk.glass.page.locator("[data-order]")
    expect(orders).to_have_count(2)
    expect(orders.filter(has_text="协办")).to_contain_text("待签收")
    desk.glass.page.locator(f"[data-order='{order}'] [data-verb=recall]").click()
    desk.gives(reason=WHY)
    expect(desk.glass.page.locator(f"[data-order='{order}']")).to_contain_text("已撤回")
    desk.does("redispatch")
    desk.glass.page.get_by_role("dialog").get_by_label("生态环境局", exact=False).first.check()
    desk.gives(reason=WHY)
    expect(orders).to_have_count(3)
    assert colleague.sees(issue).must().body["card"]["lead"]["state"] == "sent"


def test_a_lead_takes_back_what_only_a_lead_may(product: Product, lead: Lead, colleague: Person) -> None:
    item = colleague.an_item_for("law_enforcement")
    first, second = (colleague.reports(item).must().id for _ in range(2))
    for issue in (first, second):
        colleague.does("accept", issue).must()
    colleague.does("merge", second, {"into": first, "reason": WHY}).must()
    lead.opens(first)
    lead.glass.page.locator(f"[data-merged='{second}']").get_by_test_id("open-merged").click()
    lead.sees_the_state("已并案")
    lead.chooses("unmerge")
    lead.gives(reason=WHY)
    lead.sees_the_state("已受理")

    issue, order = colleague.sends_an_order("law_enforcement")
    lead.opens(issue)
    lead.chooses("suspend")
    lead.gives(until=day(product, 5), reason=WHY)
    lead.sees_the_state("已挂账")
    lead.chooses("resume")
    lead.gives(reason=WHY)
    lead.sees_the_state("处置中")
    product.person("chengguan").handles(order)
    colleague.confirms(issue)
    lead.sees_the_state("已结案")
    lead.chooses("reopen")
    lead.gives(reason=WHY)
    lead.sees_the_state("待派遣")
    lead.chooses("void")
    lead.gives(reason=WHY)
    lead.sees_the_state("已作废")
    assert product.facts_of(issue)[-2:] == ["issue.reopened", "issue.voided"]


def test_a_compelled_unit_reads_why(desk: Desk, lead: Lead, liaison: Liaison, colleague: Person) -> None:
    issue, order = colleague.sends_an_order("law_enforcement")
    liaison.opens(order)
    liaison.asks_for_return("不属本单位职责", "住房和城乡建设局", "该处为在建工地，归住建管理。")
    lead.opens(issue)
    lead.glass.page.locator("[data-rule=compel]").click()
    lead.gives(reason="工地围挡外的占道归城管。")
    expect(liaison.glass.at("order")).to_contain_text("工地围挡外的占道归城管。")
    expect(lead.glass.page.locator("[data-request]")).to_contain_text("工地围挡外的占道归城管。")
    liaison.starts()
    liaison.feeds_back("已清理占道物料。")
    desk.opens(issue)
    desk.sees_the_state("待核查")
    desk.does("rework")
    desk.gives(reason="照片里仍有物料，请再清。")
    desk.sees_the_state("处置中")
    expect(liaison.glass.at("order")).to_contain_text("照片里仍有物料，请再清。")
    liaison.feeds_back("已全部清走。")
    desk.sees_the_state("待核查")
    desk.verifies()
    desk.sees_the_state("待回访")


@pytest.mark.mechanism("M76")
def test_closing_needs_the_follow_up_or_a_reason(product: Product, desk: Desk, colleague: Person) -> None:
    issue, order = colleague.sends_an_order("law_enforcement")
    product.person("chengguan").handles(order)
    colleague.does("verify", issue).must()
    desk.opens(issue)
    desk.does("close")
    dialog = desk.glass.page.get_by_role("dialog")
    dialog.get_by_text("未化解", exact=True).click()
    expect(dialog.get_by_label("已回访反映人")).not_to_be_checked()  # saying so is an act
    desk.glass.at("confirm-verb").click()
    expect(dialog.get_by_role("alert")).to_contain_text("免回访理由")
    expect(dialog.get_by_role("alert")).to_contain_text("未化解原因")
    desk.sees_the_state("待回访")  # nothing was sent
    if PICTURES:
        desk.glass.takes_its_picture("console-close")
    desk.gives(reason="双方仍有分歧，已转诉讼。", toldAt=day(product, 0), waive="反映人未留联系方式。")
    desk.sees_the_state("已结案")
    expect(desk.glass.at("timeline")).to_contain_text("反映人未留联系方式。")
    assert colleague.sees(issue).must().body["card"]["outcome"] == "not_resolved"


def test_amended_referred_and_closed_as_withdrawn_by_the_keyboard_alone(desk: Desk, colleague: Person) -> None:
    issue, _ = colleague.sends_an_order("law_enforcement")
    desk.opens(issue)
    keyboard = desk.glass.page.keyboard
    dialog = desk.glass.page.get_by_role("dialog")

    desk.chooses("amend")
    dialog.get_by_text("重大", exact=True).click()
    desk.gives(reason="影响面大，按重大办理。")
    expect(desk.glass.at("detail-head")).to_contain_text("重大")

    desk.chooses("refer_emergency")
    dialog.get_by_text("119", exact=True).click()
    desk.gives(answer="消防已出车。")
    expect(desk.glass.at("detail-head")).to_contain_text("已转警转急")

    for verb, words in (("withdraw", "反映人来电撤回。"), ("close", "")):
        keyboard.press(".")
        item = desk.glass.page.locator(f"[data-verb-item={verb}]")
        keyboard.press(item.locator("kbd").inner_text())
        expect(desk.glass.at("confirm-verb")).to_be_visible()
        if words:
            keyboard.type(words)
        else:
            dialog.get_by_label("已回访反映人").press("Space")
        keyboard.press("Control+Enter")
        expect(dialog).to_have_count(0)
    desk.sees_the_state("已结案")
    assert colleague.sees(issue).must().body["card"]["outcome"] == "withdrawn"


def test_who_comes_second_is_told_who_was_first_and_keeps_the_words(desk: Desk, colleague: Person) -> None:
    item = colleague.an_item_for("law_enforcement")
    issue = colleague.reports(item).must().id
    colleague.does("accept", issue).must()
    desk.opens(issue)
    desk.glass.may_be_refused()
    desk.chooses("withdraw")
    dialog = desk.glass.page.get_by_role("dialog")
    words = dialog.locator("textarea[name=reason]")
    words.fill("反映人来电撤回。")
    colleague.does("file", issue).must()
    moved = desk.glass.at("moved")
    expect(moved).to_contain_text("先行“立案”")
    expect(words).to_have_value("反映人来电撤回。")
    if PICTURES:
        desk.glass.takes_its_picture("console-moved")
    desk.confirms()  # the button said: on the newest state
    expect(desk.glass.at("detail-head")).to_contain_text("反映人已撤回诉求")

    desk.chooses("amend")
    words.fill("再记一次。")
    colleague.does("close", issue, {"outcome": "withdrawn", "followed_up": True}).must()
    expect(dialog.get_by_test_id("confirm-verb")).to_have_count(0)  # not possible any more
    expect(words).to_have_value("再记一次。")  # what was written can still be copied


def test_who_else_looks_is_told_by_post_and_not_without_redis(
    product: Product, desk: Desk, lead: Lead, colleague: Person
) -> None:
    issue, _ = colleague.sends_an_order("law_enforcement")
    desk.opens(issue)
    lead.opens(issue)
    expect(lead.glass.at("onlookers")).to_contain_text("值班员")
    expect(desk.glass.at("onlookers")).to_contain_text("值班长")
    if PICTURES:
        desk.glass.takes_its_picture("console-onlookers")
    product.redis.kill()
    expect(desk.glass.at("onlookers")).to_contain_text("暂不可知")
    desk.glass.says_nothing_is_wrong()
    product.redis.start()
    expect(desk.glass.at("onlookers")).to_contain_text("值班长")
