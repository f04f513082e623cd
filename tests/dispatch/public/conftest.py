"""The doors count in PostgreSQL, where the test's roll-back forgets it."""

from collections.abc import Iterator

import pytest

from dispatch.doors.limits import doorkeeper
from tests.dispatch.public.page import Page, without_redis


@pytest.fixture(autouse=True)
def counted_in_the_database() -> Iterator[None]:
    """No count of one test is another's."""
    before = doorkeeper.redis.silent_until
    without_redis()
    yield
    doorkeeper.redis.silent_until = before


@pytest.fixture
def page() -> Page:
    """Somebody at a grid's page."""
    return Page()
