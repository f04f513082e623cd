"""Anchors notice what PostgreSQL alone can't: a history that was lost or forked."""

import json
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from django.core.management import call_command
from django.db import connection

from realtime.feed.anchors import check_anchors, folder, last_anchor, open_epoch, write_anchors
from realtime.feed.queries import all_facts, head
from realtime.feed.verification import verify
from tests.realtime.feed.test_verification import tamper
from tests.realtime.feed.toys import move, moved, toy_command


@pytest.fixture(autouse=True)
def kept_elsewhere(tmp_path: Path, settings: pytest.FixtureRequest) -> None:
    """Anchors and their key in a folder of the test."""
    settings.DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    settings.MASTER_KEY_FILE = tmp_path / "master"  # type: ignore[attr-defined]


def test_an_anchor_is_written_once_per_move(centre: UUID) -> None:
    move(toy_command(centre))
    assert write_anchors() >= 1
    assert write_anchors() == 0
    anchor = last_anchor(centre)
    assert anchor is not None
    assert (anchor.epoch, anchor.seq, anchor.hash) == (1, 1, head(centre).hash.hex())
    assert check_anchors() == {}


def test_a_torn_last_line_is_passed_over(centre: UUID) -> None:
    move(toy_command(centre))
    write_anchors()
    with (folder() / f"{centre}.log").open("a") as stream:
        stream.write('{"epoch": 1, "se')
    anchor = last_anchor(centre)
    assert anchor is not None
    assert anchor.seq == 1


def test_a_head_behind_its_anchor_is_refused_until_a_new_epoch_is_opened(centre: UUID) -> None:
    for _ in range(3):
        move(toy_command(centre))
    write_anchors()
    lost = head(centre)
    tamper("DELETE FROM feed_fact WHERE centre_id = %s AND seq = 3", centre)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE feed_centre_head SET seq = 2, hash = (SELECT hash FROM feed_fact WHERE centre_id = %s AND seq = 2)"
            " WHERE centre_id = %s",
            [centre, centre],
        )
    assert "1 facts are lost" in check_anchors()[centre]
    with pytest.raises(SystemExit) as refused:
        call_command("check_anchors")
    assert refused.value.code == 3

    call_command("open_epoch")
    assert check_anchors() == {}
    opened = list(all_facts(centre))[-1]
    assert (opened.seq, opened.epoch, opened.name) == (3, 2, "feed.epoch_opened")
    assert orjson.loads(opened.bytes)["body"] == {
        "kept_seq": 2,
        "lost": {"epoch": 1, "seq": 3, "hash": lost.hash.hex()},
    }
    assert verify(centre)[1] == []


def test_another_hash_at_the_anchors_seq_is_a_fork(centre: UUID) -> None:
    move(toy_command(centre))
    write_anchors()
    file = folder() / f"{centre}.log"
    anchor = json.loads(file.read_text())
    file.write_text(json.dumps(anchor | {"hash": "00" * 32}) + "\n")
    move(toy_command(centre), moved())
    assert "another hash" in check_anchors()[centre]


def test_a_new_epoch_lies_above_every_one_that_the_anchors_know(centre: UUID) -> None:
    """A head restored from before an earlier opening must not use that epoch's number again."""
    move(toy_command(centre))
    write_anchors()
    file = folder() / f"{centre}.log"
    anchor = json.loads(file.read_text())
    file.write_text(json.dumps(anchor | {"epoch": 4}) + "\n")
    assert open_epoch(centre) == 5


def test_a_centre_that_the_database_lost_is_named(centre: UUID) -> None:
    move(toy_command(centre))
    write_anchors()
    gone = UUID(int=7)
    (folder() / f"{centre}.log").rename(folder() / f"{gone}.log")
    assert "does not know this centre" in check_anchors()[gone]


def test_each_days_last_anchor_is_signed(centre: UUID) -> None:
    move(toy_command(centre))
    write_anchors()
    file = folder() / f"{centre}.log"
    anchor = json.loads(file.read_text())
    file.write_text(json.dumps(anchor | {"at": "2026-01-01T00:00:00.000000Z"}) + "\n")
    move(toy_command(centre))
    write_anchors()
    signed = json.loads((folder() / f"{centre}.signed").read_text())
    assert json.loads(signed["anchor"])["at"].startswith("2026-01-01")
    assert len(signed["signature"]) == 88
