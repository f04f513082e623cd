"""The first story while parts fail: at each step each screen shows the truth or says that it is stale.

Docs: docs/architecture.md, "The feed"; docs/protocol.md, "Cursors". After recovery what was open all the time reads as
what was opened just now.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import CONSOLE, PHONE, Open
from tests.journeys.first_story import Five, Township, from_report_to_closing, shows_the_same
from tests.journeys.people import Desk, Lead, Liaison, Wall
from tests.live import Product

pytestmark = pytest.mark.browser


@pytest.fixture
def fresh_ones_show_the_same(
    five: Five, lead: Lead, office: Browser, pocket: Browser, open_glass: Open
) -> Callable[[], None]:
    """Compares each screen with one of the same person that is opened now."""

    def compare() -> None:
        shows_the_same(five.desk.glass, Desk(open_glass(office, CONSOLE)).signs_in("duty1").glass, "queue")
        shows_the_same(five.township.glass, Township(open_glass(office, CONSOLE)).signs_in("town").glass, "queue")
        liaison = Liaison(open_glass(pocket, PHONE, touch=True)).signs_in("chengguan")
        five.liaison.glass.page.get_by_role("button", name="返回").tap()
        shows_the_same(five.liaison.glass, liaison.glass, "inbox")
        wall = Wall(open_glass(office, CONSOLE)).is_paired_by(lead)
        shows_the_same(five.wall.glass, wall.glass, "counts", "flow")

    return compare


def test_the_first_story_with_redis_stopped(
    product: Product, five: Five, fresh_ones_show_the_same: Callable[[], None]
) -> None:
    product.redis.kill()
    from_report_to_closing(product, five)
    five.are_live()  # nothing was late enough to be called so
    product.redis.start()
    fresh_ones_show_the_same()


@pytest.mark.slow
def test_the_first_story_with_redis_hung(
    product: Product, five: Five, fresh_ones_show_the_same: Callable[[], None]
) -> None:
    product.redis.pause()
    from_report_to_closing(product, five)
    five.are_live()
    product.redis.resume()
    fresh_ones_show_the_same()


def test_the_first_story_with_the_gateway_killed_and_restarted_in_the_middle(
    product: Product, five: Five, fresh_ones_show_the_same: Callable[[], None]
) -> None:
    def the_gateway_dies_and_comes_back() -> None:
        five.may_lose_the_line()
        product.gateway.kill()
        five.say_that_they_are_stale()
        product.gateway.start()
        five.are_live()

    from_report_to_closing(product, five, in_the_middle=the_gateway_dies_and_comes_back)
    fresh_ones_show_the_same()
