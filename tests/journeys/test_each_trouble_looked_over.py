"""The screens where something is wrong or not there yet: loading, stale, offline, refused, unknown, empty, not for you.

Each is told in words, covers nothing, and breaks no rule of WCAG 2.2 AA. Design: beats; docs/protocol.md, "Stale".
"""

from typing import Final

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.journeys.conftest import CONSOLE, PHONE, Open
from tests.journeys.glass import Glass
from tests.journeys.inspection import Inspector
from tests.journeys.people import Desk, Liaison, Wall
from tests.journeys.residents import Member, Resident
from tests.live import Person, Product
from tests.live.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOT_FOR: Final = (
    ("grid1", "/console", CONSOLE),
    ("grid1", "/township", CONSOLE),
    ("grid1", "/leader", CONSOLE),
    ("duty1", "/admin", CONSOLE),
    ("leader", "/phone", PHONE),
)
WHY: Final = "现场情况有变，已与各方说明。"


@pytest.mark.parametrize(
    ("username", "path", "size"),
    [("duty1", "/console", CONSOLE), ("leader", "/leader", CONSOLE), ("chengguan", "/phone", PHONE)],
    ids=["console", "leader", "phone"],
)
def test_what_is_not_known_yet_is_not_nothing(
    inspector: Inspector, office: Browser, open_glass: Open, username: str, path: str, size: ViewportSize
) -> None:
    glass = open_glass(office, size)
    with glass.holds_back("/ticket"):
        glass.enters(username, PASSWORD, path)
        expect(glass.page.get_by_text("载入中").first).to_be_visible()
        expect(glass.at("link-state").first).to_have_attribute("data-state", "connecting")
        zeros = glass.page.locator(".digits:visible").filter(has_text="0").filter(has_not_text=":")
        assert [text for text in zeros.all_inner_texts() if text.strip() == "0"] == []
        inspector.looks_at(glass, f"{path}, loading")
    glass.is_live()
    expect(glass.page.get_by_text("载入中")).to_have_count(0)


def test_every_live_screen_that_may_be_false(
    inspector: Inspector,
    product: Product,
    desk: Desk,
    liaison: Liaison,
    wall: Wall,
    office: Browser,
    open_glass: Open,
) -> None:
    leader = open_glass(office, CONSOLE)
    leader.signs_in("leader", PASSWORD, "/leader")
    glasses = {"console": desk.glass, "phone": liaison.glass, "wall": wall.glass, "leader": leader}
    product.timer.pause()
    for name, glass in glasses.items():
        glass.says_it_is_stale("timer")
        inspector.looks_at(glass, f"{name}, timer stands")
    product.timer.resume()
    for glass in glasses.values():
        glass.says_nothing_is_wrong()
        glass.may_lose_the_line()
        glass.page.context.set_offline(True)
    for name, glass in glasses.items():
        expect(glass.at("stale-banner")).to_be_visible()
        inspector.looks_at(glass, f"{name}, offline")
    for glass in glasses.values():
        glass.page.context.set_offline(False)
    for glass in glasses.values():
        glass.says_nothing_is_wrong()


def test_a_step_of_the_desk_that_is_refused_or_whose_end_is_unknown(
    inspector: Inspector, desk: Desk, colleague: Person
) -> None:
    glass, page = desk.glass, desk.glass.page
    issue, _ = colleague.sends_an_order("law_enforcement")
    desk.opens(issue)
    glass.may_be_refused()
    glass.may_lose_the_line()

    desk.chooses("amend")
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea[name=reason]").fill(WHY)
    colleague.does("amend", issue, {"urgent": True, "reason": WHY}).must()
    expect(glass.at("moved")).to_contain_text("先行“更正”")
    inspector.looks_at(glass, "refused, somebody was first")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    desk.chooses("amend")
    dialog.get_by_text("重大", exact=True).click()
    dialog.locator("textarea[name=reason]").fill(WHY)
    page.route("**/amend", lambda route: route.abort())
    glass.at("confirm-verb").click()
    expect(dialog.get_by_role("alert")).to_contain_text("不知")
    expect(glass.at("confirm-verb")).to_contain_text("重试")
    inspector.looks_at(glass, "unknown whether it went through")
    page.unroute_all()
    glass.at("confirm-verb").click()
    expect(dialog).to_have_count(0)
    assert colleague.sees(issue).must().body["card"]["level"] == "major"


def test_lists_that_are_empty(inspector: Inspector, desk: Desk) -> None:
    page = desk.glass.page
    page.get_by_placeholder("编号、条目、网格").fill("没有这样的事")
    expect(desk.glass.at("queue").get_by_role("option")).to_have_count(0)
    inspector.looks_at(desk.glass, "queue, nothing found")
    page.keyboard.press("Escape")
    desk.glass.at("queue").focus()
    page.keyboard.press("f")
    dialog = page.get_by_role("dialog")
    dialog.locator("input[name=q]").fill("99999999")
    dialog.get_by_role("button", name="查 询").click()
    expect(dialog).to_contain_text("没有符合条件的事项")
    inspector.looks_at(desk.glass, "search, nothing found")


@pytest.mark.parametrize(("username", "path", "size"), NOT_FOR, ids=[f"{who}{path}" for who, path, _ in NOT_FOR])
def test_whose_post_has_nothing_to_do_there(
    inspector: Inspector, office: Browser, open_glass: Open, username: str, path: str, size: ViewportSize
) -> None:
    glass = open_glass(office, size)
    glass.may_be_refused()
    glass.enters(username, PASSWORD, path)
    glass.has_arrived()
    expect(glass.page.get_by_text("您的岗位").first).to_be_visible()
    expect(glass.page.get_by_text("载入中")).to_have_count(0)
    inspector.looks_at(glass, f"{path}, not for this post")


def test_a_phone_without_a_network(inspector: Inspector, liaison: Liaison, member: Member, colleague: Person) -> None:
    _, order = colleague.sends_an_order("law_enforcement")
    liaison.opens(order)
    expect(liaison.glass.at("acknowledge")).to_be_visible()
    for glass in (liaison.glass, member.glass):
        glass.may_lose_the_line()
        glass.page.context.set_offline(True)
    liaison.glass.at("acknowledge").tap()
    expect(liaison.glass.at("undelivered")).to_be_visible()
    inspector.looks_at(liaison.glass, "phone, acknowledged without a network")
    member.writes("楼上装修太吵，两家吵起来了", "装修扰民")
    member.sends()
    member.sees_that_it_waits()
    inspector.looks_at(member.glass, "phone, a report waits")
    member.glass.at("sign-out").tap()
    expect(member.glass.page.locator("dialog[open]")).to_be_visible()
    inspector.looks_at(member.glass, "phone, leaving with what waits")
    member.glass.page.keyboard.press("Escape")
    for glass in (liaison.glass, member.glass):
        glass.page.context.set_offline(False)
        glass.says_nothing_is_wrong()
    member.sees_it_arrive()


def test_a_resident_without_luck(inspector: Inspector, resident: Resident, colleague: Person) -> None:
    glass, page = resident.glass, resident.glass.page
    grid = str(colleague.get("/cells?tier=grid").must().body["features"][0]["properties"]["code"])
    glass.may_be_refused()
    glass.may_lose_the_line()
    glass.opens("/r/no-such-grid")
    expect(page.get_by_role("alert").first).to_be_visible()
    inspector.looks_at(glass, "resident, no such grid")
    resident.scans(grid)
    glass.at("resident-send").tap()
    inspector.looks_at(glass, "resident, nothing written")
    resident.writes("单元门口井盖缺失，晚上看不见。")
    page.context.set_offline(True)
    glass.at("resident-send").tap()
    expect(glass.at("offline")).to_be_visible()
    inspector.looks_at(glass, "resident, offline")
    page.context.set_offline(False)
    glass.opens("/r/")
    page.locator("input[name=query-code]").fill("AAAA-AAAA-AAAA")
    glass.at("lookup").get_by_role("button").tap()
    expect(page.get_by_role("alert").first).to_be_visible()
    inspector.looks_at(glass, "resident, no such code")


def test_a_wrong_password(inspector: Inspector, office: Browser, open_glass: Open) -> None:
    glass: Glass = open_glass(office, CONSOLE)
    glass.may_be_refused()
    glass.opens("/sign-in")
    glass.page.locator("input[name=username]").fill("duty1")
    glass.page.locator("input[name=password]").fill("not-this-one")
    glass.page.locator("button[type=submit]").click()
    expect(glass.page.get_by_role("alert").first).to_be_visible()
    inspector.looks_at(glass, "sign-in, wrong password")
