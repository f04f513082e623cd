"""The first story while parts fail: at each step each screen shows the truth or says that it is stale.

Docs: docs/architecture.md, "The feed"; docs/protocol.md, "Cursors". After recovery what was open all the time reads as
what was opened just now.
"""

import pytest

from tests.journeys.first_story import Five, from_report_to_closing
from tests.journeys.people import Lead
from tests.live import Product

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_the_first_story_with_redis_stopped(product: Product, five: Five) -> None:
    product.redis.kill()
    from_report_to_closing(product, five)
    five.are_live()  # nothing was late enough to be called so
    product.redis.start()
    five.show_the_truth()


def test_the_first_story_with_redis_hung(product: Product, five: Five) -> None:
    product.redis.pause()
    from_report_to_closing(product, five)
    five.are_live()
    product.redis.resume()
    five.show_the_truth()


def test_the_first_story_with_the_gateway_killed_and_restarted_in_the_middle(
    product: Product, five: Five, lead: Lead
) -> None:
    def the_gateway_dies_and_comes_back() -> None:
        five.may_lose_the_line()
        lead.glass.may_lose_the_line()  # who let the wall in is still there
        product.gateway.kill()
        five.say_that_they_are_stale()
        product.gateway.start()
        five.are_live()

    from_report_to_closing(product, five, in_the_middle=the_gateway_dies_and_comes_back)
