"""Statements are counted by PostgreSQL's own protocol, wherever the stream is cut, and the wire still works."""

from urllib.parse import urlencode

import psycopg
import pytest
from django.db import connection

from bench.wiretap import MessageCounter, Wiretap


def message(kind: bytes, body: bytes = b"") -> bytes:
    return kind + (len(body) + 4).to_bytes(4, "big") + body


STARTUP = (196_608).to_bytes(4, "big") + b"user\0relay_app\0application_name\0relay60 tail\0\0"
STREAM = (
    message(b"", (80877103).to_bytes(4, "big"))  # may I speak TLS?
    + message(b"", STARTUP)
    + message(b"Q", b"SELECT 1\0")
    + message(b"P", b"\0SELECT $1\0\0\0")
    + message(b"B")
    + message(b"E", b"\0\0\0\0\0")
    + message(b"S")
)


def test_statements_are_counted_wherever_the_stream_is_cut() -> None:
    for cut in range(len(STREAM)):
        counter = MessageCounter()
        counter.feed(STREAM[:cut])
        counter.feed(STREAM[cut:])
        assert counter.statements == 2
        assert counter.application == "relay60 tail"


def test_a_round_trip_is_counted_each_time_the_client_speaks_after_the_server() -> None:
    counter = MessageCounter()
    counter.feed(STREAM[:20])
    counter.feed(STREAM[20:])  # a long statement comes in pieces
    assert counter.round_trips == 1
    counter.answered()
    counter.answered()  # and so does a long answer
    counter.feed(message(b"Q", b"COMMIT\0"))
    assert counter.round_trips == 2


@pytest.mark.django_db(transaction=True)
def test_a_client_works_through_the_tap_and_is_counted() -> None:
    params = connection.get_connection_params()
    query = urlencode({"host": params.get("host", ""), "port": params.get("port", "")})
    url = f"postgresql://relay_app@/{params['dbname']}?{query}"
    with Wiretap(url) as tap:
        with psycopg.connect(tap.url, application_name="counted", autocommit=True) as client:
            assert client.execute("SELECT %s::int", [7]).fetchone() == (7,)
            client.execute("SELECT 1")
        assert tap.statements() == {"counted": 2}
