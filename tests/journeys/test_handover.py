"""Who goes hands the desk over to who comes, from screen to screen, and prints the log of the shift.

Rules: docs/rules.md, "Duty".
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.conftest import CONSOLE
from tests.journeys.glass import Glass
from tests.journeys.people import Desk, Wall
from tests.journeys.test_papers import printed
from tests.live import Product
from tests.live.people import PASSWORD, Person

Open = Callable[..., Glass]
NOTES: Final = "二号楼停电未复。电工今晚到"
pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def rostered(product: Product) -> Iterator[Person]:
    """The administrator has put the desk's two officers and a liaison on duty; all is cleared away afterwards."""
    admin = product.person("admin")
    now = product.now()
    for username, unit in (("duty1", "duty_desk"), ("duty2", "duty_desk"), ("chengguan", "law_enforcement")):
        member = next(
            one
            for one in admin.get(f"/units/{admin.unit(unit)}/roster").must().body["members"]
            if one["username"] == username
        )
        line = {
            "post": member["post"],
            "starts_at": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}",
            "ends_at": f"{now + timedelta(hours=9):%Y-%m-%dT%H:%M:%SZ}",
            "kind": "resident",
        }
        version = admin.get(f"/units/{admin.unit(unit)}/roster").must().body["version"]
        admin.post(f"/units/{admin.unit(unit)}/roster", {"dated": [line]}, version=version).must()
    yield admin
    for unit in ("duty_desk", "law_enforcement"):
        roster = admin.get(f"/units/{admin.unit(unit)}/roster").must().body
        lines = [one["id"] for one in (*roster["weekly"], *roster["dated"])]
        if lines:
            admin.post(f"/units/{admin.unit(unit)}/roster", {"remove": lines}, version=roster["version"]).must()


def test_the_desk_is_handed_over_and_both_names_stand_on_paper(
    rostered: Person, desk: Desk, office: Browser, open_glass: Open
) -> None:
    """Who is on duty stands where no matter is chosen; the sheet is the server's; the notes survive a closed dialog."""
    page = desk.glass.page
    page.keyboard.press("h")
    shift = desk.glass.at("shift-page")
    expect(shift).to_contain_text("林晓舟")
    expect(desk.glass.at("units-on-duty")).to_have_text("在班单位 2/2")
    expect(shift.locator(f"[data-unit='{rostered.unit('law_enforcement')}']")).to_contain_text("设备均无响应")
    desk.glass.at("handover").click()
    page.locator("textarea[name=notes]").fill(NOTES)
    page.keyboard.press("Escape")
    desk.glass.at("handover").click()
    expect(page.locator("textarea[name=notes]")).to_have_value(NOTES)
    expect(desk.glass.at("handover-states")).to_contain_text("在办")
    desk.glass.at("handover-submit").click()
    expect(desk.glass.at("handover-dialog")).to_have_count(0)

    comes = open_glass(office, CONSOLE)
    comes.enters("duty2", PASSWORD, "/console")
    comes.has_arrived()
    comes.page.keyboard.press("h")
    expect(comes.at("shift-waits")).to_contain_text("林晓舟")
    comes.at("handover").click()
    expect(comes.at("handover-notes")).to_have_text(NOTES)
    comes.at("handover-submit").click()
    expect(comes.at("handover-dialog")).to_have_count(0)

    comes.at("handover").click()
    comes.page.locator(".history summary").click()
    comes.at("paper").first.click()
    expect(comes.at("sheet")).to_contain_text("林晓舟")  # who prints it stands below it while it loads
    words = "".join(printed(comes.page))
    for wanted in ("交接班单", "林晓舟", "苏明远", NOTES, "在办"):
        assert wanted in words, wanted
    comes.page.keyboard.press("Escape")
    comes.at("shift-log").click()
    expect(comes.at("sheet")).to_contain_text("值班日志")


def test_the_wall_shows_the_units_on_duty_and_no_person(rostered: Person, wall: Wall) -> None:
    shown = wall.glass.at("on-duty")
    expect(shown).to_contain_text("在班单位")
    expect(shown).to_contain_text("2/2")
    expect(shown).to_contain_text("综合执法局")
    expect(wall.glass.page.locator("body")).not_to_contain_text("林晓舟")
