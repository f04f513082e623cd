"""A centre of its own for each test of the feed, and connections of the application's role."""

from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import psycopg
import pytest
from django.db import connection

from realtime.feed.actions import open_centre


@pytest.fixture
def centre(db: None) -> UUID:
    """A centre whose feed has just begun."""
    centre_id = uuid4()
    open_centre(centre_id)
    return centre_id


@pytest.fixture
def real_centre(transactional_db: None) -> UUID:
    """The same, for tests whose transactions really commit."""
    centre_id = uuid4()
    open_centre(centre_id)
    return centre_id


Connect = Callable[..., "psycopg.Connection[tuple[object, ...]]"]


@pytest.fixture
def connect_as() -> Iterator[Connect]:
    """Opens connections to the test database as another role; closes them at the end."""
    opened: list[psycopg.Connection[tuple[object, ...]]] = []

    def connect(role: str, *, autocommit: bool = True) -> "psycopg.Connection[tuple[object, ...]]":
        params = connection.get_connection_params()
        made = psycopg.connect(
            host=params.get("host"), port=params.get("port"), dbname=params["dbname"], user=role, autocommit=autocommit
        )
        opened.append(made)
        return made

    yield connect
    for made in opened:
        made.close()
