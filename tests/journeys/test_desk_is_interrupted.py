"""The desk is called away in the middle of a report, takes the first suggestion, finds who still waits for an answer.

Rules: docs/rules.md, "An issue"; handbook, duty desk.
"""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.people import COORDINATES, Desk, Lead
from tests.live import Person, Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = "东门巷口井盖缺失，行人绕行。"


def test_a_report_put_aside_is_taken_up_as_it_was(lead: Lead, colleague: Person, photo: FilePayload) -> None:
    page, form = lead.glass.page, lead.glass.at("report-form")
    other = colleague.reports(colleague.an_item_for("power")).must().id
    page.keyboard.press("n")
    form.locator("textarea[name=text]").fill(WORDS)
    form.locator("input[name=reporter-name]").fill("岑小桥")
    form.get_by_test_id("photos").set_input_files(photo)
    lead.points_at_the_map()
    form.locator("input[name=on-paper]").check()
    form.get_by_text("停电", exact=True).click()
    where = form.get_by_text(COORDINATES).inner_text()
    page.keyboard.press("Escape")
    expect(form).to_have_count(0)
    lead.opens(other)
    lead.sees_the_state("待受理")

    page.keyboard.press("n")
    expect(lead.glass.at("report-resumed")).to_be_visible()
    expect(form.locator("textarea[name=text]")).to_have_value(WORDS)
    expect(form.locator("input[name=reporter-name]")).to_have_value("岑小桥")
    expect(form.get_by_role("img", name="照片 1")).to_be_visible()
    expect(form.get_by_text(where, exact=True)).to_be_visible()
    expect(form.locator("input[name=on-paper]")).to_be_checked()
    expect(form.get_by_label("停电", exact=True)).to_be_checked()

    lead.glass.at("report-clear").click()  # another caller: nothing of the last one stays
    expect(form.locator("textarea[name=text]")).to_have_value("")
    expect(form.get_by_text(COORDINATES)).to_have_count(0)
    expect(form.get_by_role("img", name="照片 1")).to_have_count(0)
    expect(form.locator("input[name=on-paper]")).not_to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    expect(lead.glass.at("report-resumed")).to_have_count(0)


def test_enter_takes_what_the_words_suggest_first(desk: Desk) -> None:
    page, form = desk.glass.page, desk.glass.at("report-form")
    page.keyboard.press("n")
    page.keyboard.type(WORDS)  # the words have the focus
    first = form.locator("[data-suggested]").first
    expect(first).to_contain_text("井盖缺失与路面破损")
    desk.glass.at("item-search").focus()
    page.keyboard.press("Enter")
    expect(form.locator("[data-suggested]")).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(desk.glass.at("detail-head")).to_contain_text("井盖缺失与路面破损")


def test_a_caller_who_names_a_place_is_put_on_its_grid(desk: Desk) -> None:
    page, form = desk.glass.page, desk.glass.at("report-form")
    page.keyboard.press("n")
    page.keyboard.type(WORDS)
    form.locator("[data-suggested]").first.click()
    desk.points_at_the_map()
    form.get_by_role("button", name="改按名称找").click()  # one place, not two
    form.locator("input[name=cell]").press_sequentially("第2网格")
    found = form.get_by_role("listitem").get_by_role("button").nth(1)
    name = found.inner_text().split()[0]
    found.click()
    page.keyboard.press("Escape")
    page.keyboard.press("n")  # taken up again, with its place
    expect(form.locator("input[name=cell]")).to_have_value(name)
    page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    expect(desk.glass.at("detail-head")).to_contain_text(name)


def test_who_waits_for_an_answer_is_found_when_the_matter_is_over(
    product: Product, desk: Desk, colleague: Person
) -> None:
    issue, order = colleague.sends_an_order("law_enforcement", reporter={"name": "岑小桥", "phone": "13812341234"})
    product.person("chengguan").handles(order)
    colleague.confirms(issue)
    number = str(colleague.sees(issue).must().body["card"]["number"])
    page = desk.glass.page
    page.keyboard.press("7")
    page.get_by_placeholder("编号、条目、网格").fill(number)
    expect(desk.row(issue)).to_be_visible()
    desk.row(issue).click()
    desk.sees_the_state("已结案")
    desk.replies("已办结，井盖换新，谢谢您的反映。")
    expect(desk.row(issue)).to_have_count(0)  # answered, by itself


def test_what_was_written_for_a_step_is_there_when_its_dialog_opens_again(desk: Desk, colleague: Person) -> None:
    glass, page = desk.glass, desk.glass.page
    item = colleague.an_item_for("law_enforcement")
    issue, other = (colleague.reports(item).must().id for _ in range(2))
    desk.opens(issue)
    desk.chooses("decline")
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").first.fill("经核，不在本区，已告知反映人。")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    desk.opens(other)
    desk.chooses("decline")
    expect(glass.at("resumed")).to_have_count(0)  # another matter
    expect(dialog.locator("textarea").first).to_have_value("")
    page.keyboard.press("Escape")
    desk.opens(issue)
    desk.chooses("decline")
    expect(glass.at("resumed")).to_be_visible()
    expect(dialog.locator("textarea").first).to_have_value("经核，不在本区，已告知反映人。")
    glass.at("resumed").get_by_role("button").click()
    expect(dialog.locator("textarea").first).to_have_value("")
    page.keyboard.press("Escape")
    desk.chooses("decline")
    expect(glass.at("resumed")).to_have_count(0)


def test_an_answer_that_comes_when_one_reads_on_is_told_of_its_own_matter(desk: Desk, colleague: Person) -> None:
    glass, page = desk.glass, desk.glass.page
    item = colleague.an_item_for("law_enforcement")
    first, second = (colleague.reports(item).must() for _ in range(2))
    desk.opens(first.id)
    glass.may_be_refused()
    with glass.holds_back("/issues/*/accept") as held:
        desk.does("accept")
        desk.opens(second.id)
        desk.sees_the_state("待受理")
        expect(page.locator("[data-verb=accept]")).to_be_enabled()  # this one is free
        colleague.does("accept", first.id).must()
        assert len(held) == 1
    expect(page.locator(".toast.bad")).to_contain_text(str(first.card["number"]))
    expect(glass.at("problem")).to_have_count(0)
    desk.sees_the_state("待受理")
