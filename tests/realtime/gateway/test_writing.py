"""What can't be written is not healthy: a full disk, a read-only server, no connection left. Each is named."""

import asyncio
import os
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest

from realtime.gateway.writing import Writing, reason_of
from tests.realtime.gateway.stage import Centre, GatewayProcess, until_true

QUICK: Final = {"write_every_s": 0.3, "wrote_within_s": 2.0, "beat_s": 0.5}


def superuser(url: str) -> str:
    """The same database, for who may do everything: the tests' own cluster trusts its socket."""
    return urlsplit(url)._replace(netloc="postgres@").geturl()


@contextmanager
def no_room(database: str) -> Iterator[None]:
    """The disk under what grows is full: really, on a file system of 8 MB where we may mount one; else by a rule."""
    name = f"small_{uuid4().hex[:8]}"
    place = Path(tempfile.mkdtemp(prefix="relay60-small-"))  # where PostgreSQL's user can enter
    mounted = (
        os.geteuid() == 0
        and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", place], check=False).returncode == 0
    )
    with psycopg.connect(superuser(database), autocommit=True) as server:
        try:
            if not mounted:
                server.execute(
                    "CREATE FUNCTION no_room() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION"
                    " 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
                )
                server.execute("CREATE TRIGGER no_room BEFORE INSERT ON feed_room EXECUTE FUNCTION no_room()")
                yield
                return
            subprocess.run(["chown", "postgres:", place], check=True)
            server.execute(f"CREATE TABLESPACE {name} LOCATION '{place}'".encode())
            server.execute(f"ALTER TABLE feed_room SET TABLESPACE {name}".encode())
            with suppress(OSError), (place / "filler").open("wb") as filler:
                while True:
                    filler.write(bytes(4096))
                    filler.flush()
            yield
        finally:
            (place / "filler").unlink(missing_ok=True)
            server.execute("DROP TRIGGER IF EXISTS no_room ON feed_room")
            server.execute("DROP FUNCTION IF EXISTS no_room()")
            if mounted:
                server.execute("ALTER TABLE feed_room SET TABLESPACE pg_default")
                server.execute(f"DROP TABLESPACE IF EXISTS {name}".encode())
                subprocess.run(["umount", "-l", place], check=True)
            place.rmdir()


async def proved(conninfo: str) -> Writing:
    """One proof."""
    writing = Writing(conninfo, 1.0)
    await writing.prove()
    return writing


@pytest.mark.django_db(transaction=True)
async def test_a_proof_is_a_row_that_needed_room_and_a_commit(database: str) -> None:
    writing = await proved(database)
    assert (writing.why, writing.wrote_at is not None) == (None, True)
    with psycopg.connect(superuser(database)) as server:
        grown = server.execute("SELECT pg_relation_size('feed_room'), pg_relation_filepath('feed_room')").fetchone()
        await proved(database)
        again = server.execute("SELECT pg_relation_size('feed_room'), pg_relation_filepath('feed_room')").fetchone()
    assert grown is not None and again is not None
    assert grown[0] == again[0] >= 256 * 1024  # it does not grow for ever
    assert grown[1] != again[1]  # each time a file of its own


@pytest.mark.django_db(transaction=True)
async def test_what_stands_against_it_is_named(database: str) -> None:
    with no_room(database):
        assert (await proved(database)).why == "database_full"
    assert (await proved(database)).why is None
    somebody = f"somebody_{uuid4().hex[:8]}"
    with psycopg.connect(superuser(database), autocommit=True) as server:
        server.execute(f"CREATE ROLE {somebody} LOGIN IN ROLE relay_app".encode())
        try:
            assert (await proved(database.replace("relay_app", somebody))).why is None
            server.execute(f"ALTER ROLE {somebody} SET default_transaction_read_only = on".encode())
            assert (await proved(database.replace("relay_app", somebody))).why == "database_read_only"
            server.execute(f"ALTER ROLE {somebody} CONNECTION LIMIT 0".encode())
            assert (await proved(database.replace("relay_app", somebody))).why == "database_connections"
        finally:
            server.execute(f"DROP ROLE {somebody}".encode())
    assert (await proved("host=/nowhere")).why == "database_unwritable"


def test_a_refused_connection_says_why_in_its_text() -> None:
    full = psycopg.OperationalError("connection failed: FATAL:  sorry, too many clients already")
    assert reason_of(full) == "database_connections"
    assert reason_of(psycopg.errors.DiskFull("no")) == "database_full"
    assert reason_of(TimeoutError()) == "database_unwritable"


async def test_a_gateway_before_a_full_disk_is_not_healthy_and_its_beats_say_so(
    start_gateway: Callable[..., GatewayProcess], database: str
) -> None:
    centre = await Centre().open()
    assert centre
    gateway = start_gateway(limits=QUICK)

    async def healthy() -> bool:
        return bool((await gateway.health()).json()["healthy"])

    await until_true(healthy)
    full = threading.Event()
    over = threading.Event()

    def fill() -> None:
        with no_room(database):
            full.set()
            over.wait(60)

    filling = asyncio.create_task(asyncio.to_thread(fill))
    await asyncio.to_thread(full.wait, 60)

    async def says_full() -> bool:
        said = (await gateway.health()).json()
        return said["ailments"] == ["database_full"] and said["verified_at"] is not None

    await until_true(says_full)
    answer = await gateway.health()
    assert answer.status_code == 503
    over.set()
    await filling
    await until_true(healthy)
