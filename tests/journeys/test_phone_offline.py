"""The phone without a network: it opens, says how old its list is, keeps what is done, and sends it once.

Rules: docs/rules.md, "Whose time": an acknowledgment made offline counts on arrival. Decision 15.
"""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import FilePayload, Playwright, expect

from tests.journeys.conftest import CHROMIUM, PHONE, PICTURES, SOFTWARE_DRAWING
from tests.journeys.glass import Glass
from tests.journeys.people import Liaison
from tests.journeys.pocket import Pocket
from tests.journeys.residents import Member
from tests.journeys.test_grid_member import facts_named
from tests.live import Product
from tests.live.people import PASSWORD
from tests.live.waiting import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.slow]
READY = """async () => {
  const registration = await navigator.serviceWorker.ready
  const kept = await caches.match('/phone', { ignoreVary: true })
  return registration.active?.state === 'activated' && kept !== undefined && navigator.serviceWorker.controller !== null
}"""
UNHEARD = """() => {
  const asked = window.fetch
  window.fetch = async (url, more) => {
    const answer = await asked(url, more)
    return String(url).endsWith('/reports') ? new Promise(() => undefined) : answer
  }
}"""
LAST = """() => new Promise((done) => {
  const asked = indexedDB.open('relay60-last', 1)
  asked.onupgradeneeded = () => asked.result.createObjectStore('last')
  asked.onsuccess = () => {
    const request = asked.result.transaction('last').objectStore('last').get('phone')
    request.onsuccess = () => { asked.result.close(); done(request.result ?? null) }
  }
})"""


def is_ready_for_no_network(glass: Glass) -> None:
    """Waits until the phone has kept its screen, and its list."""
    wait_for(lambda: glass.page.evaluate(READY), "the worker")
    wait_for(lambda: glass.page.evaluate(LAST) is not None, "the kept list")


def an_order(product: Product, unit: str = "law_enforcement") -> str:
    """An order just sent to a unit."""
    desk = product.person("duty2")
    issue = desk.reports(desk.an_item_for(unit)).must().id
    desk.does("accept", issue).must()
    desk.does("file", issue).must()
    return desk.dispatches(issue, unit)


def test_it_can_be_installed(member: Member) -> None:
    page = member.glass.page
    is_ready_for_no_network(member.glass)
    browser = page.context.new_cdp_session(page)
    told = browser.send("Page.getAppManifest")
    assert told["errors"] == []
    faults = browser.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [fault["errorId"] for fault in faults if fault["errorId"] != "in-incognito"] == []
    manifest = page.request.get(told["url"])
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    said = manifest.json()
    assert (said["start_url"], said["display"]) == ("/phone", "standalone")
    for icon in said["icons"]:
        picture = page.request.get(f"/static/{icon['src']}")
        assert picture.headers["content-type"] == "image/png"
        assert f"{int.from_bytes(picture.body()[16:20], 'big')}x" in icon["sizes"]  # the width that PNG's head names


def test_it_opens_without_a_network_and_never_looks_healthy(product: Product, kept_phone: Pocket) -> None:
    order = an_order(product)
    glass = kept_phone.opens()
    liaison = Liaison(glass).signs_in("chengguan")
    expect(glass.page.locator(f"[data-order='{order}']")).to_be_visible()
    is_ready_for_no_network(glass)
    wait_for(lambda: order in str(glass.page.evaluate(LAST)), "the order in the kept list")
    kept_phone.closes()

    product.gateway.kill()
    glass = kept_phone.opens()
    glass.may_lose_the_line()
    liaison = Liaison(glass)
    glass.opens("/phone")
    band = glass.at("standby")
    expect(band).to_contain_text("旧清单，不是现状")
    expect(band).to_contain_text(re.compile(r"数据截至 .*\d\d:\d\d"))
    expect(glass.at("link-state")).to_have_count(0)
    liaison.opens(order)
    if PICTURES:
        glass.takes_its_picture("phone-offline")
    glass.at("acknowledge").tap()
    expect(glass.at("undelivered")).to_contain_text("未送达，计时继续")
    assert "order.acknowledged" not in product.facts_of(order)
    product.gateway.start()
    glass.says_nothing_is_wrong()
    expect(band).to_have_count(0)
    expect(glass.at("undelivered")).to_have_count(0)
    liaison.sees_the_state("已签收")
    assert product.facts_of(order).count("order.acknowledged") == 1
    glass.close()


def test_an_answer_goes_though_a_colleague_acknowledged_first(product: Product, kept_phone: Pocket) -> None:
    order = an_order(product)
    glass = kept_phone.opens()
    liaison = Liaison(glass).signs_in("chengguan")
    liaison.opens(order)
    glass.may_lose_the_line()
    glass.may_be_refused()
    glass.page.context.set_offline(True)
    glass.at("acknowledge").tap()
    glass.at("feed-back").tap()
    glass.page.locator("textarea[name=feedback]").fill("井盖已换新。")
    glass.page.get_by_role("button", name="提交反馈").tap()
    product.person("chengguan").post(f"/orders/{order}/acknowledge").must()
    glass.page.context.set_offline(False)
    liaison.sees_the_state("待核查")
    expect(glass.at("rejected")).to_contain_text("签收 未被接受")
    assert product.facts_of(order).count("order.fed_back") == 1
    glass.close()


def test_a_crash_in_the_middle_loses_nothing_and_doubles_nothing(
    product: Product, kept_phone: Pocket, photo: FilePayload
) -> None:
    before = facts_named(product, "issue.reported")
    member = signed_in_for_good(kept_phone)
    glass = member.glass
    is_ready_for_no_network(glass)
    glass.page.context.set_offline(True)
    member.writes("巷口井盖缺失，孩子常在这里玩", "井盖缺失与路面破损", photo=photo)
    member.sends()
    member.sees_that_it_waits()
    kept_phone.dies()

    product.gateway.kill()
    glass = kept_phone.opens()
    member = Member(glass)
    glass.may_lose_the_line()
    glass.opens("/phone")
    glass.page.locator("[data-tab=own]").tap()
    member.sees_that_it_waits()  # still there, and still not delivered
    product.gateway.start()
    number = member.sees_it_arrive()
    assert facts_named(product, "issue.reported") == before + 1
    found = product.person("duty2").get(f"/issues?q={number}").must().body["issues"][0]["id"]
    assert len(product.person("duty2").sees(found).must().body["photos"]) == 1  # with its photo
    glass.is_live()
    glass.close()


def test_a_crash_between_the_answer_and_its_reading_sends_nothing_twice(product: Product, kept_phone: Pocket) -> None:
    member = signed_in_for_good(kept_phone)
    glass = member.glass
    before = facts_named(product, "issue.reported")
    glass.page.evaluate(UNHEARD)  # done, but never told
    member.writes("东门巷口井盖缺失，行人绕行", "井盖缺失与路面破损")
    member.sends()
    wait_for(lambda: facts_named(product, "issue.reported") == before + 1, "the report")
    member.sees_that_it_waits()
    kept_phone.dies()

    glass = kept_phone.opens()
    glass.opens("/phone")
    glass.is_live()
    expect(glass.at("waiting")).to_have_count(0)
    assert facts_named(product, "issue.reported") == before + 1
    glass.close()


def test_a_lost_session_goes_on_for_the_same_person_only(product: Product, kept_phone: Pocket) -> None:
    glass = kept_phone.opens()
    member = Member(glass).signs_in("grid1")
    before = facts_named(product, "issue.reported")
    glass.may_lose_the_line()
    glass.may_be_refused()
    glass.page.context.set_offline(True)
    member.writes("东门巷口井盖缺失，行人绕行", "井盖缺失与路面破损")
    member.sends()
    member.sees_that_it_waits()
    ends_the_session(glass, product)
    glass.page.context.set_offline(False)
    expect(glass.at("signed-out")).to_contain_text("已退出登录，数据不再实时")  # the server knows nobody here any more
    wait_for(lambda: glass.page.evaluate(LAST) is None, "no list of it on the phone")
    glass.at("another-person").tap()
    glass.page.wait_for_url("**/sign-in**")

    another = Liaison(glass).signs_in("chengguan")
    expect(another.glass.at("sign-out")).to_be_visible()
    another.glass.page.wait_for_load_state("networkidle")
    assert facts_named(product, "issue.reported") == before
    another.glass.at("sign-out").tap()
    expect(glass.page.locator("input[name=username]")).to_be_visible()

    glass.signs_in("grid1", PASSWORD, "/phone")
    glass.page.locator("[data-tab=own]").tap()
    Member(glass).sees_it_arrive()
    assert facts_named(product, "issue.reported") == before + 1
    glass.close()


def test_what_is_done_offline_and_signed_out_of_can_be_deleted(product: Product, kept_phone: Pocket) -> None:
    glass = kept_phone.opens()
    member = Member(glass).signs_in("grid1")
    before = facts_named(product, "issue.reported")
    is_ready_for_no_network(glass)
    glass.may_lose_the_line()
    glass.page.context.set_offline(True)
    member.writes("东门巷口井盖缺失，行人绕行", "井盖缺失与路面破损")
    member.sends()
    member.sees_that_it_waits()
    glass.at("sign-out").tap()
    glass.at("leave-discard").tap()
    expect(glass.at("not-left")).to_contain_text("还没有在服务器上退出")
    expect(glass.at("waiting")).to_have_count(0)
    assert glass.page.evaluate(LAST) is None
    glass.page.context.set_offline(False)
    glass.is_live()
    glass.at("sign-out").tap()
    expect(glass.page.locator("input[name=username]")).to_be_visible()
    glass.has_arrived()
    assert facts_named(product, "issue.reported") == before
    glass.close()


def test_a_full_phone_says_that_it_keeps_nothing_and_sends_from_the_page(
    product: Product, kept_phone: Pocket, photo: FilePayload
) -> None:
    glass = kept_phone.opens()
    storage = glass.page.context.new_cdp_session(glass.page)
    storage.send("Storage.overrideQuotaForOrigin", {"origin": product.base_url, "quotaSize": 1})
    member = Member(glass).signs_in("grid1")
    before = facts_named(product, "issue.reported")
    glass.may_lose_the_line()
    glass.page.context.set_offline(True)
    member.writes("巷口井盖缺失，孩子常在这里玩", "井盖缺失与路面破损", photo=photo)
    member.sends()
    member.sees_that_it_waits()
    expect(glass.at("not-kept")).to_contain_text("请勿关闭")
    glass.page.context.set_offline(False)
    member.sees_it_arrive()
    expect(glass.at("not-kept")).to_have_count(0)
    assert facts_named(product, "issue.reported") == before + 1
    glass.close()


def test_no_old_script_outlives_an_upgrade(own_product: Product, playwright: Playwright, tmp_path: Path) -> None:
    phone = Pocket(playwright, CHROMIUM, SOFTWARE_DRAWING, tmp_path / "profile", own_product.base_url, PHONE)
    glass = phone.opens()
    member = Member(glass).signs_in("grid1")
    is_ready_for_no_network(glass)
    member.writes("巷口井盖缺失，写到一半", "井盖缺失与路面破损")
    upgrade(own_product)
    glass.may_lose_the_line()
    own_product.gateway.stop()
    own_product.gateway.start()
    notice = glass.page.get_by_role("button", name="更新")
    expect(notice).to_be_visible()  # what is being written is not torn away
    notice.tap()
    expect(glass.page.locator("html")).to_have_attribute("data-release", "next")
    phone.closes()

    own_product.gateway.kill()
    glass = phone.opens()
    glass.may_lose_the_line()
    glass.opens("/phone")
    expect(glass.page.locator("html")).to_have_attribute("data-release", "next")  # the old one is nowhere kept
    assert (
        len(glass.page.evaluate("async () => (await caches.keys()).filter((name) => name.startsWith('relay60'))")) == 1
    )
    phone.closes()


def signed_in_for_good(phone: Pocket) -> Member:
    """A member before a phone that has written its cookies to the disk; a browser does that every half minute only."""
    Member(phone.opens()).signs_in("grid1")
    phone.closes()
    member = Member(phone.opens())
    member.glass.opens("/phone")
    member.glass.is_live()
    member.glass.page.wait_for_load_state("networkidle")
    return member


def upgrade(product: Product) -> None:
    """Puts another release's screens in place: other names for the phone's scripts, and a mark in its first."""
    static = product.folder / "static"
    source = static.resolve()
    static.unlink()
    static.mkdir()
    old = re.findall(r"/static/assets/([^ `\"]+)\.js", (source / "phone-worker.js").read_text())
    for file in source.rglob("*"):
        if file.is_dir():
            continue
        target = static / file.relative_to(source)
        if file.suffix in (".js", ".html"):
            text = file.read_text()
            for name in old:
                text = text.replace(f"{name}.js", f"{name}x.js")
            if file.stem == old[0]:
                text = "document.documentElement.dataset.release='next';" + text
            if file.stem in old:
                target = target.with_stem(file.stem + "x")
            if file.name == "phone-worker.js":
                text = re.sub(r"(?<=[`\"])[0-9a-f]{16}(?=[`\"])", "f" * 16, text)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(file)


def ends_the_session(glass: Glass, product: Product) -> None:
    """Ends the phone's session at the server, as an administrator or its age would."""
    cookies = {one["name"]: one["value"] for one in glass.page.context.cookies() if "name" in one and "value" in one}
    answer = httpx.delete(
        f"{product.base_url}/api/v1/session",
        cookies=cookies,
        headers={"X-CSRFToken": cookies["csrftoken"]},
        trust_env=False,
    )
    assert answer.status_code == 204, answer.text
