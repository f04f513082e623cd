"""The desks of a community and a township: they receive, settle, pass up, forward. Rules: docs/rules.md, 2 and 3."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, expect

from tests.journeys.centres import Centre, District, relay_up
from tests.journeys.conftest import CONSOLE, PHONE, PICTURES
from tests.journeys.glass import Glass
from tests.journeys.people import COORDINATES, PDF, Desk
from tests.live import Product
from tests.live.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.slow]
Open = Callable[..., Glass]
RUNNING = "clock green running"


@pytest.fixture
def district(product: Product) -> District:
    """The first township and its first community."""
    return District(product)


@pytest.fixture
def delegated(district: District) -> Iterator[None]:
    """While townships may accept."""
    district.lets_townships_accept(True)
    yield
    district.lets_townships_accept(False)


@pytest.fixture
def community(office: Browser, open_glass: Open) -> Centre:
    """The community's desk, before its screen."""
    return Centre(open_glass(office, CONSOLE)).signs_in("community")


@pytest.fixture
def township(office: Browser, open_glass: Open) -> Centre:
    """The township's desk, before its screen."""
    return Centre(open_glass(office, CONSOLE)).signs_in("town")


# What lies over a button while the page is scrolled past it.
LIES_OVER = """(button) => {
  const over = []
  for (const entry of document.querySelectorAll('main li')) {
    entry.scrollIntoView({ block: 'end' })
    const { left, top, width, height } = button.getBoundingClientRect()
    const found = document.elementFromPoint(left + width / 2, top + height / 2)
    if (found && !button.contains(found)) over.push(found.textContent.trim())
  }
  return over
}"""


@pytest.mark.mechanism("M49")
def test_a_members_report_climbs_from_the_community_to_the_district_under_one_running_clock(
    product: Product, district: District, community: Centre, township: Centre, desk: Desk
) -> None:
    community.is_headed(district.name("community"))
    township.is_headed(district.name("town"))
    member = district.member("upward")
    issue = district.reported_by(member, "楼上装修太吵，两家吵起来了。")

    community.looks_at("网格上报")
    community.opens(issue)
    township.opens(issue)
    desk.opens(issue)
    for glass in (community.glass, township.glass, desk.glass):
        expect(relay_up(glass)).to_have_class(RUNNING)
    expect(township.glass.page.locator("[data-verb=pass_up]")).to_have_count(0)  # the community has it
    expect(community.glass.page.locator("[data-verb=accept]")).to_have_count(0)  # not delegated
    if PICTURES:
        community.takes_its_picture("community")
        community.glass.page.set_viewport_size(PHONE)
        community.glass.takes_its_picture("community-narrow")
        community.glass.page.set_viewport_size(CONSOLE)

    community.does("pass_up")
    community.gives(text="上门劝过两次，双方不肯坐下来谈。")
    expect(township.glass.page.locator("[data-verb=pass_up]")).to_be_visible()  # without a reload
    for glass in (community.glass, township.glass, desk.glass):
        expect(relay_up(glass)).to_have_class(RUNNING)
    if PICTURES:
        township.takes_its_picture("township")
    township.does("pass_up")
    township.gives(text="镇街调解未成。")
    expect(township.glass.page.locator("[data-verb=pass_up]")).to_have_count(0)

    desk.does("accept")
    for glass in (community.glass, township.glass, desk.glass):
        expect(glass.at("detail-state")).to_have_text("已受理")
        expect(relay_up(glass)).to_have_class("clock green")
    hops = product.person("duty1").sees(issue).must().body["custody"]
    units = [district.units["community"]["id"], district.units["town"]["id"], district.duty.unit("duty_desk")]
    assert [hop["holder"] for hop in hops] == units
    assert [hop["giver"] for hop in hops] == [None, *units[:2]]


@pytest.mark.mechanism("M42")
def test_a_community_settles_a_dispute_on_the_spot(district: District, community: Centre) -> None:
    issue = district.reported_by(district.member("settled"), "楼道堆物，邻里争执。")
    community.opens(issue)
    community.does("settle_on_spot")
    dialog = community.glass.page.get_by_role("dialog")
    dialog.locator("input[name=consent]").check()
    community.gives(text="双方约定当日清走杂物，握手言和。")
    community.sees_the_state("待回访")
    expect(community.relay_up).to_have_class("clock green")


@pytest.mark.usefixtures("delegated")
def test_a_township_accepts_where_the_centre_lets_it(district: District, township: Centre, desk: Desk) -> None:
    issue = district.reported_by(district.member("accepted"), "门前停车，两家争执。")
    district.product.person("community").does("pass_up", issue, {"text": "请镇街定夺"}).must()
    township.opens(issue)
    township.does("accept")
    township.sees_the_state("已受理")
    expect(township.glass.page.locator("[data-verb=dispatch], [data-verb=file]")).to_have_count(0)  # the district's
    expect(township.glass.page.locator("[data-verb=settle_on_spot]")).to_be_visible()
    desk.opens(issue)
    expect(desk.glass.page.locator("[data-verb=file]")).to_be_visible()


@pytest.mark.mechanism("M32")
def test_an_order_is_forwarded_taken_back_forwarded_again_and_answered_below(
    district: District, township: Centre, community: Centre, desk: Desk, photo: FilePayload
) -> None:
    issue, _ = district.sent_to_the_township("空调外机滴水，楼下晾晒被淋。")
    township.opens(issue)
    township.forwards_to(district.name("community"))
    expect(township.glass.at("forwards")).to_contain_text("待签收")
    community.looks_at("本中心办")
    community.opens(issue)
    expect(community.step("acknowledge")).to_be_visible()
    expect(community.step("feed_back")).to_have_count(0)
    expect(community.step("forward")).to_have_count(0)  # nothing lies below it

    township.does_with_the_order("take_back")
    expect(township.glass.at("forwards")).to_have_count(0)
    expect(community.step("acknowledge")).to_have_count(0)
    township.forwards_to(district.name("community"))

    expect(community.step("acknowledge")).to_be_visible()
    community.takes_the_next_step("[data-order-verb=start]")  # by the keyboard
    expect(community.step("start")).to_be_visible()
    expect(township.step("take_back")).to_have_count(0)
    expect(township.glass.at("forwards")).not_to_contain_text("待签收")
    if PICTURES:
        township.takes_its_picture("township-forward")
    community.does_with_the_order("start")
    expect(community.step("start")).to_have_count(0)
    community.does_with_the_order("feed_back")
    dialog = community.glass.page.get_by_role("dialog")
    dialog.get_by_test_id("photos").set_input_files(photo)
    expect(dialog.get_by_role("img", name="照片 1")).to_be_visible()
    dialog.get_by_test_id("files").set_input_files({"name": "和解书.pdf", "mimeType": "application/pdf", "buffer": PDF})
    expect(dialog.get_by_test_id("chosen-files")).to_contain_text("和解书.pdf")
    if PICTURES:
        community.glass.takes_its_picture("community-answers")
    community.gives(text="已加装接水管，两家认可。")

    desk.opens(issue)
    desk.sees_the_state("待核查")
    expect(desk.glass.page.locator("[data-order]")).to_contain_text("已加装接水管")
    with desk.glass.page.expect_download() as saving:
        desk.glass.at("files-of").get_by_role("link").click()
    assert Path(saving.value.path()).read_bytes() == PDF
    expect(desk.glass.at("custody")).to_contain_text("转办")


def test_who_has_nothing_to_do_there_is_told_so(office: Browser, open_glass: Open) -> None:
    glass = open_glass(office, CONSOLE)
    glass.signs_in("grid1", "relay60-demo", "/township")
    expect(glass.page.get_by_text("您的岗位不能使用工作台。")).to_be_visible()
    expect(glass.at("queue")).to_have_count(0)


def test_a_township_works_with_a_thumb_in_one_column(district: District, pocket: Browser, open_glass: Open) -> None:
    issue, _ = district.sent_to_the_township("下水道返味，几户都闻得到。")
    township = Desk(open_glass(pocket, PHONE, touch=True))
    township.glass.signs_in("town", PASSWORD, "/township")
    glass, page = township.glass, township.glass.page
    township.opens(issue)
    expect(glass.at("queue")).to_be_hidden()
    expect(glass.at("shift")).to_be_visible()
    for control in page.locator("header.bar button").all():
        expect(control).to_be_in_viewport(ratio=1)  # none runs off beside what is urgent
    step = page.locator("[data-order-verb=acknowledge]")
    expect(step).to_be_in_viewport()
    assert step.evaluate(LIES_OVER) == []
    step.tap()
    expect(page.locator("[data-order-verb=start]")).to_be_in_viewport()

    page.go_back()  # the phone's own way back closes the issue and leaves no page
    expect(glass.at("queue")).to_be_visible()
    expect(glass.at("detail-state")).to_have_count(0)
    page.locator("[data-face=map]").tap()
    expect(page.locator("[data-map]")).to_be_visible()
    expect(glass.at("queue")).to_be_hidden()
    page.locator("[data-face=queue]").tap()

    page.get_by_role("button", name="接报登记").tap()
    words = glass.at("report-form").locator("textarea[name=text]")
    words.fill("楼道堆放杂物，夜里绊人。")
    glass.at("pick").tap()
    expect(page.locator("[data-map][data-ready=true]")).to_be_visible()
    page.locator("[data-map]").tap()
    expect(glass.at("report-form").get_by_text(COORDINATES)).to_be_visible()
    expect(words).to_have_value("楼道堆放杂物，夜里绊人。")
