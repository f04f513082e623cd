"""People who work while things break: each a thread with real HTTP, that repeats what was not answered.

A repeat carries the key of the first time. What was answered with 2xx is written down, to be looked for afterwards.
"""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import uuid4

import httpx

from tests.live import Person, Product, Reply, wait_for
from tests.live.people import Body

ANSWERED_WITHIN_S: Final = 60.0
UNANSWERED: Final = 500  # from here on nobody knows whether it was done


@dataclass(frozen=True, slots=True)
class Done:
    """A command that was answered with 2xx: the fact that it says it made."""

    path: str
    key: str
    seq: int
    object_id: str
    version: int


@dataclass
class Ledger:
    """What all actors were told was done, and what was refused."""

    done: list[Done] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    repeats: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def write(self, path: str, key: str, reply: Reply, repeats: int) -> None:
        """Takes an answer down."""
        with self._lock:
            self.repeats += repeats
            if not reply.ok:
                self.refused.append(f"{path}: {reply.status} {reply.code}")
                return
            body = reply.body
            self.done.append(Done(path, key, body["seq"], body["object"]["id"], body["version"]))


class Actor:
    """One person at work in a thread of their own."""

    def __init__(self, person: Person, ledger: Ledger, work: "Callable[[Actor], None]") -> None:
        self.person, self.ledger = person, ledger
        self.ends = threading.Event()
        self.failed: BaseException | None = None
        self._work = work
        self._thread = threading.Thread(target=self._run, name=person.username, daemon=True)

    def start(self) -> "Actor":
        """Begins."""
        self._thread.start()
        return self

    def join(self) -> None:
        """Finishes what is begun. Raises what went wrong."""
        self.ends.set()
        self._thread.join(ANSWERED_WITHIN_S * 2)
        assert not self._thread.is_alive(), f"{self.person.username} never came to an end"
        if self.failed is not None:
            raise self.failed

    def asks(self, look: Callable[[], Reply]) -> Reply:
        """What is answered to a question, asked until it is."""
        reply = wait_for(lambda: _answered(look), "an answer", within_s=ANSWERED_WITHIN_S)
        assert reply is not None
        return reply

    def does(self, path: str, body: Body, *, version: int | None = None) -> Reply:
        """A command, repeated under its key until it is answered."""
        key, asked = str(uuid4()), 0

        def once() -> Reply | None:
            nonlocal asked
            asked += 1
            return _answered(lambda: self.person.post(path, body, key=key, version=version))

        reply = wait_for(once, f"an answer to {path}", within_s=ANSWERED_WITHIN_S)
        assert reply is not None
        self.ledger.write(path, key, reply, asked - 1)
        return reply

    def _run(self) -> None:
        try:
            while not self.ends.is_set():
                self._work(self)
        except BaseException as error:
            self.failed = error


def _answered(call: Callable[[], Reply]) -> Reply | None:
    try:
        reply = call()
    except httpx.HTTPError:
        return None
    return reply if reply.status < UNANSWERED else None


def desk_work(item: str, unit: str) -> Callable[[Actor], None]:
    """A duty officer: takes an issue in and sends its order, then looks after those that were fed back."""

    def work(actor: Actor) -> None:
        reported = actor.does("/reports", {"channel": "centre_phone", "item": item, "text": "路灯不亮。"})
        if not reported.ok:
            return
        issue_id = reported.id
        actor.does(f"/issues/{issue_id}/accept", {})
        for verb, body in (("file", {}), ("dispatch", {"unit": unit})):
            _at_its_version(actor, issue_id, verb, body)
        waiting = actor.asks(lambda: actor.person.get("/issues?state=fed_back&limit=5"))
        for issue in waiting.body["issues"] if waiting.ok else []:
            if _at_its_version(actor, issue["id"], "verify", {}).ok:
                _at_its_version(actor, issue["id"], "close", {"outcome": "resolved", "followed_up": True})

    return work


def unit_work(actor: Actor) -> None:
    """A liaison: takes every order on, begins, feeds back."""
    orders: list[dict[str, Any]] = actor.asks(lambda: actor.person.get("/orders?open=1")).must().body
    steps = {"sent": ("acknowledge", {}), "acknowledged": ("start", {}), "in_handling": ("feed_back", FEEDBACK)}
    for order in orders:
        step = steps.get(order["card"]["state"])
        if step and not actor.ends.is_set():
            actor.does(f"/orders/{order['id']}/{step[0]}", step[1], version=order["version"])
    actor.ends.wait(0.05)


FEEDBACK: Final = {"result": "handled", "text": "已修复。"}


def _at_its_version(actor: Actor, issue_id: str, verb: str, body: Body) -> Reply:
    seen = actor.asks(lambda: actor.person.sees(issue_id))
    if not seen.ok:
        return seen
    return actor.does(f"/issues/{issue_id}/{verb}", body, version=seen.body["version"])


def all_that_was_answered_is_there(product: Product, centre_id: str, ledger: Ledger) -> None:
    """Every 2xx is a fact at that place of the feed, and no command was done twice."""
    stored = {
        seq: (str(object_id), version)
        for seq, object_id, version in product.rows(
            "SELECT seq, object_id, version FROM feed_fact WHERE centre_id = %s", centre_id
        )
    }
    assert [one for one in ledger.done if stored.get(one.seq) != (one.object_id, one.version)] == []
    assert len({one.seq for one in ledger.done}) == len(ledger.done)
    twice = product.rows(
        "SELECT object_id, name, count(*) FROM feed_fact WHERE name IN ('issue.reported', 'issue.accepted',"
        " 'order.acknowledged', 'issue.closed') AND object_id = ANY(%s)"
        " GROUP BY 1, 2 HAVING count(*) > 1",
        [one.object_id for one in ledger.done],
    )
    assert twice == []


def each_fired_once(product: Product, issue_ids: Sequence[str]) -> None:
    """Each of these issues was breached, and was told so once; nothing that runs is overdue and unnoticed."""
    wait_for(lambda: all("issue.breached" in product.facts_of(one) for one in issue_ids), "every breach")
    assert [one for one in issue_ids if product.facts_of(one).count("issue.breached") != 1] == []
    overdue = "SELECT id FROM clocks_clock WHERE stopped_at IS NULL AND breached_at IS NULL AND due_at < relay_at(NULL)"
    wait_for(lambda: not product.rows(overdue), "nothing overdue and unnoticed")


def the_feed_is_whole(product: Product) -> None:
    """The chain verifies, and what it says equals the rows."""
    for command in ("verify_feed", "reconcile"):
        status, words = product.command(command, "--skip-checks")
        assert status == 0, words
