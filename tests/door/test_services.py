"""Which database and Redis are used, under which addresses, and secrets that are written once."""

from pathlib import Path

import pytest

from door.services import at_postgres, database_in, given, url_for, uses_own_postgres, uses_own_redis, write_once


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        ({}, None),
        ({"DATABASE_URL": ""}, None),
        ({"DATABASE_URL": "postgresql://a/b"}, "postgresql://a/b"),
        ({"RELAY_DATABASE_URL": "postgresql://c/d"}, "postgresql://c/d"),
        ({"RELAY_DATABASE_URL": "postgresql://c/d", "DATABASE_URL": "postgresql://a/b"}, "postgresql://c/d"),
    ],
)
def test_the_prefixed_address_wins_over_the_plain_one(environ: dict[str, str], expected: str | None) -> None:
    assert given(environ, "DATABASE_URL") == expected
    assert uses_own_postgres(environ) is (expected is None)


def test_a_given_redis_replaces_only_redis() -> None:
    environ = {"REDIS_URL": "redis://cache.example/0"}
    assert (uses_own_redis(environ), uses_own_postgres(environ)) == (False, True)


@pytest.mark.parametrize(
    ("admin", "expected"),
    [
        ("postgresql://postgres:pw@db.example:5433/postgres", "postgresql://relay_app:a%2Fb@db.example:5433/relay60"),
        ("postgres://db.example/x", "postgresql://relay_app:a%2Fb@db.example/relay60"),
        (
            "postgresql://postgres@/x?host=/run/sock&port=1",
            "postgresql://relay_app:a%2Fb@/relay60?host=/run/sock&port=1",
        ),
    ],
)
def test_another_role_on_the_same_server(admin: str, expected: str) -> None:
    assert url_for(admin, "relay_app", "a/b", "relay60") == expected


@pytest.mark.parametrize(
    ("url", "database", "server"),
    [
        ("postgresql://u:p@db.example", "relay60", "postgresql://u:p@db.example/postgres"),
        ("postgresql://u:p@db.example/postgres", "relay60", "postgresql://u:p@db.example/postgres"),
        ("postgresql://u@/centre?host=/s&port=1", "centre", "postgresql://u@/postgres?host=/s&port=1"),
    ],
)
def test_a_database_is_made_from_beside_it(url: str, database: str, server: str) -> None:
    assert (database_in(url), at_postgres(url)) == (database, server)


def test_a_secret_is_written_once_and_closed(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    write_once(file, "first")
    write_once(file, "second")
    assert file.read_text() == "first"
    assert file.stat().st_mode & 0o777 == 0o600
