"""The world that reports are counted from. Its transactions really commit: a report is read in one of its own."""

import pytest

from tests.assessment.situation.world import World, make_world


@pytest.fixture
def world(transactional_db: None) -> World:
    """Two townships, ten days."""
    return make_world()
