"""What is half written outlives session, reload and crash, under its own person only, and is sent once.

Rules: docs/rules.md, "Duty"; decision 21.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Playwright, expect

from tests.journeys.conftest import CHROMIUM, CONSOLE, SOFTWARE_DRAWING
from tests.journeys.glass import Glass
from tests.journeys.people import Desk, Liaison
from tests.journeys.pocket import Pocket
from tests.journeys.profile import files_with, kept_by
from tests.journeys.residents import Member
from tests.journeys.test_grid_member import facts_named
from tests.journeys.test_phone_offline import an_order, signed_in_for_good
from tests.live import Person, Product
from tests.live.people import PASSWORD
from tests.live.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
WORDS = "张巷路灯不亮，刘阿婆摔了一跤。"
NAME = "岑小桥"
TYPED = ("张巷路灯", "刘阿婆", NAME)
WRITTEN = """() => new Promise((done) => {
  const asked = indexedDB.open('relay60-work')
  asked.onsuccess = () => {
    const all = asked.result.transaction('pieces').objectStore('pieces').getAll()
    all.onsuccess = () => { asked.result.close(); done(all.result.length) }
  }
})"""


def session_ends(product: Product) -> None:
    """Every session ends, as by its age: no fact tells of it."""
    product.rows("UPDATE people_signin SET expires_at = relay_at(NULL) - interval '1 second' RETURNING 1")


def fills_in(glass: Glass, photo: FilePayload) -> None:
    """Half a report at the console."""
    form = glass.at("report-form")
    glass.page.keyboard.press("n")
    form.locator("textarea[name=text]").fill(WORDS)
    form.locator("input[name=reporter-name]").fill(NAME)
    form.get_by_test_id("photos").set_input_files(photo)
    expect(form.get_by_role("img", name="照片 1")).to_be_visible()


def has_all(glass: Glass, words: str = WORDS) -> None:
    """All of it stands in the form."""
    form = glass.at("report-form")
    expect(form.locator("textarea[name=text]")).to_have_value(words)
    expect(form.locator("input[name=reporter-name]")).to_have_value(NAME)
    expect(form.get_by_role("img", name="照片 1")).to_be_visible()


def gives_the_password(glass: Glass, password: str = PASSWORD) -> None:
    """Signs in where one is."""
    place = glass.at("sign-in-place")
    place.locator("input[name=password]").fill(password)
    place.get_by_role("button", name="继续", exact=True).click()


@pytest.fixture
def own_desk(playwright: Playwright, product: Product, tmp_path: Path) -> Iterator[Pocket]:
    """A desk's browser with a profile of its own."""
    browser = Pocket(playwright, CHROMIUM, SOFTWARE_DRAWING, tmp_path / "profile", product.base_url, CONSOLE)
    yield browser
    browser.closes()


def test_the_session_ends_in_the_middle_of_a_report(product: Product, desk: Desk, photo: FilePayload) -> None:
    glass = desk.glass
    before = facts_named(product, "issue.reported")
    fills_in(glass, photo)
    glass.may_be_refused()
    session_ends(product)
    glass.at("report-form").locator("textarea[name=text]").press("End")
    glass.page.keyboard.type(" ")  # the words are looked at, and nobody is known any more
    expect(glass.at("signed-out")).to_contain_text("已退出登录，数据不再实时")
    expect(glass.at("link-state").first).not_to_have_attribute("data-state", "live")
    expect(glass.at("queue")).to_be_visible()  # the screen stays, with its rows
    assert glass.page.locator("[data-issue]").count() > 0
    gives_the_password(glass, "not the password")
    expect(glass.at("sign-in-place")).to_contain_text("用户名或密码不正确")
    gives_the_password(glass)
    expect(glass.at("signed-out")).to_have_count(0)
    glass.says_nothing_is_wrong()
    has_all(glass, WORDS + " ")
    glass.at("item-search").fill("路灯")
    glass.at("item-search").press("Enter")
    glass.at("report-submit").click()
    expect(glass.at("report-form")).to_have_count(0)
    assert facts_named(product, "issue.reported") == before + 1
    wait_for(lambda: glass.page.evaluate(WRITTEN) == 0, "nothing of it on the device")


def test_a_step_is_taken_when_the_session_has_ended(product: Product, desk: Desk, colleague: Person) -> None:
    glass = desk.glass
    issue = colleague.reports(colleague.an_item_for("law_enforcement")).must().id
    desk.opens(issue)
    desk.chooses("decline")
    dialog = glass.page.get_by_role("dialog").filter(has=glass.at("confirm-verb"))
    dialog.locator("select[name=ground], input[name=ground]").first.wait_for()
    ground = dialog.locator("select[name=ground]")
    if ground.count():
        ground.select_option(index=1)
    else:
        dialog.locator("input[name=ground]").first.check(force=True)
    dialog.locator("textarea[name=text]").fill("经核，不在本区，已告知反映人。")
    glass.may_be_refused()
    session_ends(product)
    glass.at("confirm-verb").click()
    expect(glass.at("signed-out")).to_be_visible()
    gives_the_password(glass)  # above the step's own dialog, which stays
    expect(glass.at("signed-out")).to_have_count(0)
    expect(dialog.locator("textarea[name=text]")).to_have_value("经核，不在本区，已告知反映人。")
    glass.at("confirm-verb").click()
    desk.sees_the_state("未予受理")
    assert product.facts_of(issue).count("issue.declined") == 1


def test_a_killed_browser_offers_it_again_to_nobody_else(
    product: Product, own_desk: Pocket, photo: FilePayload
) -> None:
    Desk(own_desk.opens()).signs_in("duty1")
    own_desk.closes()  # its cookies are on the disk
    glass = own_desk.opens()
    glass.opens("/console")
    glass.is_live()
    before = facts_named(product, "issue.reported")
    fills_in(glass, photo)
    wait_for(lambda: glass.page.evaluate(WRITTEN) == 1, "the report on the device")
    own_desk.has_written_its_tabs()
    own_desk.dies()
    assert files_with(own_desk.profile, *TYPED) == []

    glass = own_desk.opens()
    glass.page.context.clear_cookies()  # whose session goes on is led to the own screen at once
    glass.opens("/sign-in")
    kept = kept_by(glass)
    assert not [word for word in (*TYPED, "接报单") if word in kept]
    Desk(glass).signs_in("duty2")
    glass.page.wait_for_load_state("networkidle")
    expect(glass.at("work-offers")).to_have_count(0)
    glass.page.keyboard.press("n")
    expect(glass.at("report-form").locator("textarea[name=text]")).to_have_value("")
    expect(glass.at("report-resumed")).to_have_count(0)
    kept = kept_by(glass)
    assert not [word for word in (*TYPED, "接报单") if word in kept]

    glass.page.context.clear_cookies()
    Desk(glass).signs_in("duty1")
    offer = glass.at("work-offers")
    expect(offer).to_contain_text("接着上次：")
    expect(offer).to_contain_text("接报单")
    assert not [word for word in TYPED if word in offer.inner_text()]
    offer.get_by_role("button", name="接报单", exact=True).click()
    has_all(glass)
    expect(glass.at("report-resumed")).to_be_visible()
    glass.at("item-search").fill("路灯")
    glass.at("item-search").press("Enter")
    glass.at("report-submit").click()
    expect(glass.at("report-form")).to_have_count(0)
    assert facts_named(product, "issue.reported") == before + 1
    wait_for(lambda: glass.page.evaluate(WRITTEN) == 0, "nothing of it on the device")
    glass.has_arrived()
    glass.close()


def test_a_report_that_went_unheard_is_sent_once(product: Product, own_desk: Pocket, photo: FilePayload) -> None:
    Desk(own_desk.opens()).signs_in("duty1")
    own_desk.closes()
    glass = own_desk.opens()
    glass.opens("/console")
    glass.is_live()
    before = facts_named(product, "issue.reported")
    fills_in(glass, photo)
    glass.at("item-search").fill("路灯")
    glass.at("item-search").press("Enter")
    glass.page.evaluate(
        """() => {
          const asked = window.fetch
          window.fetch = async (url, more) => {
            const answer = await asked(url, more)
            return String(url).endsWith('/reports') ? new Promise(() => undefined) : answer
          }
        }"""
    )
    glass.at("report-submit").click()
    wait_for(lambda: facts_named(product, "issue.reported") == before + 1, "the report")
    own_desk.dies()

    glass = own_desk.opens()
    glass.opens("/console")
    glass.is_live()
    glass.at("work-offers").get_by_role("button").first.click()
    has_all(glass)
    expect(glass.page.get_by_text("不知是否成功")).to_be_visible()
    glass.at("report-submit").click()
    expect(glass.at("report-form")).to_have_count(0)
    assert facts_named(product, "issue.reported") == before + 1
    glass.close()


def test_another_person_in_place_sees_nothing_of_the_first(product: Product, desk: Desk, photo: FilePayload) -> None:
    glass = desk.glass
    fills_in(glass, photo)
    glass.may_be_refused()
    session_ends(product)
    glass.at("report-form").locator("textarea[name=text]").press("End")
    glass.page.keyboard.type("。")
    glass.at("another-person").click()
    glass.page.wait_for_url("**/sign-in**")
    Desk(glass).signs_in("duty2")
    glass.page.wait_for_load_state("networkidle")
    expect(glass.at("work-offers")).to_have_count(0)
    assert not [word for word in TYPED if word in glass.page.content()]
    glass.has_arrived()


def test_the_end_is_seen_coming_and_one_button_goes_on(product: Product, desk: Desk) -> None:
    glass = desk.glass
    product.rows("UPDATE people_signin SET expires_at = relay_at(NULL) + interval '8 minutes' RETURNING 1")
    glass.opens("/console")
    glass.is_live()
    warning = glass.at("session-ends")
    expect(warning).to_contain_text("分钟后退出登录")
    glass.at("session-go-on").click()
    expect(warning).to_have_count(0)
    left = "SELECT count(*) FROM people_signin WHERE ended_at IS NULL AND expires_at > relay_at(NULL) + interval '23 h'"
    assert product.rows(left)[0][0] >= 1


def test_a_phones_report_outlives_its_session_and_its_browser(
    product: Product, kept_phone: Pocket, photo: FilePayload
) -> None:
    member = signed_in_for_good(kept_phone)
    glass = member.glass
    before = facts_named(product, "issue.reported")
    member.writes(WORDS, "路灯", photo=photo)
    wait_for(lambda: glass.page.evaluate(WRITTEN) == 1, "the report on the device")
    kept_phone.has_written_its_tabs()
    kept_phone.dies()
    assert files_with(kept_phone.profile, *TYPED[:2]) == []

    glass = kept_phone.opens()
    glass.opens("/phone")
    glass.is_live()
    text = glass.page.locator("textarea[name=text]")
    expect(text).to_have_value(WORDS)
    expect(glass.page.get_by_role("img", name="照片 1")).to_be_visible()
    glass.may_be_refused()
    session_ends(product)
    member = Member(glass)
    member.sends()
    expect(glass.at("signed-out")).to_contain_text("已退出登录，数据不再实时")
    kept = kept_by(glass)
    assert not [word for word in TYPED if word in kept]
    gives_the_password(glass)
    expect(glass.at("signed-out")).to_have_count(0)
    member.sees_it_arrive()
    assert facts_named(product, "issue.reported") == before + 1
    glass.close()


def test_a_phones_answer_is_another_persons_never(product: Product, kept_phone: Pocket) -> None:
    order = an_order(product)
    glass = kept_phone.opens()
    liaison = Liaison(glass).signs_in("chengguan")
    liaison.opens(order)
    liaison.acknowledges()
    glass.at("feed-back").tap()
    glass.page.locator("textarea[name=feedback]").fill(WORDS)
    wait_for(lambda: glass.page.evaluate(WRITTEN) == 1, "the answer on the device")
    glass.opens("/phone")
    offer = glass.at("work-offers")
    expect(offer).to_contain_text("反馈")
    assert not [word for word in TYPED if word in offer.inner_text()]
    glass.at("sign-out").tap()
    glass.page.wait_for_url("**/sign-in**")

    member = Member(glass).signs_in("grid1")
    expect(glass.at("work-offers")).to_have_count(0)
    assert not [word for word in TYPED if word in kept_by(glass)]
    member.glass.at("sign-out").tap()
    glass.page.wait_for_url("**/sign-in**")

    Liaison(glass).signs_in("chengguan")
    glass.at("work-offers").get_by_role("button").first.tap()
    expect(glass.page.locator("textarea[name=feedback]")).to_have_value(WORDS)
    glass.page.get_by_role("button", name="提交反馈").tap()
    Liaison(glass).sees_the_state("待核查")
    assert product.facts_of(order).count("order.fed_back") == 1
    glass.has_arrived()
    glass.close()
