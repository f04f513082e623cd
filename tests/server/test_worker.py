"""The worker's duties take turns; one that waits for another house makes nothing wait, and is missed when it ends."""

import threading

import pytest
from django.db import connection

from server.duties import DUTIES, Duty
from server.management.commands.worker import Life, Turns

pytestmark = pytest.mark.django_db  # before each duty old connections are closed


def test_one_that_waits_for_another_house_makes_nothing_wait() -> None:
    stop, hangs, ran = threading.Event(), threading.Event(), threading.Event()

    def waits() -> int:
        hangs.set()
        stop.wait(60)
        return 0

    def runs() -> int:
        assert hangs.wait(60)
        ran.set()
        stop.set()
        return 1

    apart = threading.Thread(target=Turns([Duty("waits", 1, waits, apart=True)]).run, args=(stop,))
    apart.start()
    Turns([Duty("runs", 1, runs)]).run(stop)
    apart.join(60)
    assert ran.is_set() and not apart.is_alive()
    assert [duty.name for duty in DUTIES if duty.apart] == ["calls_outside"]


def test_one_that_fails_stops_no_other_and_comes_again() -> None:
    stop, turns = threading.Event(), []

    def fails() -> int:
        turns.append("fails")
        raise ValueError

    def ends() -> int:
        turns.append("ends")
        if turns.count("fails") >= 2:
            stop.set()
        return 0

    Turns([Duty("fails", 0, fails), Duty("ends", 0, ends)]).run(stop)
    assert turns == ["fails", "ends"] * 2


def test_a_worker_whose_caller_has_ended_gives_no_sign_of_life() -> None:
    def marks() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM feed_pass WHERE name = 'worker'")
            return int(cursor.fetchone()[0])

    ended = Turns([])
    thread = threading.Thread(target=ended.run, args=(threading.Event(),))
    ended.thread = thread  # never started: as one that has ended
    Life([Turns([]), ended]).mark()
    assert marks() == 0
    Life([Turns([])]).mark()
    assert marks() == 1
