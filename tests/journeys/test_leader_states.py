"""The leader's screen with nothing to show, with a picture that may be false, with a report that fails, and for others.

Rules: docs/rules.md, "Figures" and "Duty, leaders"; a screen that can't be trusted says so (docs/protocol.md).
"""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.centres import District
from tests.journeys.conftest import CONSOLE
from tests.journeys.glass import Glass
from tests.live import Product
from tests.live.databases import rows
from tests.live.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
DOUBTFUL: Final = re.compile("doubtful")
MADE_WITHIN_MS: Final = 120_000
ROOM_FOR_NO_FILE: Final = "ALTER TABLE situation_situationfile ADD CONSTRAINT disk_is_full CHECK (false) NOT VALID"
Sits = Callable[..., Glass]


@pytest.fixture
def alone(own_product: Product, office: Browser) -> Iterator[Sits]:
    """Somebody before /leader of a product where nobody else works."""
    with ExitStack() as stack:

        def sit(username: str, *, placeless: bool = False) -> Glass:
            glass = Glass(office, own_product.base_url, CONSOLE)
            stack.callback(glass.close)
            if placeless:
                glass.may_be_refused()  # it asks once for its place's day, and learns that it has none
            glass.enters(username, PASSWORD, "/leader")
            return glass

        yield sit


def count(glass: Glass, name: str) -> str:
    """What a tile says."""
    return glass.page.locator(f"[data-count={name}] .figure").inner_text()


def test_a_picture_that_may_be_false_does_not_look_like_one_that_is_true(own_product: Product, alone: Sits) -> None:
    glass = alone("leader")
    glass.is_live()
    panes = glass.page.locator("main")
    expect(panes).not_to_have_class(DOUBTFUL)
    expect(glass.at("rows").locator("[data-issue]").first).to_be_visible()
    before = int(count(glass, "open"))

    own_product.timer.pause()  # nothing would fall due any more
    glass.says_it_is_stale("timer")
    expect(panes).to_have_class(DOUBTFUL)
    own_product.timer.resume()
    glass.says_nothing_is_wrong()
    expect(panes).not_to_have_class(DOUBTFUL)

    glass.may_lose_the_line()
    own_product.gateway.kill()
    glass.says_it_is_stale("gateway")
    expect(panes).to_have_class(DOUBTFUL)
    assert int(count(glass, "open")) == before  # the last that was known, with the band above it
    own_product.gateway.start()
    glass.says_nothing_is_wrong()
    expect(panes).not_to_have_class(DOUBTFUL)
    officer = own_product.person("duty1")
    officer.reports(officer.an_item_for("law_enforcement")).must()
    expect(glass.page.locator("[data-count=open] .figure")).to_have_text(str(before + 1))


def test_a_leader_who_waits_or_has_no_network_is_told_so(own_product: Product, office: Browser) -> None:
    glass = Glass(office, own_product.base_url, CONSOLE)
    with glass.holds_back("/ticket", "/situation*"):
        glass.enters("leader", PASSWORD, "/leader")
        expect(glass.page.get_by_text("载入中").first).to_be_visible()
        expect(glass.at("link-state")).to_have_attribute("data-state", "connecting")
        expect(glass.page.locator("[data-count=open] .figure")).not_to_have_text("0")  # not known is not none
    glass.is_live()
    expect(glass.page.get_by_text("载入中")).to_have_count(0)
    glass.may_lose_the_line()
    glass.page.context.set_offline(True)
    glass.says_it_is_stale("gateway")
    expect(glass.page.locator("main")).to_have_class(DOUBTFUL)
    glass.at("rows").locator("[data-issue]").first.click()
    expect(glass.at("issue").get_by_text("详情没有取到")).to_be_visible()  # not an endless wait
    glass.page.context.set_offline(False)
    glass.says_nothing_is_wrong()
    expect(glass.at("issue-state")).to_be_visible()  # without another click
    glass.close()


def test_a_report_that_nobody_makes_and_one_that_fails_are_told(own_product: Product, alone: Sits) -> None:
    glass = alone("leader")
    glass.is_live()
    own_product.worker.stop()
    glass.at("situation-report").click()
    glass.at("make-report").click()
    newest = glass.at("situation-reports").locator("li").first
    expect(newest).to_contain_text("排队中")
    expect(glass.at("make-report")).to_be_disabled()  # one at a time
    expect(newest).to_contain_text("后台任务没有回应", timeout=60_000)
    own_product.worker.start()
    expect(newest).to_have_attribute("data-state", "made", timeout=MADE_WITHIN_MS)

    rows(own_product.template.cluster.owner(own_product.database), ROOM_FOR_NO_FILE)
    glass.at("make-report").click()
    expect(newest).to_have_attribute("data-state", "failed", timeout=MADE_WITHIN_MS)
    expect(newest).to_contain_text("没有生成成功")
    expect(newest.get_by_role("link")).to_have_count(0)
    expect(glass.at("make-report")).to_be_enabled()
    report = newest.get_attribute("data-report") or ""
    assert own_product.facts_of(report) == ["situation_report.asked", "situation_report.failed"]


def test_the_head_of_a_body_sees_nothing_open_then_what_it_handles_and_no_countys_day(
    own_product: Product, alone: Sits
) -> None:
    district = District(own_product)
    district.newcomer("finance_head", {"role": "leader", "unit": district.duty.unit("finance")})
    glass = alone("finance_head", placeless=True)
    glass.is_live()
    expect(glass.at("holders")).to_contain_text("目前没有在办事项")
    expect(glass.at("rows")).to_contain_text("目前没有在办事项")
    expect(glass.page.get_by_text("载入中")).to_have_count(0)
    assert (count(glass, "open"), count(glass, "red")) == ("0", "0")
    expect(glass.at("today")).to_contain_text("您的岗位不管辖区")
    expect(glass.at("situation-report")).to_have_count(0)

    other, _ = district.duty.sends_an_order("law_enforcement")
    own, _ = district.duty.sends_an_order("finance")
    expect(glass.page.locator(f"[data-testid=rows] [data-issue='{own}']")).to_be_visible()
    assert count(glass, "open") == "1"
    expect(glass.page.locator(f"[data-issue='{other}']")).to_have_count(0)


@pytest.mark.parametrize("username", ["grid1", "admin"])
def test_whose_post_has_nothing_to_read_here_is_told_so(alone: Sits, username: str) -> None:
    glass = alone(username)
    glass.has_arrived()
    expect(glass.page.get_by_text("您的岗位不能使用领导视图")).to_be_visible()
    expect(glass.at("counts")).to_have_count(0)
    expect(glass.page.get_by_role("link", name="去我的页面")).to_be_visible()
