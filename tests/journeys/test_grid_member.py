"""A grid member reports from the grid: seen at once, offline too, or settled on the spot.

Rules: docs/rules.md, "An issue".
"""

import pytest
from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import PICTURES
from tests.journeys.people import Desk
from tests.journeys.residents import Member
from tests.live import Product
from tests.live.waiting import wait_for

pytestmark = pytest.mark.browser


def facts_named(product: Product, name: str) -> int:
    """How many facts of a name the feed has."""
    return int(product.rows("SELECT count(*) FROM feed_fact WHERE name = %s", name)[0][0])


@pytest.mark.mechanism("M01")
def test_what_is_reported_without_a_network_arrives_once(
    product: Product, desk: Desk, member: Member, photo: FilePayload
) -> None:
    before = facts_named(product, "issue.reported")
    member.glass.may_lose_the_line()
    member.glass.page.context.set_offline(True)
    member.writes("东门巷口井盖缺失，行人绕行", "井盖缺失与路面破损", photo=photo)
    if PICTURES:
        member.glass.takes_its_picture("member")
    member.sends()
    member.sees_that_it_waits()
    if PICTURES:
        member.glass.takes_its_picture("member-waits")
    assert facts_named(product, "issue.reported") == before  # nothing of it is known, and the phone says so

    member.glass.page.context.set_offline(False)
    number = member.sees_it_arrive()
    expect(desk.glass.at("queue").get_by_text(number)).to_be_visible()  # on a console that was open all the time
    assert facts_named(product, "issue.reported") == before + 1
    expect(member.glass.at("own").get_by_text(number)).to_be_visible()


@pytest.mark.slow
@pytest.mark.mechanism("M41")
def test_a_small_dispute_is_settled_on_the_spot(product: Product, member: Member) -> None:
    member.writes("楼上装修太吵，两家吵起来了", "装修扰民")
    member.has_settled_it("双方约定午休和晚八点后停工，当场握手。")
    if PICTURES:
        member.glass.takes_its_picture("member-settles")
    member.sends()
    wait_for(lambda: facts_named(product, "issue.settled") > 0, "the settling")
    settled = member.glass.at("own").get_by_role("button").filter(has_text="待回访").first
    settled.tap()
    expect(member.glass.at("own-issue")).to_contain_text("楼上装修太吵")  # an own report opens in full
