"""Redis may vanish or hang at any moment, and nothing is lost or late. Design: docs/architecture.md, "The feed"."""

import time

import pytest

from tests.faults.conftest import AtWork
from tests.live import Product

SOON_S = 3.0  # the tail looks every 250 ms by itself; the rest is room for a busy machine


def takes_a_loop(desk: AtWork, liaison: AtWork) -> float:
    """A whole loop while Redis is away; each sees each step soon. Answers the slowest command, in seconds."""
    slowest = 0.0

    def timed(began: float) -> None:
        nonlocal slowest
        slowest = max(slowest, time.monotonic() - began)

    began = time.monotonic()
    issue_id, order_id = desk.person.sends_an_order("law_enforcement")
    timed(began)
    liaison.screen.hears("order.sent", order_id, within_s=SOON_S)
    began = time.monotonic()
    liaison.person.handles(order_id)
    timed(began)
    desk.screen.hears("issue.fed_back", issue_id, within_s=SOON_S)
    desk.person.confirms(issue_id)
    desk.screen.hears("issue.closed", issue_id, within_s=SOON_S)
    return slowest


def test_redis_stopped_loses_nothing(product: Product, desk: AtWork, liaison: AtWork) -> None:
    product.redis.kill()
    takes_a_loop(desk, liaison)
    product.redis.start()
    takes_a_loop(desk, liaison)
    for at_work in (desk, liaison):
        at_work.screen.is_right()
        assert (at_work.screen.welcomes, at_work.screen.closes) == (1, [])  # nobody even had to come back


def test_redis_hung_delays_nobody(product: Product, desk: AtWork, liaison: AtWork) -> None:
    takes_a_loop(desk, liaison)  # with everything well, and all code warm
    product.redis.pause()
    slowest = takes_a_loop(desk, liaison)
    assert slowest < SOON_S  # several commands each, none of them waiting for Redis
    product.redis.resume()
    takes_a_loop(desk, liaison)
    for at_work in (desk, liaison):
        at_work.screen.is_right()
        assert (at_work.screen.welcomes, at_work.screen.closes) == (1, [])


@pytest.mark.slow
def test_the_product_starts_without_redis(product: Product, desk: AtWork, liaison: AtWork) -> None:
    product.redis.kill()
    product.gateway.stop()
    product.gateway.start()
    desk.screen.comes_back()
    liaison.screen.comes_back()
    takes_a_loop(desk, liaison)
    desk.screen.is_right()
