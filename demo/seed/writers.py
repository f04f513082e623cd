"""Tells stories with several processes: the feed's head takes one commit at a time, but Python's work goes on beside.

Every story keeps its process, so that its steps follow one another; steps are handed out in the order of their times,
few at a time, so that the feed's order is that of its times but for the few that were under way together.
"""

import gc
import multiprocessing
import queue
from collections.abc import Sequence
from multiprocessing.process import BaseProcess
from typing import Any, Final
from uuid import UUID

import django
from django.utils.module_loading import import_string

HANDED_OUT: Final = 6  # steps that wait at a writer: more would let one run ahead of the other
ASK_AGAIN_S: Final = 5.0


class WriterFailed(RuntimeError):
    """A process that told stories ended before its time: what it was refused stands above."""


def tell_with(
    writers: int, telling: str, demonstration: str, centre_id: UUID, turns: Sequence[tuple[int, int]]
) -> None:
    """Makes the steps of a demonstration that are to be made, with so many processes. Raises WriterFailed.

    telling the dotted name of what makes one writer's teller of (demonstration, centre): each process imports it
    turns   (place of the story, place of the step in it), in the order of their times; a story of −1 is the timer's
            turn, and its step the minutes before now
    """
    spawned = multiprocessing.get_context("spawn")  # a fork would share the pool's sockets
    inboxes = [spawned.Queue(HANDED_OUT) for _ in range(writers)]
    processes = [
        spawned.Process(target=_write, args=(telling, demonstration, str(centre_id), inbox), daemon=True)
        for inbox in inboxes
    ]
    for process in processes:
        process.start()
    try:
        for number, (story, step) in enumerate(turns):
            _hand(inboxes[(number if story < 0 else story) % writers], (story, step), processes)
        for inbox in inboxes:
            _hand(inbox, None, processes)
        for process in processes:
            process.join()
        _refuse_failed(processes)
    finally:
        for process in processes:
            process.terminate()


def _hand(inbox: Any, turn: tuple[int, int] | None, processes: Sequence[BaseProcess]) -> None:
    while True:
        try:
            inbox.put(turn, timeout=ASK_AGAIN_S)
        except queue.Full:
            _refuse_failed(processes)
        else:
            return


def _refuse_failed(processes: Sequence[BaseProcess]) -> None:
    if any(process.exitcode for process in processes):
        raise WriterFailed(WriterFailed.__doc__)


def _write(telling: str, demonstration: str, centre_id: str, inbox: Any) -> None:
    """One writer's life. Its imports wait for Django's set-up, which a spawned process lacks."""
    django.setup()
    told = import_string(telling)(demonstration, UUID(centre_id))
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)  # what an action leaves behind is mostly freed without it
    parent = multiprocessing.parent_process()
    while parent is not None and parent.is_alive():  # one that was killed hands out nothing more
        try:
            turn = inbox.get(timeout=ASK_AGAIN_S)
        except queue.Empty:
            continue
        if turn is None:
            return
        told.take(*turn)
