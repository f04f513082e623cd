"""A resident's whole way with a query code: told, accepted, answered, added to, declined, asked again.

Rules: docs/rules.md, "An issue"; the page is `/r/<code of the grid>`.
"""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import PICTURES
from tests.journeys.people import Desk
from tests.journeys.profile import kept_by
from tests.journeys.residents import Resident
from tests.live import Person, Product, wait_for
from tests.live.product import PUBLIC_URL

pytestmark = pytest.mark.browser
TOO_OFTEN: Final[dict[str, Any]] = {  # as dispatch/doors/limits.py says it, which has tests of its own
    "status": 429,
    "content_type": "application/problem+json",
    "body": json.dumps(
        {"code": "public.too_often", "detail": "提交过于频繁，请在 7 分钟后再试。", "retry_after_s": 400}
    ),
}
KEPT_CHARS: Final = "() => (sessionStorage.getItem('relay60.resident.draft') ?? '').length"
WORDS = "单元门口井盖缺失，晚上看不见，希望尽快补上。"


@pytest.fixture
def grid(product: Product) -> str:
    """The code of the district's first grid."""
    cells = product.person("duty2").get("/cells?tier=grid").must().body["features"]
    return str(cells[0]["properties"]["code"])


def issue_of(colleague: Person, number: str) -> str:
    """The id of the issue with a number."""
    found = colleague.get(f"/issues?q={number}").must().body["issues"]
    return str(next(issue["id"] for issue in found if issue["card"]["number"] == number))


@pytest.mark.mechanism("M09")
def test_by_query_code_from_the_door_to_the_answer(
    product: Product, desk: Desk, resident: Resident, grid: str, photo: FilePayload
) -> None:
    resident.scans(grid).can_call_for_help()
    if PICTURES:
        resident.glass.takes_its_picture("resident")
    resident.writes(WORDS, photo=photo)
    number, code = resident.sends()
    if PICTURES:
        resident.glass.takes_its_picture("resident-sent")
    colleague = product.person("duty2")
    issue = issue_of(colleague, number)
    desk.opens(issue)  # it came without a reload, as what it is: not yet verified
    desk.sees_the_state("待受理")
    expect(desk.glass.page.get_by_text(WORDS)).to_be_visible()

    resident.looks_up(code)
    expect(resident.glass.at("matter-state")).to_have_text("已收到，等待受理")
    resident.does("add", "井盖在单元门左侧，已放了一把椅子挡着。")
    desk.does("accept")
    desk.sees_the_state("已受理")
    resident.sees("已受理，正在安排")
    desk.replies("已安排人员今天下午去看。")
    resident.sees("已受理，正在安排")
    expect(resident.glass.at("matter-replies")).to_contain_text("今天下午去看")
    if PICTURES:
        resident.glass.takes_its_picture("resident-matter")

    grounds = {"ground": "not_in_jurisdiction", "text": "井盖属邻区管护，已转告。"}
    product.person("lead").does("decline", issue, grounds).must()  # an urgent item: the duty lead's to decline
    resident.sees("不予受理，原因见答复")
    resident.does("reconsider", "这条路是本区的，路牌在旁边。")
    expect(resident.may("reconsider")).to_have_count(0)  # asked once


@pytest.mark.slow
def test_each_grid_has_a_sign_to_print(resident: Resident, grid: str) -> None:
    resident.glass.opens(f"/r/{grid}/poster")
    sign = resident.glass.at("poster")
    expect(sign).to_contain_text(grid)
    code = sign.get_by_role("img")
    expect(code).to_be_visible()
    address = code.get_attribute("data-text") or ""
    assert address == f"{PUBLIC_URL}/r/{grid}"  # not the address by which the operator came
    expect(sign).to_contain_text(address)
    resident.glass.page.emulate_media(media="print")
    expect(sign.get_by_role("button")).to_be_hidden()


@pytest.mark.slow
def test_the_desk_reaches_the_sign_of_a_grid(desk: Desk, resident: Resident, grid: str) -> None:
    page = desk.glass.page
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name=cell]").fill(grid)
    dialog.locator(".found button").first.click()
    with page.expect_popup() as opening:
        desk.glass.at("poster-link").click()
    sign = opening.value.get_by_test_id("poster")
    expect(sign).to_contain_text(grid)
    address = sign.get_by_role("img").get_attribute("data-text") or ""
    opening.value.close()
    resident.scans(address.rpartition("/")[2])  # what a phone reads from it opens that grid's page


@pytest.mark.slow
def test_who_comes_too_often_is_told_when_to_come_again(resident: Resident, grid: str) -> None:
    page = resident.glass.page
    resident.glass.may_be_refused()
    with page.expect_response("**/public/draft-key"):  # the key is had before the door shuts
        resident.scans(grid)
    page.route("**/api/v1/public/**", lambda route: route.fulfill(**TOO_OFTEN))
    resident.writes(WORDS)
    resident.glass.at("resident-send").tap()
    expect(resident.glass.at("limited")).to_contain_text("请在 7 分钟后再试")
    resident.glass.opens(f"/r/{grid}")
    told = page.locator("[data-trouble=limited]")
    expect(told).to_contain_text("请在 7 分钟后再试")
    page.unroute("**/api/v1/public/**")
    told.get_by_role("button", name="再试一次").tap()
    resident.sends()  # what was written had been kept


@pytest.mark.slow
def test_number_and_code_stay_on_the_telephone_until_they_are_dismissed(resident: Resident, grid: str) -> None:
    page = resident.glass.page
    resident.scans(grid)
    resident.writes(WORDS)
    wait_for(lambda: page.evaluate(KEPT_CHARS) > 0, "the words on the device")
    before = page.evaluate(KEPT_CHARS)
    page.locator("input[name=name]").fill("王建国")
    wait_for(lambda: page.evaluate(KEPT_CHARS) > before, "the name on the device")
    lying = kept_by(resident.glass)
    assert WORDS not in lying and "王建国" not in lying  # whoever copies the profile reads nothing
    page.reload()  # what is half written survives it, in this tab
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    expect(page.locator("input[name=name]")).to_have_value("王建国")
    expect(page.locator("[name=website]")).to_have_count(0)
    number, code = resident.sends()
    expect(resident.glass.at("stays")).to_contain_text("刷新、返回")
    page.reload()
    expect(resident.glass.at("query-code")).to_have_text(code)
    page.goto("about:blank")
    page.go_back()
    expect(resident.glass.at("query-code")).to_have_text(code)
    resident.glass.has_arrived()
    resident.glass.at("picture").tap()
    picture = resident.glass.at("slip-picture")
    expect(picture).to_be_visible()
    assert (picture.get_attribute("src") or "").startswith("data:image/png;base64,")
    if PICTURES:
        resident.glass.takes_its_picture("resident-slip")
    with page.expect_download() as saving:
        resident.glass.at("picture-save").tap()
    assert saving.value.suggested_filename.endswith(".png")
    page.get_by_role("button", name="再报一件").tap()
    expect(page.locator("textarea[name=text]")).to_have_value("")  # nothing of it is left in the form
    expect(resident.glass.at("kept")).to_contain_text(number)
    again = page.context.new_page()  # another tab, as after the browser was closed
    again.goto(page.url)
    again.get_by_test_id("kept-open").tap()
    expect(again.get_by_test_id("query-code")).to_have_text(code)
    again.get_by_test_id("dismiss").tap()
    again.reload()
    expect(again.get_by_test_id("resident-form")).to_be_visible()
    expect(again.get_by_test_id("kept")).to_have_count(0)
    again.close()


@pytest.mark.slow
def test_a_wrong_code_and_no_network_are_told_in_plain_words(resident: Resident, grid: str) -> None:
    page = resident.glass.page
    resident.glass.may_lose_the_line()
    resident.scans(grid)
    resident.glass.at("resident-send").tap()
    expect(page.get_by_role("alert").filter(has_text="请写明发生了什么")).to_be_visible()
    resident.writes(WORDS)
    page.context.set_offline(True)
    resident.glass.at("resident-send").tap()
    expect(resident.glass.at("offline")).to_contain_text("没有网络")
    page.context.set_offline(False)
    resident.sends()  # what was written had been kept
