"""The centre dispatches straight to a department, or down through a township: only those concerned hear of it.

Rules: docs/rules.md, "Sensitive"; docs/protocol.md, "Audience".
"""

from collections.abc import Mapping

import pytest

from tests.live import Person, Product, Screen

Screens = Mapping[str, Screen]
DOMESTIC_VIOLENCE = "0103"  # a sensitive item of the catalogue
WATCHING = ("duty1", "chengguan", "power", "housing", "town", "leader", "grid1")


@pytest.fixture
def desk(product: Product) -> Person:
    """The duty officer who dispatches."""
    return product.person("duty2")


@pytest.fixture
def screens(product: Product) -> Screens:
    """Everybody's live screens, and the wall's."""
    screens = {name: product.screen(product.person(name)) for name in WATCHING}
    wall = product.wall(product.person("lead"))
    return screens | {"wall": product.screen(wall)}


def who_heard(screens: Screens, *object_ids: str) -> set[str]:
    """Whose screens got any fact about some objects, once all have caught up."""
    for screen in screens.values():
        screen.catches_up()
    return {name for name, screen in screens.items() if screen.heard_about(*object_ids)}


@pytest.mark.mechanism("M35")
@pytest.mark.slow
def test_an_order_straight_to_a_department(desk: Person, screens: Screens) -> None:
    issue_id, order_id = desk.sends_an_order("law_enforcement")
    screens["chengguan"].hears("order.sent", order_id)

    assert who_heard(screens, order_id) == {"duty1", "chengguan", "leader", "town"}  # the town's own place: at desk
    assert who_heard(screens, issue_id) == {"duty1", "chengguan", "leader", "town", "grid1", "wall"}
    assert screens["chengguan"].heard_about(issue_id) == ["issue.dispatched"]  # nothing of the time before
    for screen in screens.values():
        screen.is_right()


@pytest.mark.mechanism("M35")
def test_an_order_down_through_a_township(product: Product, desk: Person, screens: Screens) -> None:
    unit = product.person("town").unit_ids[0]
    issue_id = desk.reports(desk.an_item_for("law_enforcement")).must().id
    desk.does("accept", issue_id).must()
    desk.does("file", issue_id).must()
    desk.does("dispatch", issue_id, {"unit": unit, "reason": "属地化解更快"}).must()
    order_id = desk.sees(issue_id).must().body["card"]["lead"]["order"]
    screens["town"].hears("order.sent", order_id)

    assert who_heard(screens, order_id) == {"duty1", "town", "leader"}
    assert "chengguan" not in who_heard(screens, issue_id)  # whose item it is, but not whose order
    for screen in screens.values():
        screen.is_right()


@pytest.mark.mechanism("M35")
def test_a_sensitive_issue_is_the_desks_and_its_units_alone(product: Product, desk: Person, screens: Screens) -> None:
    police = product.screen(product.person("police"))
    issue_id, order_id = desk.sends_an_order("police", DOMESTIC_VIOLENCE)
    police.hears("order.sent", order_id)

    assert who_heard(screens, issue_id, order_id) == {"duty1"}
    police.is_right()


def test_a_unit_that_loses_its_order_no_longer_shows_it(product: Product, desk: Person, screens: Screens) -> None:
    """Until the issue closes, the unit follows it; then it leaves every screen."""
    liaison = product.person("chengguan")
    issue_id, order_id = desk.sends_an_order("law_enforcement")
    screens["chengguan"].hears("order.sent", order_id)
    liaison.handles(order_id)
    screens["chengguan"].hears("issue.fed_back", issue_id)
    assert screens["chengguan"].shows("order", order_id) is not None  # fed back is still open
    desk.confirms(issue_id)
    for name in ("duty1", "chengguan", "town", "leader", "wall"):
        screens[name].hears("issue.closed", issue_id)
        assert screens[name].shows("issue", issue_id) is None
        screens[name].is_right()
