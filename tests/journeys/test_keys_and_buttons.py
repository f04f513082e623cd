"""The desk's keys and buttons do what they say, or look as if they did nothing."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.people import Desk, Lead
from tests.live import Person, Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def offered(seen: Any) -> list[str]:
    """All that the server offers of an issue, its orders and its requests."""
    parts = [seen, *seen["orders"], *seen["requests"]]
    return sorted(verb for part in parts for verb in part["open_verbs"])


def listed(desk: Desk) -> list[str]:
    """What the menu behind "." has of it."""
    desk.glass.page.keyboard.press(".")
    dialog = desk.glass.page.get_by_role("dialog")
    items = dialog.locator("[data-verb-item], [data-part-item]")
    expect(items.first).to_be_visible()
    found = items.evaluate_all("all => all.map((one) => one.dataset.verbItem ?? one.dataset.partItem)")
    desk.glass.page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    return sorted(found)


def test_the_menu_has_every_verb_of_the_moment(product: Product, lead: Lead, colleague: Person) -> None:
    ruler, liaison = product.person("lead"), product.person("chengguan")
    issue = colleague.reports(colleague.an_item_for("law_enforcement"), "路灯不亮，菜单里要有每一步").must().id
    lead.opens(issue)
    for state in ("待受理", "已受理", "待派遣"):
        lead.sees_the_state(state)
        assert listed(lead) == offered(ruler.sees(issue).must().body), state
        if state != "待派遣":
            colleague.does("accept" if state == "待受理" else "file", issue).must()
    order = colleague.dispatches(issue, "law_enforcement")
    liaison.answers("request_return", order, {"ground": "not_our_duty", "text": "属住建局职责"}).must()
    expect(lead.glass.page.locator("[data-request] [data-rule=grant]")).to_be_visible()
    wanted = offered(ruler.sees(issue).must().body)
    assert {"grant", "compel", "recall"} <= set(wanted)
    assert listed(lead) == wanted
    lead.glass.page.keyboard.press(".")
    lead.glass.page.locator("[data-part-item=compel]").click()
    lead.gives(reason="目录列明由你局牵头")
    expect(lead.glass.page.locator("[data-rule=grant]")).to_have_count(0)
    assert "grant" not in listed(lead)


def test_space_pressed_while_the_issue_is_fetched_again_is_done(desk: Desk, colleague: Person) -> None:
    issue = colleague.reports(colleague.an_item_for("law_enforcement"), "路灯不亮，按早了的空格").must().id
    desk.opens(issue)
    button = desk.glass.page.locator("[data-verb=accept]")
    expect(button).to_be_visible()
    with desk.glass.holds_back(f"/issues/{issue}"):
        with desk.glass.page.expect_request(lambda request: request.url.endswith(f"/issues/{issue}")):
            colleague.does("amend", issue, {"level": "major", "reason": "更正等级"}).must()
        desk.glass.page.keyboard.press("Space")
        expect(button).to_have_attribute("aria-disabled", "true")  # it looks as if it waits, and it does
    desk.sees_the_state("已受理")


def test_a_unit_that_the_button_names_is_in_sight(desk: Desk, colleague: Person) -> None:
    issue = colleague.reports(colleague.an_item_for("law_enforcement"), "路灯不亮，换一个单位").must().id
    for verb in ("accept", "file"):
        colleague.does(verb, issue).must()
    desk.opens(issue)
    desk.does("dispatch")
    dialog = desk.glass.page.get_by_role("dialog")
    search = dialog.get_by_role("searchbox").first
    for typed in ("住建", "", "gaj", ""):
        search.fill(typed)
    chosen = dialog.locator(".unit.chosen")
    expect(chosen).to_be_in_viewport()
    name = chosen.locator("span").first.inner_text()
    assert "住" in name
    expect(desk.glass.at("confirm-verb")).to_contain_text("→")
    desk.glass.page.keyboard.press("Escape")


def test_two_fresh_reports_become_one_matter(desk: Desk, colleague: Person) -> None:
    item, place = colleague.an_item_for("law_enforcement"), colleague.a_place()
    first = colleague.reports(item, "巷口路灯不亮三天了，天黑看不见路", position=place).must().id
    second = colleague.reports(item, "巷口的路灯坏了三天，晚上看不见路", position=place).must().id
    number = str(colleague.sees(first).must().body["card"]["number"])
    desk.opens(second)
    desk.merges_into(number, "同一盏灯")
    desk.sees_the_state("已并案")
    assert colleague.sees(first).must().body["card"]["state"] == "accepted"
