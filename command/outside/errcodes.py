"""What WeCom and DingTalk have in common: an `errcode` inside a 200, and a token that is fetched with the secret."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

import orjson

from command.outside.contract import Access, Outcome
from command.outside.http import Failed, exchange

EACH_S: float = 3.0  # of three requests
_STALE: Final = frozenset({40014, 42001})  # the token is no good, or no longer: both houses number it so
_SOONER_S: Final = 300  # before it runs out a token is fetched anew
_tokens: Final[dict[bytes, tuple[str, float]]] = {}  # in this process's memory
_held: Final = threading.Lock()


class Said(Exception):
    """The other side answered with an error inside."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


@dataclass(frozen=True, slots=True)
class Codes:
    """What errcodes of one house mean; any other: it refuses the message.

    secret   key or secret are wrong, or this address is not let in
    busy     later it may take it
    nobody   it knows no such person
    """

    secret: frozenset[int]
    busy: frozenset[int]
    nobody: frozenset[int] = frozenset()

    def outcome(self, code: int) -> Outcome:
        """What one means."""
        if code in self.secret:
            return Outcome.SECRET_WRONG
        if code in self.busy:
            return Outcome.UNAVAILABLE
        return Outcome.UNKNOWN_THERE if code in self.nobody else Outcome.REFUSED


def judged(send: Callable[[], Outcome], codes: Codes, access: Access) -> Outcome:
    """What came of `send`; with another token once more where it was the token. Never raises for the other side."""
    try:
        try:
            return send()
        except Said as said:
            if said.code not in _STALE:
                raise
            forget_token(access)
            return send()
    except Failed as failed:
        return failed.outcome
    except Said as said:
        return Outcome.UNAVAILABLE if said.code in _STALE else codes.outcome(said.code)


def asked(access: Access, path: str, query: dict[str, str], body: dict[str, Any] | None = None) -> dict[str, Any]:
    """An answer whose errcode is 0: of a POST, or of a GET without a body. Raises Said for another, Failed for none."""
    reply = exchange(
        "GET" if body is None else "POST",
        f"{access.address.rstrip('/')}/{path}",
        None if body is None else orjson.dumps(body),
        {"Content-Type": "application/json"},
        intranet=access.intranet,
        query="?" + urlencode(query),
        within_s=EACH_S,
    )
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        raise Failed(Outcome.UNREADABLE) from None
    code = answer.get("errcode", 0) if isinstance(answer, dict) else None
    if not isinstance(code, int):
        raise Failed(Outcome.UNREADABLE)
    if code != 0:
        raise Said(code)
    return answer  # type: ignore[no-any-return]


def token(access: Access, path: str, query: dict[str, str]) -> str:
    """A token that still holds, fetched once. Raises Said, Failed."""
    with _held:
        kept = _tokens.get(_name(access))
        if kept is not None and kept[1] > time.monotonic():
            return kept[0]
    answer = asked(access, path, query)
    found, lasts = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(found, str) or not found or not isinstance(lasts, int):
        raise Failed(Outcome.UNREADABLE)
    with _held:
        _tokens[_name(access)] = (found, time.monotonic() + max(0, lasts - _SOONER_S))
    return found


def forget_token(access: Access) -> None:
    """The next one is fetched anew."""
    with _held:
        _tokens.pop(_name(access), None)


def _name(access: Access) -> bytes:
    """Under which a token is kept: another secret has another."""
    return hashlib.sha256("\n".join((access.way, access.address, access.corp, access.secret)).encode()).digest()
