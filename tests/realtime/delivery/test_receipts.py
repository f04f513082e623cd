"""Receipts and cursors in the database: first device each, no doubles under rivals, nothing written without news."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import orjson
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from realtime.delivery.actions import MAX_MARKS, record_receipts
from realtime.delivery.cursors import DeviceAt, move_cursors
from realtime.delivery.models import DeviceCursor, Receipt
from realtime.delivery.pending import Mark
from realtime.delivery.queries import Addressed, waiting_receipts
from realtime.feed.actions import open_centre, record
from realtime.feed.clock import at
from realtime.feed.contract import Audience, AudienceClass, Change
from realtime.feed.queries import FactRow, all_facts
from tests.realtime.feed.toys import ToyMoved

UNIT = f"unit:{UUID(int=9)}"
AUDIENCE = Audience.of(["place:330199/001", UNIT], AudienceClass.DESK)
PHONE, TABLET = UUID(int=1), UUID(int=2)


@pytest.fixture
def centre(transactional_db: None) -> Iterator[UUID]:
    """A centre with two facts: the first addressed to UNIT, the second to nobody."""
    centre_id = uuid4()
    open_centre(centre_id)
    say(centre_id, Change(ToyMoved(object_id=uuid4()), None, AUDIENCE, addressed_to=UNIT))
    say(centre_id, Change(ToyMoved(object_id=uuid4()), None, AUDIENCE))
    yield centre_id


def say(centre_id: UUID, *changes: Change) -> None:
    """Commits facts."""
    with transaction.atomic():
        record(None, *changes, at=at(None), centre_id=centre_id)


def receipts(centre_id: UUID) -> list[FactRow]:
    """The receipt facts of a centre."""
    return [fact for fact in all_facts(centre_id) if fact.object_kind == "receipt"]


def test_the_first_device_delivers_and_the_first_draws(centre: UUID) -> None:
    assert record_receipts(centre, [Mark(1, PHONE, displayed=False)]) == 1
    assert record_receipts(centre, [Mark(1, TABLET, displayed=False)]) == 0
    assert record_receipts(centre, [Mark(1, TABLET, displayed=True)]) == 1
    assert record_receipts(centre, [Mark(1, PHONE, displayed=True)]) == 0
    delivered, displayed = receipts(centre)
    assert [fact.name for fact in (delivered, displayed)] == ["receipt.delivered", "receipt.displayed"]
    assert delivered.object_id == displayed.object_id and (delivered.version, displayed.version) == (1, 2)
    told = orjson.loads(displayed.bytes)
    original = next(iter(all_facts(centre)))
    assert told["card"]["toy"] == str(original.object_id) and told["card"]["addressee"] == UNIT
    assert told["card"]["open"] is False and told["card"]["delivered_at"] <= told["card"]["displayed_at"]
    assert told["body"] == {"device": str(TABLET), "seq": 1}
    assert orjson.loads(delivered.audience)["after"] == orjson.loads(original.audience)["after"]
    row = Receipt.objects.get(centre_id=centre, seq=1)
    assert (row.delivered_device_id, row.displayed_device_id) == (PHONE, TABLET)


def test_drawn_at_once_is_both(centre: UUID) -> None:
    assert record_receipts(centre, [Mark(1, PHONE, displayed=True)]) == 2
    assert [fact.version for fact in receipts(centre)] == [1, 2]


def test_only_what_is_addressed_gets_a_receipt_and_receipts_get_none(centre: UUID) -> None:
    assert record_receipts(centre, [Mark(2, PHONE, displayed=True), Mark(999, PHONE, displayed=True)]) == 0
    record_receipts(centre, [Mark(1, PHONE, displayed=True)])
    assert all(fact.addressed_to is None for fact in receipts(centre))
    assert record_receipts(centre, [Mark(3, PHONE, displayed=True), Mark(4, PHONE, displayed=True)]) == 0


def test_rival_gateways_record_each_receipt_once(centre: UUID) -> None:
    """Six at once, in both orders: first for rows that do not exist yet, then for the same rows' drawing."""
    for _ in range(30):
        say(centre, Change(ToyMoved(object_id=uuid4()), None, AUDIENCE, addressed_to=UNIT))
    seqs = [fact.seq for fact in all_facts(centre) if fact.addressed_to]
    for displayed in (False, True):
        marks = [Mark(seq, PHONE, displayed=displayed) for seq in seqs]
        begin = threading.Barrier(6)

        def bring(order: int, marks: list[Mark] = marks, begin: threading.Barrier = begin) -> int:
            try:
                connection.ensure_connection()
                begin.wait(30)
                return record_receipts(centre, marks if order % 2 else marks[::-1])
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as rivals:
            assert sum(rivals.map(bring, range(6))) == len(marks)
    assert len(receipts(centre)) == 2 * len(seqs)


def test_a_batch_is_bounded(centre: UUID) -> None:
    with pytest.raises(ValueError, match="at most 100"):
        record_receipts(centre, [Mark(seq, PHONE, displayed=False) for seq in range(MAX_MARKS + 1)])


def test_what_waits_is_read_from_the_feed(centre: UUID) -> None:
    assert waiting_receipts(centre, 0) == [Addressed(1, UNIT, delivered=False)]
    record_receipts(centre, [Mark(1, PHONE, displayed=False)])
    assert waiting_receipts(centre, 0) == [Addressed(1, UNIT, delivered=True)]
    assert waiting_receipts(centre, 1) == []
    record_receipts(centre, [Mark(1, PHONE, displayed=True)])
    assert waiting_receipts(centre, 0) == []


def stands(centre: UUID, epoch: int, through: int, displayed: int, device: UUID = PHONE) -> DeviceAt:
    """A device's standing."""
    return DeviceAt(centre, "person:a", device, epoch, through, displayed)


def kept(centre: UUID) -> list[tuple[int, int, int]]:
    """What the rows say."""
    rows = DeviceCursor.objects.filter(centre_id=centre).order_by("device_id")
    return [(row.epoch, row.through, row.displayed) for row in rows]


def test_a_cursor_moves_forward_only_but_begins_anew_with_an_epoch(centre: UUID) -> None:
    for standing, expected in (
        (stands(centre, 1, 5, 3), (1, 5, 3)),
        (stands(centre, 1, 4, 4), (1, 5, 4)),
        (stands(centre, 2, 1, 0), (2, 1, 0)),
        (stands(centre, 1, 9, 9), (2, 1, 0)),
    ):
        move_cursors([standing])
        assert kept(centre) == [expected]
    assert move_cursors([stands(centre, 2, 1, 0)]) == 0, "nothing new is not written"


def test_a_thousand_cursors_are_one_statement(centre: UUID) -> None:
    with CaptureQueriesContext(connection) as statements:
        assert move_cursors(stands(centre, 1, n, 0, UUID(int=n)) for n in range(1, 1001)) == 1000
    assert len(statements) == 1
    assert len(kept(centre)) == 1000
