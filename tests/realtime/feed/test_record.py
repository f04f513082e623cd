"""What `once` and `record` promise: docs/protocol.md, "The head"."""

import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import orjson
import psycopg
import pytest
import rfc8785
from django.db import DatabaseError, IntegrityError, connection, transaction

from realtime.feed import actions
from realtime.feed.actions import once, record
from realtime.feed.clock import at, shifted
from realtime.feed.contract import GENESIS_HASH
from realtime.feed.errors import Conflict, Invalid, KeyReused, Replayed
from realtime.feed.models import CommandKey, StoredFact
from realtime.feed.queries import all_facts, head
from realtime.feed.verification import chained
from tests.realtime.feed.conftest import Connect
from tests.realtime.feed.toys import DESK, ToyMoved, move, moved, toy_command


def in_thread(work: object) -> object:
    """Runs a callable on a thread with a database connection of its own, closed afterwards."""

    def run() -> object:
        try:
            return work()  # type: ignore[operator]
        finally:
            connection.close()

    return run


def test_facts_are_chained_from_the_genesis_hash_over_the_stored_bytes(centre: UUID) -> None:
    move(toy_command(centre), moved(), moved())
    move(toy_command(centre), moved())
    previous = GENESIS_HASH
    rows = list(all_facts(centre))
    assert [row.seq for row in rows] == [1, 2, 3]
    for row in rows:
        previous = chained(previous, 1, row.seq, row.bytes, row.audience)
        assert row.hash == previous
        assert rfc8785.dumps(orjson.loads(row.bytes)) == row.bytes
        assert rfc8785.dumps(orjson.loads(row.audience)) == row.audience
        assert b'"seq"' not in row.bytes
    assert head(centre).hash == previous


def test_an_answer_is_only_card_object_seq_version_and_is_stored_with_the_key(centre: UUID) -> None:
    toy, cmd = uuid4(), toy_command(centre)
    move(toy_command(centre), moved(), moved())
    answer = move(cmd, moved(toy), moved())
    assert orjson.loads(answer.body) == {
        "card": {"open": True, "where": "架上"},
        "object": {"id": str(toy), "kind": "toy"},
        "seq": 3,
        "version": 1,
    }
    assert rfc8785.dumps(orjson.loads(answer.body)) == answer.body
    assert bytes(CommandKey.objects.get(key=cmd.key).answer) == answer.body


def test_a_repeat_has_one_effect_and_the_first_answer(centre: UUID) -> None:
    cmd = toy_command(centre)
    first = move(cmd)
    with pytest.raises(Replayed) as again:
        move(cmd)
    assert again.value.answer == first
    assert head(centre).seq == 1


def test_a_key_with_another_body_is_refused(centre: UUID) -> None:
    cmd = toy_command(centre)
    move(cmd)
    with pytest.raises(KeyReused):
        move(toy_command(centre, cmd.key, b"something else"))


@pytest.mark.parametrize("key", ["", "k" * 256])
def test_a_key_has_a_length(centre: UUID, key: str) -> None:
    with pytest.raises(Invalid) as refused, transaction.atomic():
        once(toy_command(centre, key) if key else type(toy_command(centre))(toy_command(centre).actor, "", b""))
    assert refused.value.field == "Idempotency-Key"


def test_twenty_repeats_at_once_have_one_effect_and_twenty_answers(real_centre: UUID) -> None:
    cmd = toy_command(real_centre)
    start = threading.Barrier(20)

    def repeat() -> bytes:
        start.wait()
        try:
            return move(cmd).body
        except Replayed as replayed:
            return replayed.answer.body

    with ThreadPoolExecutor(20) as pool:
        answers = {future.result() for future in [pool.submit(in_thread(repeat)) for _ in range(20)]}  # type: ignore[arg-type]
    assert len(answers) == 1
    assert head(real_centre).seq == 1


def test_a_refusal_frees_the_key(real_centre: UUID) -> None:
    cmd = toy_command(real_centre)
    with pytest.raises(RuntimeError, match="no"), transaction.atomic(durable=True):
        once(cmd)
        record(cmd, moved(), at=at(None))
        raise RuntimeError("no")
    assert head(real_centre).seq == 0
    move(cmd)
    assert head(real_centre).seq == 1


def test_sixteen_writers_with_roll_backs_leave_no_gap_and_commit_in_order(real_centre: UUID) -> None:
    """Commit order is sequence order: whoever reads a seq has every smaller one."""
    done = threading.Event()
    torn: list[str] = []

    def write(worker: int) -> None:
        for turn in range(20):
            cmd = toy_command(real_centre)
            try:
                with transaction.atomic(durable=True):
                    once(cmd)
                    record(cmd, moved(), moved(), at=at(None))
                    if (worker + turn) % 3 == 0:
                        raise RuntimeError
            except RuntimeError:
                pass

    def watch() -> None:
        while not done.is_set():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT h.seq, (SELECT count(*) FROM feed_fact f WHERE f.centre_id = h.centre_id),"
                    " (SELECT max(seq) FROM feed_fact f WHERE f.centre_id = h.centre_id)"
                    " FROM feed_centre_head h WHERE h.centre_id = %s",
                    [real_centre],
                )
                seq, count, last = cursor.fetchone()
            if not seq == count == (last or 0):
                torn.append(f"head {seq}, {count} facts up to {last}")

    with ThreadPoolExecutor(17) as pool:
        watching = pool.submit(in_thread(watch))  # type: ignore[arg-type]
        writing = [pool.submit(in_thread(lambda n=n: write(n))) for n in range(16)]  # type: ignore[arg-type,misc]
        for future in writing:
            future.result()
        done.set()
        watching.result()
    assert torn == []
    rows = list(all_facts(real_centre))
    kept = sum(2 for worker in range(16) for turn in range(20) if (worker + turn) % 3)
    assert [row.seq for row in rows] == list(range(1, kept + 1))


def test_a_version_is_taken_once_and_none_is_skipped(real_centre: UUID) -> None:
    toy = uuid4()
    move(toy_command(real_centre), moved(toy, 1), moved(toy, 2))
    with pytest.raises(IntegrityError, match="fact_takes_the_next_version_of_its_object"):
        move(toy_command(real_centre), moved(toy, 2))
    with pytest.raises(IntegrityError, match="skip a version"):
        move(toy_command(real_centre), moved(toy, 4))
    assert head(real_centre).seq == 2


def test_two_hundred_facts_at_most_in_one_transaction(real_centre: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    move(toy_command(real_centre), *[moved() for _ in range(200)])
    with pytest.raises(Conflict, match="涉及 201 项变动") as refused:
        move(toy_command(real_centre), *[moved() for _ in range(201)])
    assert refused.value.code == "feed.too_many_facts"
    monkeypatch.setattr(actions, "MAX_FACTS_PER_TRANSACTION", 201)
    with pytest.raises(DatabaseError, match="1 to 200 facts"):
        move(toy_command(real_centre), *[moved() for _ in range(201)])


def test_a_writer_of_repeatable_read_fails_at_the_head(real_centre: UUID, connect_as: Connect) -> None:
    """Why writers are READ COMMITTED: the head moves under every older snapshot."""
    rival = connect_as("relay_owner", autocommit=False)
    rival.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    rival.execute("SELECT 1")
    move(toy_command(real_centre))
    with pytest.raises(psycopg.errors.SerializationFailure):
        rival.execute("SELECT 1 FROM feed_centre_head WHERE centre_id = %s FOR NO KEY UPDATE", [real_centre])
    assert connection.isolation_level in (None, psycopg.IsolationLevel.READ_COMMITTED)


def test_deferred_constraints_are_checked_before_the_head_is_taken(real_centre: UUID) -> None:
    """A deferred foreign key is refused by `record`, not inside COMMIT, where its locks would come after the head."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE toy_box (id int PRIMARY KEY)")
        cursor.execute("CREATE TABLE toy_in_box (box int REFERENCES toy_box DEFERRABLE INITIALLY DEFERRED)")
    try:
        with pytest.raises(IntegrityError, match="toy_in_box"), transaction.atomic(durable=True):
            cmd = toy_command(real_centre)
            once(cmd)
            with connection.cursor() as cursor:
                cursor.execute("INSERT INTO toy_in_box VALUES (1)")
            record(cmd, moved(), at=at(None))
            pytest.fail("record() let a broken reference pass to COMMIT")
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE toy_in_box, toy_box")


def test_no_foreign_key_points_at_the_head(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint WHERE confrelid = 'feed_centre_head'::regclass")
        assert cursor.fetchall() == []


@pytest.mark.mechanism("M77")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE feed_fact SET name = 'x'",
        "DELETE FROM feed_fact",
        "TRUNCATE feed_fact",
        "INSERT INTO feed_fact SELECT * FROM feed_fact",
        "UPDATE feed_centre_head SET seq = 0",
        "UPDATE feed_command_key SET answer = ''",
        "INSERT INTO simulated_shift VALUES (true, interval '1 hour')",
    ],
)
def test_the_application_may_not_alter_the_feed(real_centre: UUID, connect_as: Connect, statement: str) -> None:
    move(toy_command(real_centre))
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connect_as("relay_app").execute(statement.encode())


@pytest.mark.mechanism("M77")
def test_not_even_the_owner_changes_a_fact_by_a_statement(centre: UUID) -> None:
    move(toy_command(centre))
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        StoredFact.objects.filter(centre_id=centre).update(name="x")
    with pytest.raises(DatabaseError, match="never changed or removed"), transaction.atomic():
        StoredFact.objects.filter(centre_id=centre).delete()


def test_a_stopped_client_that_holds_the_head_is_cut_off(real_centre: UUID, connect_as: Connect) -> None:
    """SIGSTOP with the head in hand: others wait at most their lock timeout, and the holder is ended after 2 s."""
    params = connection.get_connection_params()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import psycopg, sys\n"
            f"c = psycopg.connect(host={params.get('host')!r}, port={params.get('port')!r},"
            f" dbname={params['dbname']!r}, user='relay_app')\n"
            f"c.execute(\"SELECT feed_append_v1('{real_centre}', now(), '{{t}}', '{{toy}}', ARRAY[gen_random_uuid()],"
            " '{1}', ARRAY[''::bytea], ARRAY[''::bytea], ARRAY[null::text], null, null, 0, '', '')\")\n"
            "print('held', flush=True)\n"
            "sys.stdin.read()\n",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        os.kill(holder.pid, signal.SIGSTOP)
        rival = connect_as("relay_app", autocommit=False)
        deadline = datetime.now(UTC) + timedelta(seconds=30)
        while True:  # a rival meets 55P03 at most until the holder's session is ended by the server
            try:
                rival.execute("SELECT seq FROM feed_centre_head WHERE centre_id = %s FOR NO KEY UPDATE", [real_centre])
                break
            except psycopg.errors.InsufficientPrivilege:
                # the application may not lock the head by hand: only through the function
                rival.rollback()
            try:
                rival.execute(
                    "SELECT feed_append_v1(%s, now(), '{t}', '{toy}', ARRAY[gen_random_uuid()], '{1}',"
                    " ARRAY[''::bytea], ARRAY[''::bytea], ARRAY[null::text], null, null, 0, '', '')",
                    [real_centre],
                )
                break
            except psycopg.errors.LockNotAvailable:
                rival.rollback()
            assert datetime.now(UTC) < deadline, "the head was never freed"
        rival.commit()
        assert head(real_centre).seq == 1
    finally:
        os.kill(holder.pid, signal.SIGCONT)
        holder.kill()
        holder.wait()


def test_a_locked_head_is_waited_for_no_longer_than_the_lock_timeout(real_centre: UUID, connect_as: Connect) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT seq FROM feed_centre_head WHERE centre_id = %s FOR NO KEY UPDATE", [real_centre])
        with pytest.raises(psycopg.errors.LockNotAvailable):
            connect_as("relay_app").execute(
                "SELECT feed_append_v1(%s, now(), '{t}', '{toy}', ARRAY[gen_random_uuid()], '{1}', ARRAY[''::bytea],"
                " ARRAY[''::bytea], ARRAY[null::text], null, null, 0, '', '')",
                [real_centre],
            )


def test_time_is_read_after_the_lock_and_never_goes_back(db: None) -> None:
    future = datetime(2126, 1, 1, tzinfo=UTC)
    assert at(future) == future
    with transaction.atomic():
        assert at(None) < at(None)  # the clock, not the transaction's start


def test_only_the_simulators_role_is_believed_when_it_shifts_time(transactional_db: None, connect_as: Connect) -> None:
    with shifted(timedelta(days=-10)):
        assert at(None) < datetime.now(UTC) - timedelta(days=9)
    assert at(None) > datetime.now(UTC) - timedelta(minutes=5)
    for role, believed in (("relay_app", False), ("relay_sim", True)):
        session = connect_as(role)
        session.execute("SELECT set_config('relay60.shift', '-10 days', false)")
        row = session.execute("SELECT relay_at(null) < clock_timestamp() - interval '9 days'").fetchone()
        assert row == (believed,)


def test_outside_a_transaction_nothing_is_recorded(real_centre: UUID) -> None:
    with pytest.raises(ValueError, match="transaction"):
        record(toy_command(real_centre), moved(), at=at(None))
    with pytest.raises(ValueError, match="name their centre"), transaction.atomic():
        record(None, moved(), at=at(None))


def test_the_system_records_without_a_key(centre: UUID) -> None:
    with transaction.atomic():
        record(None, moved(), at=at(None), centre_id=centre)
    assert head(centre).seq == 1


def test_addressed_facts_carry_to_inside_the_bytes(centre: UUID) -> None:
    fact = ToyMoved(object_id=uuid4())
    change = type(moved())(fact, None, DESK, addressed_to="unit:u")
    move(toy_command(centre), change)
    (row,) = all_facts(centre)
    assert orjson.loads(row.bytes)["to"] == row.addressed_to == "unit:u"
