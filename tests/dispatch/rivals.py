"""Several people at once, each on a connection of their own."""

import threading
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, connections

from tests.live.waiting import wait_for

_SOMEBODY_WAITS = "SELECT EXISTS (SELECT FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid)"


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Runs all acts in parallel, begun together. What each returned or raised, in their order."""
    gate = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait(timeout=30)
        try:
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads), "a rival waits for ever"
    return results


def split(results: Sequence[Any]) -> tuple[list[Any], list[Exception]]:
    """Those that came through, and what was raised for the others."""
    return (
        [result for result in results if not isinstance(result, Exception)],
        [result for result in results if isinstance(result, Exception)],
    )


class Rival:
    """Acts in a transaction of its own, begun in the middle of another's."""

    def __init__(self, act: Callable[[], Any]) -> None:
        self.act, self.raised = act, None
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        try:
            self.act()
        except Exception as error:
            self.raised = error
        finally:
            connections.close_all()

    def begins(self) -> None:
        """Goes as far as it can: to its end, or until it waits for who called this."""
        self.thread.start()
        wait_for(lambda: not self.thread.is_alive() or _waits_for_us(), "the rival's end or wait")

    def ends(self) -> Exception | None:
        """What it was refused with; None: it came through."""
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()
        return self.raised


def _waits_for_us() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_SOMEBODY_WAITS)
        return bool(cursor.fetchone()[0])
