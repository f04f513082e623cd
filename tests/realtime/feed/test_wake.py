"""A Redis that is stopped or hung costs nothing but the wake-up."""

import socket
import threading
from uuid import uuid4

import pytest
import redis
from django.conf import settings

from realtime.feed.optional_redis import BREAK_S
from realtime.feed.wake import CHANNEL, Bell


def test_a_ring_names_centre_epoch_and_seq_and_nothing_else() -> None:
    listener = redis.Redis.from_url(settings.ENV.redis_url).pubsub()
    listener.subscribe(CHANNEL)
    assert listener.get_message(timeout=10) is not None
    centre = uuid4()
    assert Bell(settings.ENV.redis_url).ring(centre, 2, 41)
    while True:
        message = listener.get_message(ignore_subscribe_messages=True, timeout=10)
        assert message is not None
        if message["data"] == f"{centre} 2 41".encode():
            break
    listener.close()


def test_a_hung_redis_is_left_alone_after_one_try() -> None:
    """A server that accepts and never answers, as a stopped process does: one attempt, then silence."""
    accepted = threading.Semaphore(0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept: list[socket.socket] = []

        def accept() -> None:
            while True:
                try:
                    kept.append(server.accept()[0])
                except OSError:
                    return
                accepted.release()

        threading.Thread(target=accept, daemon=True).start()
        bell = Bell(f"redis://127.0.0.1:{server.getsockname()[1]}/0")
        assert bell.ring(uuid4(), 1, 1) is False
        assert accepted.acquire(timeout=10)
        for seq in range(2, 200):
            assert bell.ring(uuid4(), 1, seq) is False
        assert accepted.acquire(blocking=False) is False  # no second connection while it is left alone
        for connection in kept:
            connection.close()


def test_after_the_break_it_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bell = Bell("redis://127.0.0.1:1/0")
    assert bell.ring(uuid4(), 1, 1) is False
    later = bell.redis.silent_until
    monkeypatch.setattr("realtime.feed.optional_redis.time.monotonic", lambda: later + BREAK_S)
    assert bell.ring(uuid4(), 1, 2) is False
    assert bell.redis.silent_until > later
