"""An administrator lets somebody in and opens a new way for reports: both work at once. Rules: docs/rules.md, 6."""

from collections.abc import Callable
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.journeys.conftest import CONSOLE, PICTURES
from tests.journeys.glass import Glass
from tests.journeys.people import Desk
from tests.live.people import PASSWORD

Open = Callable[..., Glass]
SECTIONS: Final = (
    "people",
    "units",
    "rosters",
    "channels",
    "catalogue",
    "settings",
    "delegations",
    "clients",
    "imports",
)
NEW_PASSWORD: Final = "一条自己想出来的长口令"
pytestmark = pytest.mark.browser


class Administrator:
    """Somebody before /admin."""

    def __init__(self, glass: Glass) -> None:
        self.glass, self.page = glass, glass.page

    def signs_in(self) -> "Administrator":
        """By the form; the screen has no live link, it is fetched."""
        self.page.goto("/sign-in")
        self.page.locator("input[name=username]").fill("admin")
        self.page.locator("input[name=password]").fill(PASSWORD)
        self.page.locator("button[type=submit]").click()
        self.page.wait_for_url("**/admin")
        self.glass.has_arrived()
        return self

    def turns_to(self, section: str) -> None:
        """Chooses a section and waits for its list."""
        self.glass.at(f"section-{section}").click()
        expect(self.glass.at(f"section-{section}")).to_have_attribute("aria-current", "page")
        expect(self.page.locator("main [role=status]").filter(has_text="载入中")).to_have_count(0)

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.locator("dialog[open]")

    def saves(self) -> None:
        """Submits the open dialog."""
        self.dialog.locator("button[type=submit]").click()

    def adds_a_person(self, name: str, username: str) -> str:
        """Answers the first password, as shown once."""
        self.glass.at("add-person").click()
        self.dialog.locator("input[name=name]").fill(name)
        self.dialog.locator("input[name=username]").fill(username)
        self.saves()
        told = self.glass.at("secret").inner_text()
        self.dialog.locator("button.primary").click()
        return told

    def appoints_at_the_desk(self, username: str) -> None:
        """Makes the person a duty officer."""
        self.page.locator("input[name=q]").fill(username)
        row = self.glass.at(f"person-{username}")
        row.get_by_test_id("give-post").click()
        self.dialog.locator("select[name=unit] option").first.wait_for(state="attached")
        self.dialog.locator("select[name=role]").select_option("duty_officer")
        self.saves()
        expect(row).to_contain_text("值班员")

    def adds_a_channel(self, name: str, code: str) -> None:
        """Of the grid's family."""
        self.turns_to("channels")
        self.glass.at("add-channel").click()
        self.dialog.locator("input[name=name]").fill(name)
        self.dialog.locator("input[name=code]").fill(code)
        self.saves()
        expect(self.glass.at(f"channel-{code}")).to_contain_text("在用")


@pytest.fixture
def admin(office: Browser, open_glass: Open) -> Administrator:
    """The centre's administrator."""
    return Administrator(open_glass(office, CONSOLE)).signs_in()


@pytest.mark.slow
@pytest.mark.mechanism("M06")
def test_who_is_let_in_works_at_once_and_by_the_new_channel(
    admin: Administrator, office: Browser, open_glass: Open
) -> None:
    first = admin.adds_a_person("夏知行", "xia")
    admin.appoints_at_the_desk("xia")
    admin.adds_a_channel("社区微信群", "wechat_group")

    glass = open_glass(office, CONSOLE)
    page = glass.page
    page.goto("/sign-in")
    page.locator("input[name=username]").fill("xia")
    page.locator("input[name=password]").fill(first)
    page.locator("button[type=submit]").click()
    page.locator("input[name=new]").fill(NEW_PASSWORD)
    page.locator("input[name=again]").fill(NEW_PASSWORD)
    page.locator("button[type=submit]").click()
    page.wait_for_url("**/console")
    glass.is_live()

    page.keyboard.press("n")
    form = glass.at("report-form")
    form.locator(".choice", has_text="社区微信群").click()
    glass.at("item-search").fill("路灯")
    glass.at("item-search").press("Enter")
    form.locator("textarea[name=text]").fill("群里有人说路灯不亮")
    glass.at("report-submit").click()
    expect(form).to_have_count(0)
    expect(page.locator("[data-issue][aria-selected=true]")).to_have_count(1)


@pytest.mark.slow
def test_a_desk_that_is_open_has_the_new_channel_at_once(admin: Administrator, desk: Desk) -> None:
    page = desk.glass.page
    page.keyboard.press("n")
    form = desk.glass.at("report-form")
    expect(form.locator(".choice").first).to_be_visible()
    admin.adds_a_channel("楼栋长来电", "stairwell_call")
    expect(form.locator(".choice", has_text="楼栋长来电")).to_be_visible()  # a reload would be a fault


@pytest.mark.slow
def test_each_section_shows_what_the_centre_has(admin: Administrator) -> None:
    for section in SECTIONS:
        admin.turns_to(section)
        expect(admin.page.locator("main h2")).to_be_visible()
        expect(admin.page.locator("main [role=alert]")).to_have_count(0)
        if PICTURES:
            admin.glass.takes_its_picture(f"admin-{section}")


@pytest.mark.slow
def test_what_hurts_is_asked_once_more(admin: Administrator) -> None:
    """The last administrator can't be suspended: the dialog says why, and nothing happened."""
    admin.page.locator("input[name=q]").fill("admin")
    row = admin.glass.at("person-admin")
    row.get_by_role("button", name="停用账号").click()
    expect(admin.dialog).to_contain_text("不能再登录")
    admin.glass.may_be_refused()
    admin.glass.at("confirm").click()
    expect(admin.dialog.get_by_test_id("problem")).to_contain_text("最后一名管理员")
    if PICTURES:
        admin.glass.takes_its_picture("admin-refused")
    admin.page.keyboard.press("Escape")
    expect(row).to_contain_text("在用")
