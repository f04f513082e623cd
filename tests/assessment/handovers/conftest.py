"""A desk whose officers hand over."""

import pytest

from tests.dispatch.desk import Desk, make_desk


@pytest.fixture
def desk(db: None) -> Desk:
    """A centre in one transaction that is rolled back."""
    return make_desk()
