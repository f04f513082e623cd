"""A leader sees what is late and who holds it; a count opens its rows, and a report of it all can be taken along.

Rules: docs/rules.md, "Figures" and "Sensitive".
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import CONSOLE, PHONE, PICTURES, Open
from tests.journeys.glass import Glass
from tests.live import Person, Product, wait_for
from tests.live.people import PASSWORD

COMPLAINT = "楼道照明坏了，请打 13812341234 找王建国。"
LATE = timedelta(minutes=90)
pytestmark = pytest.mark.browser


@pytest.fixture
def sits_down(open_glass: Open, office: Browser) -> Callable[..., Glass]:
    """A leader before a live screen, of a desk's or a phone's size."""

    def sit(*, phone: bool = False) -> Glass:
        glass = open_glass(office, PHONE if phone else CONSOLE, touch=phone)
        glass.signs_in("leader", PASSWORD, "/leader")
        return glass

    return sit


def count_of(glass: Glass, count: str) -> int:
    """What a tile says."""
    return int(glass.page.locator(f"[data-count={count}] .figure").inner_text())


def test_a_count_opens_its_rows_its_map_and_the_timeline(
    product: Product, colleague: Person, sits_down: Callable[..., Glass]
) -> None:
    glass = sits_down()
    before = count_of(glass, "red")
    with product.long_ago(LATE):
        late = colleague.reports(colleague.an_item_for("law_enforcement"), text=COMPLAINT).must()
    wait_for(lambda: count_of(glass, "red") > before, "the late one, by itself")  # no reload: Glass would say so

    glass.page.locator("[data-count=red]").click()
    row = glass.page.locator(f"[data-testid=rows] [data-issue='{late.id}']")
    expect(row).to_be_visible()
    expect(glass.at("rows-title")).to_contain_text(f"{count_of(glass, 'red')} 件")
    expect(glass.page.locator("canvas").first).to_be_visible()
    expect(glass.page.get_by_text("地图载入中")).to_have_count(0)
    if PICTURES:
        glass.takes_its_picture("leader")
    glass.at("map-or-list").click()
    expect(glass.at("cell-list").or_(glass.page.get_by_text("没有已定位")).first).to_be_visible()
    row.click()
    expect(glass.at("issue-state")).to_have_text("待受理")
    expect(glass.at("timeline")).to_contain_text("上报")
    assert "王建国" not in glass.page.content()
    assert "楼道照明" not in glass.page.content()
    colleague.does("accept", late.id).must()
    expect(glass.at("issue-state")).to_have_text("已受理")
    expect(glass.at("timeline")).to_contain_text("受理")
    if PICTURES:
        glass.takes_its_picture("leader-issue")


@pytest.mark.slow
def test_a_report_is_made_and_taken_along(
    product: Product, colleague: Person, sits_down: Callable[..., Glass], tmp_path: Path
) -> None:
    colleague.reports(colleague.an_item_for("law_enforcement"), text=COMPLAINT).must()
    glass = sits_down()
    glass.at("situation-report").click()
    glass.at("make-report").click()
    made = glass.at("situation-reports").locator("li").first
    expect(made).to_have_attribute("data-state", "made", timeout=120_000)
    if PICTURES:
        glass.takes_its_picture("leader-report")
    for kind, begins in (("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF")):
        with glass.page.expect_download() as download:
            made.locator(f"[data-file={kind}]").click()
        file = tmp_path / download.value.suggested_filename
        download.value.save_as(file)
        assert file.name.startswith("态势报告-")
        content = file.read_bytes()
        assert content.startswith(begins)
        assert "王建国".encode() not in content
    facts = product.facts_of(made.get_attribute("data-report") or "")
    assert facts == ["situation_report.asked", "situation_report.made"]
    status, words = product.command("reconcile")
    assert status == 0, words


def test_a_leader_looks_from_a_phone(sits_down: Callable[..., Glass]) -> None:
    glass = sits_down(phone=True)
    glass.page.locator("[data-count=open]").tap()
    expect(glass.at("rows")).to_be_visible()
    expect(glass.at("counts")).not_to_be_visible()
    glass.page.locator("[data-part=today]").tap()
    expect(glass.at("entered")).to_be_visible()
    wide = glass.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= PHONE["width"]
    if PICTURES:
        glass.page.locator("[data-part=now]").tap()
        glass.takes_its_picture("leader-phone")
