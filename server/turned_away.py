"""Answers again what a source was just refused, before anybody is asked: a flood costs a lookup in memory each.

Who came too often is told so by whoever counts (dispatch/doors/limits.py); that answer is kept some seconds for the
same source at the same door. Not longer: each refusal that is counted is one that the desk hears of, and the count is
the truth. A refusal for a grid's sake is not kept: others behind the same address may report elsewhere.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from command.people.sources import source_of
from realtime.gateway.live import Application, Receive, Scope, Send

KEPT_S: Final = 10.0
MOST: Final = 10_000  # sources at doors
OF_A_SOURCE: Final = frozenset({"page", "lookup", "words", "photo", "report"})  # limits, by name
_STEPS: Final = 5  # of a path: what follows names a grid
_TOO_OFTEN: Final = 429


@dataclass(frozen=True, slots=True)
class _Said:
    """A refusal as it went out."""

    until: float  # monotonic
    start: dict[str, Any]
    body: bytes


class TurnedAway:
    """HTTP with that in front. For one loop."""

    def __init__(self, http: Application, *, behind_proxy: bool, clock: Callable[[], float] = time.monotonic) -> None:
        """behind_proxy  as RELAY_BEHIND_PROXY says: from whom a request is, the last X-Forwarded-For names"""
        self._http, self._behind_proxy, self._clock = http, behind_proxy, clock
        self._said: OrderedDict[tuple[str, str, str], _Said] = OrderedDict()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        door = self._door(scope)
        said = self._said.get(door)
        if said is not None:
            if self._clock() < said.until:
                await send(said.start)
                await send({"type": "http.response.body", "body": said.body})
                return
            del self._said[door]
        await self._http(scope, receive, self._listening(door, send))

    def _listening(self, door: tuple[str, str, str], send: Send) -> Send:
        start: dict[str, Any] = {}

        async def sent(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
            elif start.get("status") == _TOO_OFTEN and not message.get("more_body"):
                self._keep(door, start, message.get("body", b""))
            await send(message)

        return sent

    def _keep(self, door: tuple[str, str, str], start: dict[str, Any], body: bytes) -> None:
        try:
            told = orjson.loads(body)
            limit, wait_s = told["limit"], float(told["retry_after_s"])
        except (ValueError, KeyError, TypeError):
            return
        if limit in OF_A_SOURCE:
            self._said[door] = _Said(self._clock() + min(wait_s, KEPT_S), start, body)
            if len(self._said) > MOST:
                self._said.popitem(last=False)

    def _door(self, scope: Scope) -> tuple[str, str, str]:
        steps = str(scope["path"]).split("/", _STEPS)
        return source_of(self._address(scope)), str(scope["method"]), "/".join(steps[:_STEPS])

    def _address(self, scope: Scope) -> str:
        if self._behind_proxy:
            named: Sequence[bytes] = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
            return b",".join(named).rpartition(b",")[2].strip().decode("latin-1")
        client = scope.get("client")
        return str(client[0]) if client else ""
