"""What a screen says beside its work: a session that ends, a release, a full disk, what is new, what is half written.

Each is told in words, covers nothing, and breaks no rule of WCAG 2.2 AA.
"""

import json
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, FilePayload, Route, ViewportSize, expect

from tests.dispatch.desk import DOMESTIC_VIOLENCE
from tests.journeys.conftest import CONSOLE, PHONE, Open
from tests.journeys.glass import Glass
from tests.journeys.inspection import Inspector
from tests.journeys.people import Desk, Lead, Liaison, Wall
from tests.journeys.residents import Member, Resident
from tests.journeys.test_half_written import WORDS, WRITTEN, fills_in, session_ends
from tests.journeys.test_unseen import adds, reports_by_the_page
from tests.journeys.test_urgent import FORBIDDEN
from tests.live import Person, Product
from tests.live.people import PASSWORD
from tests.live.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DISKS: Final = [
    {"holds": holds, "used_percent": used, "free_mib": free, "warn": True}
    for holds, used, free in (("database", 91, 23_552), ("uploads", 91, 23_552), ("logs", 97, 610))
]
SOON_OVER: Final = "UPDATE people_signin SET expires_at = relay_at(NULL) + interval '8 minutes' RETURNING 1"
LOOKS_AGAIN: Final = "document.dispatchEvent(new Event('visibilitychange'))"
PEOPLE: Final = """姓名,用户名,手机号,单位,岗位,辖区代码
章一,zhangyi,13800000001,综合执法局,联络员,
章二,zhang yi,13800000002,综合执法局,联络员,
章三,zhangsan,1380000,没有这个单位,联络员,
章四,zhangsi,13800000004,综合执法局,司机,
"""


def is_full(route: Route) -> None:
    """The disks, as they would be told."""
    route.fulfill(content_type="application/json", body=json.dumps({"disks": DISKS}))


def is_newer(route: Route) -> None:
    """The page as another release would have it: its files under other names."""
    if route.request.resource_type == "document":
        route.continue_()
        return
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text().replace(".js", "x.js"))


def test_all_that_a_desk_can_be_told_at_once(inspector: Inspector, product: Product, desk: Desk) -> None:
    glass, page = desk.glass, desk.glass.page
    glass.at("shift").click()
    page.route("**/api/v1/room", is_full)
    page.route("**/console", is_newer)
    page.add_init_script(f"({FORBIDDEN})()")
    product.rows(SOON_OVER)
    page.reload()
    glass.is_live()
    for told in ("session-ends", "room", "silent"):
        expect(glass.at(told)).to_be_visible()
    inspector.looks_at(glass, "console, all notices")
    page.keyboard.press("n")
    glass.at("report-form").locator("textarea[name=text]").fill(WORDS)  # while it is written nothing is torn away
    expect(glass.at("session-ends")).to_have_count(0)  # who works goes on
    page.evaluate(LOOKS_AGAIN)
    expect(glass.at("release")).to_be_visible()
    inspector.looks_at(glass, "console, release")


def test_the_password_in_place(inspector: Inspector, product: Product, desk: Desk, liaison: Liaison) -> None:
    for glass in (desk.glass, liaison.glass):
        glass.may_be_refused()
    session_ends(product)
    for glass, state in ((desk.glass, "console"), (liaison.glass, "phone")):
        glass.page.evaluate(LOOKS_AGAIN)
        glass.page.keyboard.press("Shift")
        expect(glass.at("sign-in-place")).to_be_visible()
        glass.at("look-on").click()
        expect(glass.at("sign-in-place")).to_be_hidden()
        inspector.looks_at(glass, f"{state}, signed out")  # in the dark its map is another one, and gets no tile
        glass.page.keyboard.press("m")
        glass.at("sign-in-again").click()
        expect(glass.at("sign-in-place")).to_be_visible()
        inspector.looks_at(glass, f"{state}, password in place")


def test_what_is_half_written_is_offered_back(
    inspector: Inspector, product: Product, desk: Desk, colleague: Person, photo: FilePayload
) -> None:
    glass, page = desk.glass, desk.glass.page
    issue = colleague.reports(colleague.an_item_for("law_enforcement")).must().id
    desk.opens(issue)
    desk.chooses("decline")
    page.get_by_role("dialog").locator("textarea").first.fill("经核，不在本区，已告知反映人。")
    page.keyboard.press("Escape")
    desk.chooses("decline")
    expect(glass.at("resumed")).to_be_visible()
    inspector.looks_at(glass, "console, a step taken up again")
    page.keyboard.press("Escape")
    fills_in(glass, photo)
    wait_for(lambda: page.evaluate(WRITTEN) == 2, "both on the device")
    page.reload()
    glass.is_live()
    expect(glass.at("work-offers").locator("[data-work]")).to_have_count(2)
    inspector.looks_at(glass, "console, work offered back")
    glass.at("work-offers").get_by_role("button", name="接报单", exact=True).click()
    expect(glass.at("report-resumed")).to_be_visible()
    inspector.looks_at(glass, "console, report taken up again")


def test_parts_that_do_not_come(inspector: Inspector, office: Browser, open_glass: Open) -> None:
    glass = open_glass(office, CONSOLE)
    glass.may_be_refused()
    for part in ("Gl", "Grid"):
        glass.page.route(f"**/assets/{part}Map-*.js", lambda route: route.fulfill(status=404))
    glass.page.route("**/assets/SearchDialog-*.js", lambda route: route.fulfill(status=404))
    Desk(glass).signs_in("duty1")
    expect(glass.at("part-failed")).to_be_visible()
    inspector.looks_at(glass, "console, no map")
    glass.page.keyboard.press("f")
    expect(glass.at("part-failed")).to_have_count(2)
    inspector.looks_at(glass, "console, no search")


def test_what_is_new_is_marked_wherever_it_stands(
    inspector: Inspector, product: Product, desk: Desk, liaison: Liaison, colleague: Person
) -> None:
    code, issue = reports_by_the_page(product)
    colleague.does("file", issue).must()
    order = colleague.dispatches(issue, "law_enforcement")
    danger, grave = reports_by_the_page(product)
    adds(colleague, code, "又坏了一盏")
    adds(colleague, danger, "孩子不见了！")
    glass, page = desk.glass, desk.glass.page
    for one in (issue, grave):
        expect(page.locator(f"[data-issue='{one}']").get_by_test_id("unseen")).to_be_visible()
    page.locator("[data-list=unseen]").click()
    page.mouse.move(2, 2)
    inspector.looks_at(glass, "console, unseen")
    page.locator(f"[data-issue='{grave}']").click()
    expect(glass.at("unseen-danger")).to_be_visible()
    inspector.looks_at(glass, "issue, unseen danger")
    phone = liaison.glass
    marked = phone.page.locator(f"[data-order='{order}']")
    expect(marked.get_by_test_id("unseen")).to_be_visible()
    inspector.looks_at(phone, "inbox, unseen")
    marked.tap()
    expect(phone.at("unseen-news")).to_be_visible()
    inspector.looks_at(phone, "order, unseen")


def test_more_wait_for_an_answer_than_one_page_holds(
    inspector: Inspector, product: Product, desk: Desk, colleague: Person
) -> None:
    handler = product.person("chengguan")
    for _ in range(3):
        issue, order = colleague.sends_an_order("law_enforcement", reporter={"name": "岑小桥", "phone": "13812341234"})
        handler.handles(order)
        colleague.confirms(issue)
    glass, page = desk.glass, desk.glass.page
    page.route("**/issues/unanswered", lambda route: route.continue_(url=f"{route.request.url}?limit=2"))
    page.reload()
    glass.is_live()
    page.locator("[data-list=unanswered]").click()
    expect(glass.at("more-unanswered")).to_be_visible()
    inspector.looks_at(glass, "console, unanswered by pages")


def test_lists_taken_in(inspector: Inspector, office: Browser, open_glass: Open, photo: FilePayload) -> None:
    glass = open_glass(office, CONSOLE)
    page = glass.page
    page.route("**/api/v1/room", is_full)
    glass.enters("admin", PASSWORD, "/admin")
    glass.has_arrived()
    glass.at("section-imports").click()
    for kind in ("people", "units"):
        page.locator(f"input[name=kind][value={kind}]").click()
        inspector.looks_at(glass, f"admin, imports, {kind}")
    page.locator("input[name=kind][value=people]").click()
    page.locator("input[name=file]").set_input_files(
        {"name": "执法队人员.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("utf-8-sig")}
    )
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_text("行有问题")).to_be_visible()
    inspector.looks_at(glass, "admin, imports, dry run")
    page.get_by_role("button", name="导入 1 人").click()
    expect(page.get_by_text("请立即下载")).to_be_visible()
    inspector.looks_at(glass, "admin, imports, taken in")
    with page.expect_download():
        page.get_by_role("button", name="下载初始密码表").click()


def test_a_resident_keeps_the_slip_and_adds_what_is_danger(
    inspector: Inspector, resident: Resident, colleague: Person
) -> None:
    glass, page = resident.glass, resident.glass.page
    grid = str(colleague.get("/cells?tier=grid").must().body["features"][0]["properties"]["code"])
    resident.scans(grid)
    resident.writes("单元门口井盖缺失，孩子掉下去了！")
    _, code = resident.sends()
    glass.at("picture").tap()
    expect(glass.at("slip-picture")).to_be_visible()
    inspector.looks_at(glass, "resident, slip")
    page.get_by_role("button", name="再报一件").tap()
    expect(glass.at("kept")).to_be_visible()
    inspector.looks_at(glass, "resident, kept")
    resident.looks_up(code)
    resident.does("add", "孩子不见了，快来人！")
    expect(glass.at("call-now").get_by_role("link")).to_have_attribute("href", "tel:110")
    inspector.looks_at(glass, "resident, danger added")


@pytest.mark.parametrize("size", [CONSOLE, PHONE], ids=["desk", "phone"])
def test_sensitive_ones_are_a_number_beside_the_others(
    inspector: Inspector, office: Browser, open_glass: Open, lead: Lead, colleague: Person, size: ViewportSize
) -> None:
    told: dict[str, Any] = {"position": colleague.a_place()}
    for _ in range(3):
        colleague.reports(DOMESTIC_VIOLENCE, **told).must()
    leader: Glass = open_glass(office, size)
    leader.signs_in("leader", PASSWORD, "/leader")
    expect(leader.at("besides")).to_be_visible()
    inspector.looks_at(leader, "leader, besides")
    leader.at("besides").click()
    expect(leader.at("rows-title")).to_contain_text("敏感")
    inspector.looks_at(leader, "leader, sensitive")
    if size is CONSOLE:
        wall = Wall(open_glass(office, CONSOLE)).is_paired_by(lead)
        expect(wall.glass.at("besides")).to_be_visible()
        inspector.looks_at(wall.glass, "wall, besides")


def test_a_phone_takes_up_what_was_half_written(inspector: Inspector, product: Product, member: Member) -> None:
    glass, page = member.glass, member.glass.page
    member.writes(WORDS, "路灯")
    wait_for(lambda: page.evaluate(WRITTEN) == 1, "the report on the device")
    product.rows(SOON_OVER)
    page.reload()
    glass.is_live()
    expect(page.locator("textarea[name=text]")).to_have_value(WORDS)
    expect(glass.at("session-ends")).to_be_visible()
    inspector.looks_at(glass, "phone, report taken up again")
