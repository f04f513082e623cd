"""The first story: a grid member's report lives through the whole loop before five people, and no page loads again."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect

from tests.journeys.glass import Glass
from tests.journeys.people import Desk, Liaison, Wall
from tests.journeys.residents import Member
from tests.live import Product
from tests.live.people import PASSWORD
from tests.live.waiting import wait_for

ITEM: Final = "餐饮油烟异味"
COMPLAINT: Final = "楼下烧烤店油烟直排，夜里开不了窗。"
OPENED_WITHIN_MS: Final = 120_000  # beside five open windows, all drawn in software on two cores
TIME_LEFT: Final = re.compile(r"[+]?(\d+:\d\d(:\d\d)?|\d+天\d+时|\d+时\d+分)")  # goes on between two looks
WHOLE: Final = [
    "issue.reported",
    "issue.accepted",
    "issue.filed",
    "issue.dispatched",
    "issue.relayed_down",
    "issue.handling_started",
    "issue.fed_back",
    "issue.verified",
    "issue.closed",
]


class Township(Desk):
    """A duty officer of a township before its console."""

    def signs_in(self, username: str) -> "Township":
        """Arrives at a live console of the own place."""
        self.glass.signs_in(username, PASSWORD, "/township")
        return self


@dataclass
class Five:
    """All that the story is played before."""

    member: Member
    desk: Desk
    liaison: Liaison
    township: Township
    wall: Wall

    def glasses(self) -> list[Glass]:
        """Their windows."""
        return [one.glass for one in (self.member, self.desk, self.liaison, self.township, self.wall)]

    def all_see(self, number: str, state: str) -> None:
        """Waits until everybody who shows the issue's state shows this one."""
        self.desk.sees_the_state(state)
        self.township.sees_the_state(state)
        expect(own_line(self.member, number)).to_contain_text(state)

    def are_live(self) -> None:
        """Waits until each screen says that it is live, and shows no band."""
        for glass in self.glasses():
            glass.says_nothing_is_wrong()

    def say_that_they_are_stale(self) -> None:
        """Waits until each screen says in plain sight that what it shows can't be trusted."""
        for glass in self.glasses():
            expect(glass.at("stale-banner")).to_be_visible()

    def show_the_truth(self) -> None:
        """Compares what each screen shows with what its page shows that is opened anew."""
        self.liaison.glass.page.get_by_role("button", name="返回").tap()
        shows_the_truth(self.desk.glass, "queue")
        shows_the_truth(self.township.glass, "queue")
        shows_the_truth(self.liaison.glass, "inbox")
        shows_the_truth(self.wall.glass, "counts", "flow")

    def may_lose_the_line(self) -> None:
        """The test breaks their connections."""
        for glass in self.glasses():
            glass.may_lose_the_line()


def own_line(member: Member, number: str) -> Locator:
    """The line of an own report."""
    return member.glass.at("own").get_by_role("button").filter(has_text=number)


def from_report_to_closing(product: Product, five: Five, *, in_the_middle: Callable[[], None] = lambda: None) -> str:
    """Plays it. Answers the issue's id. `in_the_middle` happens when the order is sent and nobody has answered it."""
    member, desk, liaison, township, wall = five.member, five.desk, five.liaison, five.township, five.wall
    member.writes(COMPLAINT, ITEM)
    member.sends()
    number = member.sees_it_arrive()
    wall.tells_of(ITEM, "上报")
    issue = str(product.rows("SELECT id FROM issues_issue WHERE number = %s", int(number))[0][0])
    desk.opens(issue)
    township.opens(issue)
    five.all_see(number, "待受理")

    desk.does("accept")
    five.all_see(number, "已受理")
    desk.does("file")
    five.all_see(number, "待派遣")
    desk.dispatches("综合行政执法")
    five.all_see(number, "处置中")
    wall.tells_of(ITEM, "派遣")

    in_the_middle()

    liaison.opens_the_newest(ITEM)
    liaison.sees_the_state("待签收")
    liaison.reads(COMPLAINT)
    for console in (desk, township):
        console.sees_the_receipt("送达")
        console.sees_the_receipt("已显示")
    liaison.acknowledges()
    for console in (desk, township):
        console.sees_the_receipt("签收")
    liaison.starts()
    liaison.feeds_back("已责令停用直排烟道，加装净化器并复测。")
    five.all_see(number, "待核查")
    desk.verifies()
    five.all_see(number, "待回访")
    desk.closes_the_issue()
    for console in (desk, township):
        console.sees_the_state("已结案")
    expect(own_line(member, number)).to_have_count(0)  # no longer among the open ones
    wall.tells_of(ITEM, "结案")
    assert [name for name in product.facts_of(issue) if name.startswith("issue.")] == WHOLE
    return issue


def shows_the_truth(glass: Glass, *handles: str) -> None:
    """Reads a window that was open all the time beside the same page opened anew, until both say the same.

    Both are read again and again: lights change meanwhile, and with them the order of a queue.
    """
    glass.page.mouse.move(2, 2)  # under a pointer a queue stands still
    expect(glass.page.get_by_text("已离开")).to_have_count(0)
    anew = glass.page.context.new_page()
    anew.goto(urlsplit(glass.page.url).path)
    expect(anew.get_by_test_id("link-state").first).to_have_attribute("data-state", "live", timeout=OPENED_WITHIN_MS)

    def words(page: Page) -> dict[str, str]:
        for handle in handles:
            page.get_by_test_id(handle).evaluate("list => { list.scrollTop = 0 }")  # only what is in view is drawn
        return {handle: TIME_LEFT.sub("~", page.get_by_test_id(handle).inner_text()) for handle in handles}

    wait_for(lambda: words(anew) == words(glass.page), f"the same words in {', '.join(handles)}: {words(glass.page)}")
    anew.close()
