"""The timer's loop, by itself and as a process: passes, marks, failures, stopping."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
from django.db import OperationalError, connection

from dispatch.matter.clock_law.timer import AFTER_FAILURE_S, PAUSE_S, Timer
from dispatch.matter.clocks.passes import STEPPED, TIMER, mark_pass, say_stepped, wall_clock
from realtime.feed.models import CompletedPass


def timer(fires: Callable[[], int], marks: Callable[[], None] = lambda: None) -> Timer:
    """A timer that is told to stop after ten passes."""
    passes: Iterator[bool] = iter([False] * 9 + [True])
    return Timer(fires, marks, lambda seconds: next(passes), time.time, lambda stepped: None)


def test_it_goes_on_at_once_while_there_is_work_and_waits_when_there_is_none(db: None) -> None:
    found = iter([3, 1, 0, 0])
    at_work = timer(lambda: next(found))
    assert [at_work.one_pass() for _ in range(4)] == [0.0, 0.0, PAUSE_S, PAUSE_S]


def test_it_marks_the_first_pass_and_each_with_work(db: None) -> None:
    marks: list[int] = []
    found = iter([0, 0, 5, 0])
    at_work = timer(lambda: next(found), lambda: marks.append(1))
    counts = []
    for _ in range(4):
        at_work.one_pass()
        counts.append(len(marks))
    assert counts == [1, 1, 2, 2]


@pytest.mark.parametrize("error", [OperationalError("the database restarts"), ValueError("a fault of ours")])
def test_a_pass_that_fails_is_not_marked_and_the_next_one_runs(db: None, error: Exception) -> None:
    marks: list[int] = []
    found: Iterator[int | Exception] = iter([error, 1])

    def fires() -> int:
        result = next(found)
        if isinstance(result, Exception):
            raise result
        return result

    at_work = timer(fires, lambda: marks.append(1))
    assert at_work.one_pass() == AFTER_FAILURE_S
    assert not marks
    assert at_work.one_pass() == 0.0
    assert marks == [1]


@pytest.mark.parametrize("jump_s", [3.0, -3.0])
def test_a_wall_clock_that_stepped_stops_the_firing_until_it_is_started_anew(jump_s: float) -> None:
    fired, marks, said = [], [], []
    real = time.time()
    walls = iter(
        [real, real, real + jump_s, real + jump_s, real]
    )  # the last: back to where it was, still not confirmed
    fires, marked = lambda: fired.append(1) or 0, lambda: marks.append(1)
    at_work = Timer(fires, marked, lambda seconds: True, lambda: next(walls), said.append)
    assert at_work.one_pass() == PAUSE_S
    assert at_work.one_pass() == PAUSE_S
    assert [at_work.one_pass() for _ in range(3)] == [AFTER_FAILURE_S] * 3
    assert len(fired) == 2
    assert marks == [1]
    assert said == [False, True]  # to the actions, which fire too


def test_that_the_clock_stepped_is_said_again_until_the_database_took_it() -> None:
    said: list[bool] = []
    walls = iter([0.0, 1e6, 1e6, 1e6])

    def says(stepped: bool) -> None:
        said.append(stepped)
        if said == [False, True]:
            raise OperationalError("the database restarts")

    at_work = Timer(lambda: 0, lambda: None, lambda seconds: True, lambda: next(walls), says)
    for _ in range(4):
        at_work.one_pass()
    assert said == [False, True, True]


@pytest.mark.parametrize("slow_s", [30.0])
def test_a_database_that_answers_late_is_no_step(monkeypatch: pytest.MonkeyPatch, slow_s: float) -> None:
    """The clock was read somewhere between question and answer."""
    now = [1000.0]
    monkeypatch.setattr("dispatch.matter.clock_law.timer.time.monotonic", lambda: now[0])

    def wall() -> float:
        now[0] += slow_s
        return now[0] - slow_s / 3

    fired: list[int] = []
    at_work = Timer(lambda: fired.append(1) or 0, lambda: None, lambda seconds: True, wall, lambda stepped: None)
    for _ in range(3):
        at_work.one_pass()
        now[0] += 0.2
    assert len(fired) == 3


def test_it_stops_when_told(db: None) -> None:
    passes: list[int] = []
    timer(lambda: passes.append(1) or 0).run()
    assert len(passes) == 10


def last_pass() -> datetime | None:
    """When the last complete pass was marked; None before the first."""
    return CompletedPass.objects.filter(name=TIMER).values_list("at", flat=True).first()


def test_a_pass_is_marked_by_the_machines_clock(db: None) -> None:
    assert abs(datetime.now(UTC).timestamp() - wall_clock()) < 60
    assert last_pass() is None
    mark_pass()
    first = last_pass()
    mark_pass()
    second = last_pass()
    assert first is not None and second is not None
    assert abs(datetime.now(UTC) - second).total_seconds() < 60
    assert second > first


def test_the_process_marks_its_passes_and_stops_on_sigterm(transactional_db: None) -> None:
    name = connection.settings_dict["NAME"]
    url = os.environ["RELAY_DATABASE_URL"]
    head, _, query = url.partition("?")
    say_stepped(True)  # a timer that is started confirms the time
    environment = os.environ | {"RELAY_DATABASE_URL": f"{head.rsplit('/', 1)[0]}/{name}?{query}"}
    process = subprocess.Popen([sys.executable, "-m", "django", "timer"], env=environment)
    try:
        waiting = threading.Event()
        for _ in range(300):
            if last_pass() is not None:
                break
            waiting.wait(0.1)
        assert last_pass() is not None
        assert not CompletedPass.objects.filter(name=STEPPED).exists()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.wait()
