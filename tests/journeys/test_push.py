"""A phone in a pocket, its page closed: the push arrives, is shown, is told of, and a tap opens the order.

The push service is a counterpart that checks and opens what came; what it opened is given to the browser's worker.
Rules: docs/rules.md, "Calls"; docs/outside.md.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.journeys.conftest import PHONE
from tests.live import Product, wait_for
from tests.live.people import PASSWORD
from tests.outside.counterpart import Side, make_certificate, other_side, push_service

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# What a browser tells of its subscription: its vendor's own service is out of reach here.
SUBSCRIBES = """told => {
  const subscription = { options: { applicationServerKey: null }, unsubscribe: async () => true, toJSON: () => told }
  PushManager.prototype.getSubscription = async () => null
  PushManager.prototype.subscribe = async () => subscription
}"""
SHOWN = """async () => (await (await navigator.serviceWorker.getRegistration('/phone')).getNotifications())
  .map(({ title, body, data }) => [title, body, data])"""
TAP = """async () => {
  const [notification] = await self.registration.getNotifications()
  self.dispatchEvent(new NotificationEvent('notificationclick', { notification }))
}"""

TAPPED = "async () => Boolean(await (await caches.open('relay60-tapped')).match('/phone'))"


def signs_in(context: BrowserContext, username: str) -> Page:
    """A live phone."""
    page = context.new_page()
    page.goto("/sign-in?next=/phone")
    page.locator("input[name=username]").fill(username)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("button[type=submit]").click()
    expect(page.get_by_test_id("link-state").first).to_have_attribute("data-state", "live")
    return page


def deliver(page: Page, origin: str, told: dict[str, Any]) -> None:
    """What the service opened arrives in the browser, as from its vendor."""
    tools = page.context.new_cdp_session(page)
    found: list[str] = []
    tools.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"] if not one["isDeleted"]),
    )
    tools.send("ServiceWorker.enable")
    wait_for(lambda: page.evaluate("1") and bool(found), "the worker's registration")
    asked = {"origin": origin, "registrationId": found[-1], "data": json.dumps(told)}
    tools.send("ServiceWorker.deliverPushMessage", asked)


@pytest.fixture
def vendor(own_product: Product, tmp_path: Path) -> Any:
    """A push service that the product's worker trusts."""
    certificate = make_certificate(tmp_path)
    own_product.worker.stop()
    own_product.worker.env["SSL_CERT_FILE"] = str(certificate[0])
    own_product.worker.start()
    with other_side(push_service, certificate) as side:
        yield side


@pytest.mark.mechanism("M56")
def test_a_closed_phone_shows_the_call_and_a_tap_opens_the_order(
    own_product: Product, vendor: Side, pocket: Browser
) -> None:
    way = {"rank": 1, "in_use": True, "address": "https://zzzx.example.gov.cn/", "intranet": True}
    own_product.person("admin").post("/admin/outside-ways/push", way, version=0).must()
    context = pocket.new_context(
        base_url=own_product.base_url, viewport=PHONE, has_touch=True, permissions=["notifications"], locale="zh-CN"
    )
    told = vendor.browser.subscription(vendor.address)
    keys = {name: told[name] for name in ("p256dh", "auth")}
    context.add_init_script(f"({SUBSCRIBES})({json.dumps({'endpoint': told['endpoint'], 'keys': keys})})")
    page = signs_in(context, "chengguan")
    wait_for(lambda: own_product.rows("SELECT 1 FROM outside_subscription"), "the subscription")
    vendor.application_key = page.request.get("/api/v1/session/push").json()["key"]
    page.goto("about:blank")

    own_product.person("duty2").sends_an_order("law_enforcement")
    rung = "SELECT 1 FROM calls_attempt WHERE channel = 'page' AND attempted_at IS NOT NULL"
    wait_for(lambda: own_product.rows(rung), "the call on pages")
    try:
        own_product.stands(timedelta(seconds=40))  # nobody's page has shown it
        wait_for(lambda: vendor.shown, "the push", within_s=60)
        (push,) = vendor.shown.values()
        page.goto("/r/")  # of the same house, and no page that rings
        deliver(page, own_product.base_url, push)
        states = "SELECT outcome, displayed_at IS NOT NULL, ended_at IS NOT NULL FROM calls_attempt WHERE id = %s"
        wait_for(lambda: own_product.rows(states, push["attempts"][0]) == [("delivered", True, True)], "the receipt")
    finally:
        own_product.stands(timedelta(0))
    title, body, number = page.evaluate(SHOWN)[0]
    assert (title, number) == (f"叫应：事项 {push['number']}", push["number"])
    assert body == " · ".join(part for part in (push["place"], "请打开应答") if part)

    worker = next(one for one in context.service_workers if one.url.endswith("/phone-worker.js"))
    worker.evaluate(TAP)
    wait_for(
        lambda: page.evaluate("async () => (await caches.open('relay60-tapped')).match('/phone').then(Boolean)"), "it"
    )
    page.goto("/phone")
    expect(page.get_by_test_id("order")).to_be_visible()
    expect(page.get_by_test_id("order")).to_contain_text(push["number"])
    context.close()
