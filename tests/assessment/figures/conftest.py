"""The world that figures are counted from: the one of the situation reports."""

import pytest

from tests.assessment.situation.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    """Two townships, ten days."""
    return make_world()
