"""Which marks a device's standing makes. Pure."""

from uuid import UUID

from realtime.delivery.pending import Mark, PendingReceipts

PHONE, TABLET = UUID(int=1), UUID(int=2)
UNIT = "unit:a"


def waiting(*seqs: int) -> PendingReceipts:
    """Facts addressed to UNIT."""
    pending = PendingReceipts()
    for seq in seqs:
        pending.addressed(seq, UNIT)
    return pending


def test_what_was_received_is_marked_once() -> None:
    pending = waiting(3, 5)
    pending.seen([UNIT], PHONE, through=4, displayed=0)
    pending.seen([UNIT], TABLET, through=4, displayed=0)
    assert pending.take(10) == [Mark(3, PHONE, displayed=False)]
    pending.seen([UNIT], TABLET, through=5, displayed=3)
    assert pending.take(10) == [Mark(3, TABLET, displayed=True), Mark(5, TABLET, displayed=False)]


def test_received_and_drawn_in_one_batch_is_one_mark_of_the_first_device() -> None:
    pending = waiting(3)
    pending.seen([UNIT], PHONE, through=3, displayed=0)
    pending.seen([UNIT], TABLET, through=3, displayed=3)
    assert pending.take(10) == [Mark(3, PHONE, displayed=True)]


def test_others_tokens_mark_nothing() -> None:
    pending = waiting(3)
    pending.seen(["unit:b", "place:3301"], PHONE, through=9, displayed=9)
    assert pending.take(10) == []


def test_what_another_gateway_recorded_is_not_marked_again() -> None:
    pending = waiting(3)
    pending.settled(3, displayed=False)
    pending.seen([UNIT], PHONE, through=3, displayed=0)
    assert pending.take(10) == []
    pending.seen([UNIT], PHONE, through=3, displayed=3)
    assert pending.take(10) == [Mark(3, PHONE, displayed=True)]
    pending.settled(3, displayed=True)
    pending.seen([UNIT], TABLET, through=3, displayed=3)
    assert pending.take(10) == []


def test_a_mark_under_way_is_dropped_when_the_feed_says_so() -> None:
    pending = waiting(3, 4)
    pending.seen([UNIT], PHONE, through=4, displayed=4)
    pending.settled(3, displayed=True)
    pending.settled(4, displayed=False)
    assert pending.take(10) == [Mark(4, PHONE, displayed=True)]


def test_marks_that_failed_come_again() -> None:
    pending = waiting(3, 4)
    pending.seen([UNIT], PHONE, through=4, displayed=0)
    taken = pending.take(1)
    assert taken == [Mark(3, PHONE, displayed=False)]
    pending.seen([UNIT], TABLET, through=4, displayed=4)
    pending.give_back(taken)
    assert pending.take(10) == [Mark(3, PHONE, displayed=True), Mark(4, PHONE, displayed=True)]
