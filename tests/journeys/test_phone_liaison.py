"""A liaison's list on the phone: what burns first, lights at their boundary, an answer with a photo and a document.

Rules: docs/rules.md, "An order" and "Clocks".
"""

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import PICTURES
from tests.journeys.people import LIGHTS, PDF, Desk, Liaison
from tests.journeys.residents import Member
from tests.journeys.test_phone_offline import an_order
from tests.live import Product

pytestmark = pytest.mark.browser
HOUR = timedelta(hours=1)
AHEAD = timedelta(seconds=25)  # time enough to see the light before its boundary


@pytest.mark.slow
@pytest.mark.mechanism("M55")
def test_lights_change_at_the_boundary_while_the_list_lies_open(product: Product, liaison: Liaison) -> None:
    with product.long_ago(HOUR * 0.8 - AHEAD):
        nearly_amber = an_order(product)
    with product.long_ago(HOUR - AHEAD):
        nearly_red = an_order(product)
    rows = liaison.glass.at("inbox").locator("[data-order]")

    def sees(order: str, light: str) -> None:
        row = liaison.glass.page.locator(f"[data-order='{order}']")
        expect(row.get_by_role("img", name=LIGHTS[light], exact=True)).to_be_visible()

    sees(nearly_amber, "green")
    sees(nearly_red, "amber")
    shown = rows.evaluate_all("(rows) => rows.map((row) => row.dataset.order)")
    assert shown.index(nearly_red) < shown.index(nearly_amber)  # what burns first
    wide = liaison.glass.page.evaluate("() => document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0  # nothing stands beside the glass
    fits = "(rows) => rows.every((row) => row.getBoundingClientRect().right <= window.innerWidth)"
    assert rows.evaluate_all(fits)
    sees(nearly_amber, "amber")
    sees(nearly_red, "red")
    if PICTURES:
        liaison.glass.takes_its_picture("phone-list")


@pytest.mark.slow
@pytest.mark.mechanism("M78")
def test_an_answer_with_a_photo_and_a_document(
    product: Product, desk: Desk, liaison: Liaison, photo: FilePayload
) -> None:
    order = an_order(product)
    liaison.opens(order)
    left = liaison.glass.at("left")
    expect(left).to_contain_text("签收")
    liaison.acknowledges()
    expect(left).to_contain_text("天")  # what counts now is the handling
    expect(left).to_contain_text("处置")
    liaison.glass.at("feed-back").tap()
    liaison.glass.page.locator("textarea[name=feedback]").fill("已换新井盖，附验收单。")
    liaison.glass.at("photos").set_input_files(photo)
    liaison.glass.at("files").set_input_files(
        {"name": "照片.exe", "mimeType": "application/pdf", "buffer": b"MZ"},
    )
    expect(liaison.glass.page.get_by_role("alert").filter(has_text="只收")).to_be_visible()
    liaison.glass.at("files").set_input_files({"name": "验收单.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(liaison.glass.at("chosen-files")).to_contain_text("验收单.pdf")
    if PICTURES:
        liaison.glass.takes_its_picture("phone-answer")
    liaison.glass.page.get_by_role("button", name="提交反馈").tap()
    liaison.sees_the_state("待核查")

    issue = product.rows("SELECT issue_id FROM orders_order WHERE id = %s", order)[0][0]
    desk.opens(str(issue))
    document = desk.glass.at("files-of").get_by_role("link")
    expect(document).to_contain_text("PDF")
    with desk.glass.page.expect_download() as saving:
        document.click()
    assert Path(saving.value.path()).read_bytes() == PDF


@pytest.mark.slow
@pytest.mark.mechanism("M39")
def test_the_grid_sees_each_step_of_the_department(product: Product, member: Member, photo: FilePayload) -> None:
    member.writes("东门巷口井盖缺失，行人绕行", "井盖缺失与路面破损", photo=photo)
    member.sends()
    number = member.sees_it_arrive()
    member.glass.at("own").get_by_text(number).tap()
    timeline = member.glass.at("timeline")
    expect(timeline).to_contain_text("上报")

    desk = product.person("duty2")
    issue = desk.get(f"/issues?q={number}").must().body["issues"][0]["id"]
    desk.does("accept", issue).must()
    desk.does("file", issue).must()
    desk.does("dispatch", issue, {"unit": desk.unit("law_enforcement"), "reason": "就近处置"}).must()
    order = desk.sees(issue).must().body["orders"][0]["id"]
    expect(timeline).to_contain_text("派遣")
    department = product.person("chengguan")
    seen = department.sees(issue).must().body
    assert seen["reports"][0]["text"] == "东门巷口井盖缺失，行人绕行"  # and the department the grid's words and photo
    assert len(seen["photos"]) == 1
    department.post(f"/orders/{order}/acknowledge").must()
    expect(timeline).to_contain_text("签收")
    department.post(f"/orders/{order}/start", version=2).must()
    expect(timeline).to_contain_text("处置开始")
    department.post(f"/orders/{order}/feed_back", {"result": "handled", "text": "已换新井盖。"}, version=3).must()
    expect(timeline).to_contain_text("转待核查")  # by the department that answered
    expect(member.glass.at("own-state")).to_have_text("待核查")
    if PICTURES:
        member.glass.takes_its_picture("member-steps")


@pytest.mark.slow
def test_the_phones_own_way_back_leads_to_the_list_and_leaves_no_page(
    product: Product, liaison: Liaison, member: Member, photo: FilePayload
) -> None:
    order = an_order(product)
    page = liaison.glass.page
    liaison.opens(order)
    liaison.acknowledges()
    liaison.starts()
    liaison.glass.at("feed-back").tap()
    page.locator("textarea[name=feedback]").fill("正在更换井盖。")
    liaison.glass.at("photos").set_input_files(photo)
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.go_back()
    expect(liaison.glass.at("inbox")).to_be_visible()
    expect(liaison.glass.at("order")).to_have_count(0)
    liaison.opens(order)
    expect(page.locator("textarea[name=feedback]")).to_have_value("正在更换井盖。")  # what is half written outlives it
    expect(page.get_by_role("img", name="照片 1")).to_be_visible()
    page.get_by_role("button", name="返回").tap()
    expect(liaison.glass.at("inbox")).to_be_visible()

    member.writes("东门巷口井盖缺失，行人绕行", "井盖缺失与路面破损")
    member.sends()
    member.sees_it_arrive()
    mine = member.glass.at("own").get_by_role("button").first
    mine.tap()
    expect(member.glass.at("own-issue")).to_be_visible()
    member.glass.page.go_back()
    expect(mine).to_be_visible()
    mine.tap()
    member.glass.page.locator("[data-tab=own]").tap()  # a tab always shows its list
    expect(mine).to_be_visible()
    expect(member.glass.at("own-issue")).to_have_count(0)
