"""Centres for the tests of the loop."""

import pytest

from tests.dispatch.desk import Desk, make_desk, make_other_desk


@pytest.fixture
def desk(db: None) -> Desk:
    """A centre in one transaction that is rolled back: for everything but rivals."""
    return make_desk()


@pytest.fixture
def real_desk(transactional_db: None) -> Desk:
    """A centre whose transactions really commit: for rivals on connections of their own."""
    return make_desk()


@pytest.fixture
def other_desk(db: None) -> Desk:
    """A second centre in the same installation; its usernames begin with `o_`."""
    return make_other_desk()
