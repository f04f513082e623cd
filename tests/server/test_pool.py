"""The pool hands out no connection that PostgreSQL has cut, and asks nothing to know."""

from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg_pool import ConnectionPool

from server.database.base import must_be_whole


def connected() -> "psycopg.Connection[Any]":
    """A connection as the pool makes them."""
    return psycopg.connect(**connection.get_connection_params() | {"autocommit": True})


@pytest.mark.django_db
def test_a_connection_that_was_cut_is_told_from_one_that_is_whole() -> None:
    with connected() as idle, connected() as other:
        must_be_whole(idle)
        assert idle.execute("SELECT 1").fetchone() == (1,)
        must_be_whole(idle)
        other.execute("SELECT pg_terminate_backend(%s, 10000)", [idle.info.backend_pid])  # and waits until it is gone
        with pytest.raises(psycopg.OperationalError):
            must_be_whole(idle)
        assert idle.closed  # else the pool gives it away again


@pytest.mark.django_db
def test_a_pool_whose_connections_were_all_cut_makes_another() -> None:
    params = connection.get_connection_params() | {"autocommit": True}
    with ConnectionPool(kwargs=params, min_size=1, max_size=1, timeout=20, check=must_be_whole) as pool:
        with pool.connection() as first, connected() as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [first.info.backend_pid])
        with pool.connection() as again:
            assert again.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.django_db
def test_the_pool_of_the_process_looks_and_does_not_ask() -> None:
    pool = connection.pool  # type: ignore[attr-defined]  # of our backend
    assert isinstance(pool, ConnectionPool)
    assert pool._check is must_be_whole
