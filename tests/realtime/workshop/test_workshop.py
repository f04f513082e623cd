"""Dear work is done elsewhere, within bounds; what overruns, hangs or dies is answered with its reason."""

import io
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from realtime.feed.errors import Busy, Invalid
from realtime.workshop.workshop import Bounds, Workshop
from tests.realtime.workshop import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Iterator[Workshop]:
    """One hand, two who may wait, small bounds."""
    made = Workshop(Bounds(hands=1, waiting=2, wait_s=60, cpu_s=1, wall_s=60, memory_mib=512))
    yield made
    made.close()


@pytest.fixture
def hasty() -> Iterator[Workshop]:
    """One that waits for no worker longer than a moment."""
    made = Workshop(Bounds(hands=1, wall_s=1))
    yield made
    made.close()


def test_a_file_goes_over_and_a_value_comes_back(shop: Workshop) -> None:
    assert shop.do_with(jobs.read, io.BytesIO(b"words"), "more") == jobs.Found(b"words", ("more",))
    with tempfile.TemporaryFile() as file:
        file.write(b"on the disk")
        assert shop.do_with(jobs.read, file, "x").words == b"on the disk"
    assert shop.hands[0].pid not in (None, os.getpid())


def test_a_refusal_comes_back_as_it_was(shop: Workshop) -> None:
    with pytest.raises(Invalid, match=r"photo\.no_image") as refused:
        shop.do(jobs.refuse, "没有图像")
    one = refused.value
    assert (one.detail, one.field, one.rule, one.remedy, one.extra) == ("没有图像", "file", "照片", "重拍", {"n": 1})


def test_what_takes_too_much_is_refused_for_that(shop: Workshop) -> None:
    with pytest.raises(Invalid, match=r"file\.too_dear"):
        shop.do(jobs.spin)
    with pytest.raises(Invalid, match=r"file\.too_dear"):
        shop.do(jobs.eat, 2000)
    assert shop.do(jobs.eat, 1) == 1024 * 1024  # and the next one is served


def test_a_worker_that_is_killed_leaves_no_request_stuck(shop: Workshop) -> None:
    for number in (signal.SIGKILL, signal.SIGSEGV):
        with pytest.raises(Busy, match=r"workshop\.lost"):
            shop.do(jobs.die, number)
    assert shop.do(jobs.wait, 0) == 0


def test_one_that_hangs_is_ended(hasty: Workshop) -> None:
    for job in (lambda: hasty.do(jobs.stop), lambda: hasty.do(jobs.wait, 60)):
        with pytest.raises(Busy, match=r"workshop\.lost"):
            job()
        assert hasty.hands[0].pid is None


def test_one_that_was_killed_between_two_jobs_is_not_noticed(shop: Workshop) -> None:
    shop.do(jobs.wait, 0)
    pid = shop.hands[0].pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    assert shop.do(jobs.wait, 0) == 0


def test_too_many_are_refused_with_a_time_to_come_again(shop: Workshop) -> None:
    answers: list[object] = []

    def ask() -> None:
        try:
            answers.append(shop.do(jobs.wait, 0.5))
        except Busy as busy:
            answers.append((busy.code, busy.extra["retry_after_s"]))

    asking = [threading.Thread(target=ask) for _ in range(6)]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert answers.count(0.5) == 3
    assert answers.count(("workshop.full", 10)) == 3


def test_a_worker_writes_nothing_and_sends_nothing_but_data(shop: Workshop, tmp_path: Path) -> None:
    assert shop.do(jobs.write, str(tmp_path / "x")) is False
    trap = Path("/tmp/relay60-trap")
    with pytest.raises(Busy, match=r"workshop\.lost"):
        shop.do(jobs.lie)
    assert not trap.exists()
    with pytest.raises(RuntimeError, match="nothing of that name"):
        shop.do(jobs.fail)
