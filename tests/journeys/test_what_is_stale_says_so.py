"""Every screen says in plain sight when it can't be trusted, though its socket is open. Design: beats."""

import pytest

from tests.journeys.people import Desk, Liaison, Wall
from tests.live import Product

pytestmark = pytest.mark.browser


def test_a_hung_timer_and_a_dead_gateway_are_told_on_every_screen(
    product: Product, desk: Desk, liaison: Liaison, wall: Wall
) -> None:
    screens = (desk.glass, liaison.glass, wall.glass)

    product.timer.pause()
    for glass in screens:
        glass.says_it_is_stale("timer")
    product.timer.resume()
    for glass in screens:
        glass.says_nothing_is_wrong()

    for glass in screens:
        glass.may_lose_the_line()
    product.gateway.pause()  # hung: sockets stay open and say nothing
    for glass in screens:
        glass.says_it_is_stale("gateway")
    product.gateway.resume()
    for glass in screens:
        glass.says_nothing_is_wrong()


@pytest.mark.slow
def test_a_killed_timer_and_a_hung_database_are_told_too(product: Product, desk: Desk) -> None:
    product.timer.kill()
    desk.glass.says_it_is_stale("timer")
    product.timer.start()
    desk.glass.says_nothing_is_wrong()

    desk.glass.may_lose_the_line()
    product.wire.stall()
    desk.glass.says_it_is_stale("database")
    product.wire.flow()
    desk.glass.says_nothing_is_wrong()
