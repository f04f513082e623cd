"""An administrator makes a roster, and the phone of who is on duty rings, another liaison's does not.

Rules: docs/rules.md, "Duty", "Calls".
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import CONSOLE, PHONE
from tests.journeys.glass import Glass
from tests.journeys.people import Desk, Liaison
from tests.live import Product
from tests.live.people import PASSWORD, Person

Open = Callable[..., Glass]
UNIT: Final = "law_enforcement"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def keeper(product: Product) -> Iterator[Person]:
    """The administrator elsewhere, who gives 韩电生 a second post at 城管局, and clears all away afterwards."""
    admin = product.person("admin")
    unit = admin.unit(UNIT)
    person = admin.get("/admin/people?q=power").must().body["people"][0]
    given = {"person": person["id"], "role": "liaison", "unit": unit}
    admin.post("/admin/posts", given, version=person["version"]).must()
    yield admin
    roster = admin.get(f"/units/{unit}/roster").must().body
    lines = [one["id"] for one in (*roster["weekly"], *roster["dated"])]
    if lines:
        admin.post(f"/units/{unit}/roster", {"remove": lines}, version=roster["version"]).must()
    held = admin.get("/admin/people?q=power").must().body["people"][0]
    second = next(one["id"] for one in held["posts"] if one["unit_id"] == unit)
    admin.post(f"/admin/posts/{second}/end", version=held["version"]).must()


@pytest.fixture
def screen(office: Browser, open_glass: Open, keeper: Person) -> Glass:
    """The administrator's screen at the roster of 城管局, where there is none."""
    glass = open_glass(office, CONSOLE)
    glass.enters("admin", PASSWORD, "/admin")
    glass.has_arrived()
    glass.at("section-rosters").click()
    glass.page.locator("select[name=unit]").select_option(keeper.unit(UNIT))
    expect(glass.at("no-roster")).to_contain_text("没有值班表：按联系人顺序叫应")
    return glass


def dialog_of(glass: Glass) -> Locator:
    """The dialog that is open."""
    return glass.page.locator("dialog[open]")


def puts_on_duty(glass: Glass, name: str) -> None:
    """Somebody, each day for 24 hours."""
    glass.at("roster-add").click()
    dialog = dialog_of(glass)
    dialog.locator("label", has_text=name).locator("input").check()
    for day in ("周六", "周日"):
        dialog.locator("label", has_text=day).locator("input").check()
    dialog.locator("input[name=from]").fill("00:00")
    dialog.locator("input[name=to]").fill("00:00")
    expect(dialog.locator("input[name=next]")).to_be_checked()
    expect(glass.at("shift-lasts")).to_have_text("共 24 小时")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)


def test_who_is_on_duty_is_called_and_another_liaison_is_not(
    product: Product, screen: Glass, desk: Desk, pocket: Browser, open_glass: Open
) -> None:
    off_duty = Liaison(open_glass(pocket, PHONE, touch=True)).signs_in("chengguan")
    on_duty = Liaison(open_glass(pocket, PHONE, touch=True)).signs_in("power")
    puts_on_duty(screen, "韩电生")
    row = screen.at("roster-power")
    expect(row.locator(".chip")).to_have_count(7)
    expect(row.locator(".chip").first).to_contain_text("00:00–24:00")
    expect(screen.at("roster-gaps").locator(".bad")).to_have_count(0)

    _, order = product.person("duty2").sends_an_order(UNIT)
    (call,) = product.rows("SELECT id FROM calls_call WHERE order_id = %s", order)[0]
    line = on_duty.glass.page.locator(f"[data-call~='{call}']")
    expect(line).to_be_visible()
    expect(off_duty.glass.page.locator("body")).to_contain_text("待签收")  # the order is there, and does not ring
    expect(off_duty.glass.page.locator(f"[data-call~='{call}']")).to_have_count(0)
    line.get_by_test_id("answer").tap()
    expect(line).to_have_count(0)


def test_an_absence_leaves_a_gap_that_screen_and_desk_show_and_an_overlap_is_refused_at_its_field(
    product: Product, screen: Glass, desk: Desk, keeper: Person
) -> None:
    puts_on_duty(screen, "韩电生")
    tomorrow = f"{product.now() + timedelta(days=1, hours=8):%Y-%m-%d}"  # the district's day
    screen.at("roster-away").click()
    dialog = dialog_of(screen)
    dialog.locator("select[name=post]").select_option(label="韩电生 联络员")
    dialog.locator("input[name=from]").fill(f"{tomorrow}T00:00")
    dialog.locator("input[name=to]").fill(f"{tomorrow}T00:00")
    screen.may_be_refused()
    dialog.locator("button[type=submit]").click()
    expect(dialog.locator("input[name=to]")).to_have_attribute("aria-invalid", "true")
    expect(dialog.get_by_test_id("problem")).to_contain_text("须长于 0")
    dialog.locator("input[name=to]").fill(f"{tomorrow}T23:00")
    dialog.locator("button[type=submit]").click()
    expect(dialog).to_have_count(0)
    unit = keeper.unit(UNIT)
    (told,) = [one for one in keeper.get("/duty/gaps").must().body if one["unit"] == unit]
    assert told["uncovered"], "the shift of tomorrow is not covered"
    band = desk.glass.at("duty-band")
    expect(band).to_be_visible()  # it asks once a minute
    band.locator("summary").click()
    expect(band.locator(f"[data-unit='{unit}']")).to_contain_text("无人值守")
