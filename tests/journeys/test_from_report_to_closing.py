"""One report lives through the whole loop, before a console, a phone and the wall, without a reload."""

import pytest

from tests.journeys.conftest import PICTURES
from tests.journeys.people import Desk, Liaison, Wall
from tests.live import Product

ITEM = "餐饮油烟异味"
COMPLAINT = "楼下烧烤店油烟直排,夜里开不了窗。"
pytestmark = pytest.mark.browser


def test_from_report_to_closing(product: Product, desk: Desk, liaison: Liaison, wall: Wall) -> None:
    issue = desk.enters_a_report(ITEM, COMPLAINT)
    desk.sees_the_state("待受理")
    wall.tells_of(ITEM, "上报")

    desk.does("accept")
    desk.sees_the_state("已受理")
    desk.does("file")
    desk.sees_the_state("待派遣")
    desk.dispatches("综合行政执法")
    desk.sees_the_state("处置中")
    wall.tells_of(ITEM, "派遣")

    liaison.opens_the_newest(ITEM)
    liaison.sees_the_state("待签收")
    liaison.reads(COMPLAINT)
    desk.sees_the_receipt("送达")
    desk.sees_the_receipt("已显示")
    if PICTURES:
        liaison.glass.takes_its_picture("phone")
        desk.glass.takes_its_picture("console")
    liaison.acknowledges()
    desk.sees_the_receipt("签收")
    liaison.starts()
    liaison.feeds_back("已责令停用直排烟道,加装净化器并复测。")

    desk.sees_the_state("待核查")
    desk.verifies()
    desk.sees_the_state("待回访")
    desk.closes_the_issue()
    desk.sees_the_state("已结案")
    wall.tells_of(ITEM, "结案")

    names = [name for name in product.facts_of(issue) if name.startswith("issue.")]
    assert names == [
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
    status, words = product.command("reconcile")
    assert status == 0, words
