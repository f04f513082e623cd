"""What is urgent stands on top, with a sound, on every console concerned, until somebody has accepted it.

Rules: docs/rules.md, "An issue": urgent items.
"""

from functools import partial
from typing import Final

import pytest
from playwright.sync_api import expect

from tests.journeys.centres import District
from tests.journeys.first_story import Township
from tests.journeys.people import Desk
from tests.live import Person, Product
from tests.live.waiting import wait_for

pytestmark = pytest.mark.browser
COUNT_TONES: Final = """() => {
  window.tones = 0
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...at) { window.tones += 1; return start.apply(this, at) }
}"""

FORBIDDEN: Final = """() => {
  window.forbidden = true
  const resume = AudioContext.prototype.resume
  AudioContext.prototype.resume = function () { return window.forbidden ? new Promise(() => {}) : resume.call(this) }
  const state = Object.getOwnPropertyDescriptor(BaseAudioContext.prototype, 'state')
  Object.defineProperty(BaseAudioContext.prototype, 'state', {
    get() { return window.forbidden ? 'suspended' : state.get.call(this) },
  })
}"""


@pytest.mark.slow
@pytest.mark.mechanism("M37")
def test_an_urgent_report_is_pinned_and_heard_until_it_is_accepted(
    product: Product, desk: Desk, township: Township
) -> None:
    district = District(product)
    urgent = next(
        item["code"]
        for item in district.duty.get("/reference").must().body["catalogue"]
        if item["urgent"] and not item["sensitive"]
    )
    _, position = district.place()
    for waiting in district.duty.get("/issues?state=reported&limit=200").must().body["issues"]:
        if waiting["card"]["urgent"]:  # what others left would sound, too
            district.duty.does("accept", waiting["id"]).must()
    for who in ("duty1", "town"):
        looks_at_what_is_new(product.person(who))
    consoles: list[Desk] = [desk, township]
    for console in consoles:
        console.glass.page.evaluate(COUNT_TONES)
        console.glass.at("shift").click()
        expect(console.glass.at("shift")).to_have_text("值守中")
    district.duty.reports(district.item(), position=position).must()
    issue = district.duty.reports(urgent, "楼道里有浓烈的煤气味。", position=position).must().id
    for console in consoles:
        first = console.glass.at("queue").locator("[data-issue]").first
        expect(first).to_have_attribute("data-issue", issue)
        expect(first.get_by_role("img", name="紧急").first).to_be_visible()
        expect(console.glass.at("urgent")).to_have_text("1 件紧急待受理")
        wait_for(partial(_sounded, console), "the sound")
    console = consoles[0]
    console.glass.at("urgent").click()  # leads to the matter, and mutes nothing
    expect(console.row(issue)).to_have_attribute("aria-selected", "true")
    expect(console.glass.at("shift")).to_have_text("值守中")
    console.glass.at("mute").click()
    expect(console.glass.at("unmute")).to_contain_text("已静音")
    console.glass.page.reload()
    console.glass.is_live()
    expect(console.glass.at("shift")).to_contain_text("值守中")  # a reload ends no shift
    expect(console.glass.at("unmute")).to_be_visible()
    district.duty.does("accept", issue).must()
    for console in consoles:
        expect(console.glass.at("urgent")).to_have_count(0)


@pytest.mark.slow
def test_a_desk_on_shift_that_nobody_would_hear_says_so_in_red(product: Product, desk: Desk) -> None:
    glass = desk.glass
    glass.at("shift").click()
    expect(glass.at("shift")).to_have_text("值守中")
    glass.at("heard").click()  # 接班: the sound was heard
    expect(glass.at("turn")).to_have_count(0)
    glass.page.add_init_script(f"({FORBIDDEN})()")
    glass.page.reload()
    glass.is_live()
    expect(glass.at("silent")).to_contain_text("提示音没有响")
    expect(glass.at("shift")).to_have_text("值守中 · 没有声音")
    glass.page.evaluate("window.forbidden = false")
    glass.at("silent").get_by_role("button").click()
    expect(glass.at("silent")).to_have_count(0)
    expect(glass.at("shift")).to_have_text("值守中")
    wait_for(partial(_ends, desk), "the end of the shift")


def _ends(console: Desk) -> bool:
    """Pressed again: within a second of the sound's return the button may have been pressed to give it back."""
    console.glass.at("shift").click()
    console.glass.page.evaluate("() => new Promise(requestAnimationFrame)")  # drawn
    return console.glass.at("shift").inner_text() == "开始值守"


def looks_at_what_is_new(person: Person) -> None:
    """What others left unseen and dangerous would be pinned, and sound."""
    new = person.get("/issues/unseen").must().body
    for one in new["issues"]:
        person.send("PUT", f"/issues/{one['id']}/look", {"seq": new["seq"]}).must()


def _sounded(console: Desk) -> bool:
    return int(console.glass.page.evaluate("window.tones")) > 0
