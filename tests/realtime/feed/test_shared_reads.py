"""Many who ask cost one reading, and nobody is told less than is promised."""

from collections.abc import Callable
from uuid import UUID

import pytest

from realtime.feed import shared_reads
from realtime.feed.shared_reads import KEPT_S, SharedReads
from tests.dispatch.rivals import at_once
from tests.realtime.feed.toys import move, moved, toy_command


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Lets so many seconds pass."""
    now = [1000.0]
    monkeypatch.setattr(shared_reads, "monotonic", lambda: now[0])

    def later(by: float) -> None:
        now[0] += by

    return later


class Reading:
    """Counts how often it was done; answers with the count."""

    def __init__(self) -> None:
        self.done = 0

    def __call__(self) -> int:
        self.done += 1
        return self.done


def test_while_nothing_happens_an_answer_is_read_once(centre: UUID, seconds: Callable[[float], None]) -> None:
    reads, reading = SharedReads[int](), Reading()
    assert [reads.get(centre, "all", reading) for _ in range(5)] == [1] * 5
    assert reads.get(centre, "other", reading) == 2
    move(toy_command(centre), moved())
    assert [reads.get(centre, "all", reading) for _ in range(5)] == [3] * 5
    seconds(KEPT_S)
    assert reads.get(centre, "all", reading) == 4, "it says when it was counted: that is never long ago"


def test_what_may_rest_is_read_again_after_its_rest(centre: UUID, seconds: Callable[[float], None]) -> None:
    reads, reading = SharedReads[int](rest_s=1.0), Reading()
    for _ in range(5):
        move(toy_command(centre), moved())
        assert reads.get(centre, "all", reading) == 1
    seconds(1.0)
    assert reads.get(centre, "all", reading) == 2


def test_what_happened_during_a_reading_is_not_taken_as_known(centre: UUID) -> None:
    reads, reading = SharedReads[int](), Reading()

    def while_more_happens() -> int:
        move(toy_command(centre), moved())
        return reading()

    assert reads.get(centre, "all", while_more_happens) == 1
    assert reads.get(centre, "all", reading) == 2


def test_of_ten_who_come_at_once_one_reads(real_centre: UUID) -> None:
    reads, reading = SharedReads[int](), Reading()
    assert at_once(*[lambda: reads.get(real_centre, "all", reading)] * 10) == [1] * 10


def test_a_reading_that_fails_is_nobodys_answer(centre: UUID) -> None:
    reads, reading = SharedReads[int](), Reading()
    with pytest.raises(ZeroDivisionError):
        reads.get(centre, "all", lambda: 1 // 0)
    assert reads.get(centre, "all", reading) == 1


def test_what_was_asked_for_longest_ago_is_let_go(centre: UUID) -> None:
    reads, reading = SharedReads[int](most=2), Reading()
    assert [reads.get(centre, of, reading) for of in ("a", "b", "a", "c", "a", "b")] == [1, 2, 1, 3, 1, 4]
