"""Every screen in its main states: nothing off the screen, cut or covered, and no rule of WCAG 2.2 AA broken.

Decision: docs/decisions/0014-screens-are-judged-by-their-layout-not-by-stored-pictures.md.
"""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.journeys.centres import District
from tests.journeys.conftest import CONSOLE, PHONE, Open
from tests.journeys.first_story import Township
from tests.journeys.glass import Glass
from tests.journeys.inspection import Inspector, breaches_of_access, faults_of_layout
from tests.journeys.people import Lead, Liaison
from tests.journeys.residents import Member, Resident
from tests.live import Person, Product
from tests.live.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
NOTEBOOK: Final[ViewportSize] = {"width": 1366, "height": 768}
TABLET: Final[ViewportSize] = {"width": 768, "height": 1024}
SECTIONS = ("people", "units", "channels", "catalogue", "settings", "outside", "delegations", "clients", "imports")
BROKEN = """<!DOCTYPE html><html lang="zh"><title>x</title><main>
  <p style="width:60px;overflow:hidden;white-space:nowrap">这一行字比它的框宽得多</p>
  <button style="position:absolute;left:350px;top:200px;width:60px">出界</button>
  <button style="position:absolute;left:20px;top:100px;width:80px">被遮住</button>
  <div style="position:absolute;left:10px;top:90px;width:120px;height:60px;background:#fff">盖在上面</div>
  <p style="position:absolute;top:300px"><label>一个</label><label style="margin-left:-1em">叠上</label></p>
  <p style="color:#ccc;background:#fff">看不清的字</p><input></main></html>"""


def test_the_inspection_finds_what_is_wrong(office: Browser, open_glass: Open) -> None:
    page = open_glass(office, PHONE).page
    page.set_content(BROKEN)
    faults = faults_of_layout(page)
    for wanted in ("px wider than its window", "its words are", "runs off the screen", "covered", "lies over"):
        assert any(wanted in fault for fault in faults), (wanted, faults)
    breaches = breaches_of_access(page)
    for rule in ("color-contrast", "label"):
        assert any(breach.startswith(rule) for breach in breaches), (rule, breaches)


def test_the_wall_and_its_pairing(inspector: Inspector, office: Browser, open_glass: Open, lead: Lead) -> None:
    glass = open_glass(office, CONSOLE)
    glass.opens("/wall")
    expect(glass.at("pairing-code")).to_be_visible()
    inspector.looks_at(glass, "pairing")
    lead.glass.page.get_by_role("button", name="大屏").click()
    inspector.looks_at(lead.glass, "dialog of pairing")
    lead.glass.page.keyboard.press("Escape")
    lead.approves(glass.at("pairing-code").inner_text())
    glass.is_live()
    expect(glass.at("counts")).to_be_visible()
    inspector.looks_at(glass, "wall")


def test_the_console_and_what_it_does_without_an_issue(inspector: Inspector, lead: Lead) -> None:
    glass, page = lead.glass, lead.glass.page
    inspector.looks_at(glass, "console")
    page.keyboard.press("c")
    inspector.looks_at(glass, "console, map by load")
    page.keyboard.press("m")
    expect(glass.at("cell-list")).to_be_visible()
    inspector.looks_at(glass, "console, list of cells")
    page.keyboard.press("n")
    glass.at("report-submit").click()
    inspector.looks_at(glass, "report form, nothing entered")
    page.keyboard.press("Escape")
    for key, what in (("?", "help"), ("f", "search")):
        page.keyboard.press(key)
        expect(page.locator("dialog[open]")).to_be_visible()
        inspector.looks_at(glass, what)
        page.keyboard.press("Escape")
    glass.at("queue").focus()
    page.set_viewport_size(NOTEBOOK)
    inspector.looks_at(glass, "console on a small desk")


def test_an_issue_at_every_step_of_the_desk(
    inspector: Inspector, product: Product, lead: Lead, colleague: Person
) -> None:
    glass, page = lead.glass, lead.glass.page
    page.keyboard.press("m")
    page.set_viewport_size(NOTEBOOK)
    item, where = colleague.an_item_for("law_enforcement"), {"position": colleague.a_place()}
    twin, issue = (colleague.reports(item, "路灯不亮，请尽快修。", **where).must().id for _ in range(2))
    colleague.does("accept", twin).must()

    def looks_into(verb: str) -> None:
        button = page.locator(f".detail [data-verb={verb}]")
        if button.count():
            button.first.click()
        else:
            page.keyboard.press(".")
            page.locator(f"[data-verb-item={verb}]").click()
        expect(page.locator("dialog[open]")).to_be_visible()
        expect(page.locator("dialog[open]").get_by_text("比对中")).to_have_count(0)
        inspector.looks_at(glass, verb)
        page.keyboard.press("Escape")
        expect(page.locator("dialog[open]")).to_have_count(0)

    lead.opens(issue)
    lead.sees_the_state("待受理")
    expect(page.locator(".detail [data-verb=accept]")).to_be_visible()
    inspector.looks_at(glass, "issue, reported")
    page.keyboard.press(".")
    inspector.looks_at(glass, "more verbs")
    page.keyboard.press("Escape")
    for verb in ("decline", "merge", "amend", "refer_emergency", "withdraw", "reply", "reveal"):
        looks_into(verb)
    for sheet in ("receipt-button", "print-issue"):
        glass.at(sheet).first.click()
        expect(page.locator("dialog[open] .sheet")).to_be_visible()
        inspector.looks_at(glass, sheet)
        page.keyboard.press("Escape")
    for verb in ("accept", "file"):
        colleague.does(verb, issue).must()
    lead.sees_the_state("待派遣")
    looks_into("dispatch")
    order = colleague.dispatches(issue, "law_enforcement")
    lead.sees_the_state("处置中")
    inspector.looks_at(glass, "issue, in handling")
    for verb in ("recall", "add_assist", "suspend"):
        looks_into(verb)
    glass.at("print-order").click()
    expect(page.locator("dialog[open] .sheet")).to_be_visible()
    inspector.looks_at(glass, "order on paper")
    page.keyboard.press("Escape")
    product.person("chengguan").handles(order)
    lead.sees_the_state("待核查")
    for verb in ("verify", "rework"):
        looks_into(verb)
    colleague.does("verify", issue).must()
    lead.sees_the_state("待回访")
    expect(page.locator("[data-verb=close]")).to_be_visible()  # what is open follows the state
    inspector.looks_at(glass, "issue, verified")
    looks_into("close")


@pytest.mark.parametrize("size", [CONSOLE, TABLET, PHONE], ids=["desk", "tablet", "phone"])
def test_the_township(
    inspector: Inspector, product: Product, office: Browser, open_glass: Open, size: ViewportSize
) -> None:
    issue, _ = District(product).sent_to_the_township("空调外机滴水，楼下晾晒被淋。")
    township = Township(open_glass(office, size)).signs_in("town")
    glass, page = township.glass, township.glass.page
    inspector.looks_at(glass, "township")
    township.opens(issue)
    expect(page.locator("[data-order-verb=acknowledge]")).to_be_visible()
    inspector.looks_at(glass, "township, order")
    page.locator("[data-order-verb=acknowledge]").click()
    for verb in ("feed_back", "forward", "request_return"):
        page.locator(f"[data-order-verb={verb}]").click()
        expect(page.locator("dialog[open]")).to_be_visible()
        inspector.looks_at(glass, f"township, {verb}")
        page.keyboard.press("Escape")
    if size is not CONSOLE:
        glass.at("back").click()
        page.locator("[data-face=map]").click()
        expect(page.locator("[data-map]")).to_be_visible()
        inspector.looks_at(glass, "township, map")
        page.locator("[data-face=queue]").click()
    glass.at("queue").focus()
    page.keyboard.press("n")
    expect(glass.at("report-form")).to_be_visible()
    inspector.looks_at(glass, "township, report form")


def test_the_phone(inspector: Inspector, liaison: Liaison, member: Member, colleague: Person) -> None:
    _, order = colleague.sends_an_order("law_enforcement")
    inspector.looks_at(liaison.glass, "inbox")
    liaison.opens(order)
    expect(liaison.glass.at("acknowledge")).to_be_visible()
    inspector.looks_at(liaison.glass, "order")
    liaison.glass.at("ask-return").tap()
    inspector.looks_at(liaison.glass, "request to return")
    liaison.glass.at("return-form").get_by_role("button", name="取消").tap()
    liaison.acknowledges()
    liaison.starts()
    expect(liaison.glass.at("feed-back")).to_be_enabled()
    inspector.looks_at(liaison.glass, "order in handling")
    liaison.glass.at("feed-back").tap()
    inspector.looks_at(liaison.glass, "feedback")

    inspector.looks_at(member.glass, "report of a member")
    member.writes("楼上装修太吵，两家吵起来了", "装修扰民")
    member.has_settled_it("双方约定午休后停工。")
    inspector.looks_at(member.glass, "a settling")
    member.sends()
    member.sees_it_arrive()
    inspector.looks_at(member.glass, "own list")
    member.glass.at("own").get_by_role("button").first.tap()
    expect(member.glass.at("own-issue")).to_be_visible()
    inspector.looks_at(member.glass, "own issue")


def test_the_residents_page(inspector: Inspector, resident: Resident, colleague: Person) -> None:
    glass = resident.glass
    cells = colleague.get("/cells?tier=grid").must().body["features"]
    grid = str(cells[0]["properties"]["code"])
    resident.scans(grid)
    inspector.looks_at(glass, "resident")
    resident.writes("单元门口井盖缺失，晚上看不见。")
    _, code = resident.sends()
    inspector.looks_at(glass, "resident, sent")
    resident.looks_up(code)
    inspector.looks_at(glass, "resident, matter")
    glass.opens(f"/r/{grid}/poster")
    expect(glass.at("poster")).to_be_visible()
    inspector.looks_at(glass, "poster")


@pytest.mark.parametrize("size", [CONSOLE, PHONE], ids=["desk", "phone"])
def test_the_leaders_screen(inspector: Inspector, office: Browser, open_glass: Open, size: dict[str, int]) -> None:
    glass = open_glass(office, size)
    glass.signs_in("leader", PASSWORD, "/leader")
    inspector.looks_at(glass, "leader")
    glass.page.locator("[data-count=open]").click()
    expect(glass.at("rows")).to_be_visible()
    inspector.looks_at(glass, "leader, rows")
    glass.at("rows").locator("[data-issue]").first.click()
    expect(glass.at("issue-state")).to_be_visible()
    inspector.looks_at(glass, "leader, issue")


def test_signing_in_and_the_administrators_screen(
    inspector: Inspector, office: Browser, open_glass: Open, admin_at: Callable[[Glass], None]
) -> None:
    glass = open_glass(office, CONSOLE)
    glass.opens("/sign-in")
    inspector.looks_at(glass, "sign-in")
    admin_at(glass)
    for section in SECTIONS:
        glass.at(f"section-{section}").click()
        expect(glass.at(f"section-{section}")).to_have_attribute("aria-current", "page")
        expect(glass.page.locator("main [role=status]").filter(has_text="载入中")).to_have_count(0)
        inspector.looks_at(glass, f"admin, {section}")
    glass.at("section-outside").click()
    glass.at("outside-wecom").get_by_role("button").first.click()
    expect(glass.page.locator("dialog[open]")).to_be_visible()
    inspector.looks_at(glass, "admin, an outside way")
    glass.page.keyboard.press("Escape")
    glass.at("section-people").click()
    glass.at("add-person").click()
    expect(glass.page.locator("dialog[open]")).to_be_visible()
    inspector.looks_at(glass, "admin, a new person")


@pytest.fixture
def admin_at() -> Callable[[Glass], None]:
    """Signs the administrator in on an open sign-in page."""

    def sign_in(glass: Glass) -> None:
        glass.page.locator("input[name=username]").fill("admin")
        glass.page.locator("input[name=password]").fill(PASSWORD)
        glass.page.locator("button[type=submit]").click()
        glass.page.wait_for_url("**/admin")
        glass.has_arrived()

    return sign_in
