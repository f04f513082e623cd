"""A source that was refused hears it again without anybody being asked; others, other doors and later times are not."""

import asyncio
import json
from typing import Any

from server.turned_away import KEPT_S, TurnedAway

FIRST = ("203.0.113.9", "POST", "/api/v1/public/reports")


class Door:
    """An application that counts whom it was asked by, and refuses for what it is told to."""

    def __init__(self) -> None:
        self.asked = 0
        self.limit: str | None = "report"
        self.now = 100.0
        self.guard = TurnedAway(self.answer, behind_proxy=False, clock=lambda: self.now)

    async def answer(self, scope: Any, receive: Any, send: Any) -> None:
        self.asked += 1
        body = {"limit": self.limit, "retry_after_s": 1200} if self.limit else {}
        headers = [(b"retry-after", b"1200")]
        await send({"type": "http.response.start", "status": 429 if self.limit else 200, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps(body).encode()})

    def knock(self, who: str, method: str, path: str) -> tuple[int, bytes]:
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {"path": path, "method": method, "client": (who, 1), "headers": []}
        asyncio.run(self.guard(scope, None, send))  # type: ignore[arg-type]
        return sent[0]["status"], sent[1]["body"]


def test_the_same_answer_without_asking_until_some_seconds_are_over() -> None:
    door = Door()
    said = door.knock(*FIRST)
    for _ in range(5):
        assert door.knock(*FIRST) == said
    assert door.asked == 1
    door.now += KEPT_S
    door.knock(*FIRST)
    assert door.asked == 2  # counted again: the desk hears that somebody is turned away


def test_others_and_other_doors_are_asked() -> None:
    door = Door()
    door.knock(*FIRST)
    for other in (
        ("203.0.113.10", "POST", FIRST[2]),
        (FIRST[0], "GET", FIRST[2]),
        (FIRST[0], "POST", "/api/v1/public/lookup"),
    ):
        before = door.asked
        door.knock(*other)
        assert door.asked == before + 1
    page = "/api/v1/public/grids/330199001001001"
    door.limit = "page"
    door.knock(FIRST[0], "GET", page)
    before = door.asked
    door.knock(FIRST[0], "GET", page[:-1] + "2")  # the same door, whatever grid
    assert door.asked == before


def test_what_was_not_refused_for_the_sources_sake_is_not_kept() -> None:
    door = Door()
    for limit in ("grid", None):
        door.limit = limit
        before = door.asked
        door.knock(*FIRST)
        door.knock(*FIRST)
        assert door.asked == before + 2


def test_behind_a_proxy_the_last_address_it_wrote_counts() -> None:
    guard = TurnedAway(None, behind_proxy=True)  # type: ignore[arg-type]
    scope = {"path": "/x", "method": "GET", "client": ("10.0.0.1", 1)}
    one = guard._door(scope | {"headers": [(b"x-forwarded-for", b"1.2.3.4, 203.0.113.9")]})
    assert one[0] == "203.0.113.9"
    assert guard._door(scope | {"headers": []})[0] == "unknown"
