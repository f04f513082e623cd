"""One report lives through the whole loop, before five people's screens, without a reload."""

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import PICTURES
from tests.journeys.first_story import ITEM, Five, from_report_to_closing
from tests.live import Product

pytestmark = pytest.mark.browser


def test_from_report_to_closing(product: Product, five: Five) -> None:
    def take_pictures() -> None:
        if PICTURES:
            five.liaison.opens_the_newest(ITEM)
            expect(five.liaison.glass.at("acknowledge")).to_be_visible()
            five.liaison.glass.takes_its_picture("phone")
            five.desk.glass.takes_its_picture("console")
            five.township.glass.takes_its_picture("township")
            five.liaison.glass.page.get_by_role("button", name="返回").tap()

    from_report_to_closing(product, five, in_the_middle=take_pictures)
    status, words = product.command("reconcile")
    assert status == 0, words
