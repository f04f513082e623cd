"""企业微信 application messages: gettoken, user/getuserid, message/send. An error may stand inside a 200.

Source: https://developer.work.weixin.qq.com/document/path/91039 (gettoken), 95402 (getuserid), 90236 (message/send),
90313 (error codes).
"""

import hashlib
import threading
import time
from typing import Any, Final
from urllib.parse import quote

import orjson

from command.outside.contract import Access, Message, Outcome
from command.outside.http import Failed, exchange

_STALE: Final = frozenset({40014, 42001})  # the token is no good, or no longer
_SECRET: Final = frozenset({40001, 40013, 40091, 41004, 60020})  # secret, corp, or an address not let in
_BUSY: Final = frozenset({-1, 45009, 45033, 50001})
_NOBODY: Final = frozenset({40003, 46004, 60111, 81013})
EACH_S: float = 3.0  # of three requests
_SOONER_S: Final = 300  # before it runs out a token is fetched anew
_TWICE_S: Final = 300  # the same message to the same person within this time is shown once: sent again, it is one
_tokens: Final[dict[bytes, tuple[str, float]]] = {}
_held: Final = threading.Lock()


class _Said(Exception):
    """The other side answered with an error inside."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(str(code))


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over: token, user by work telephone, message. Never raises for what the other side does."""
    try:
        try:
            return _sent(access, message)
        except _Said as said:
            if said.code not in _STALE:
                raise
            with _held:
                _tokens.pop(_name(access), None)
            return _sent(access, message)
    except Failed as failed:
        return failed.outcome
    except _Said as said:
        return _outcome(said.code)


def _sent(access: Access, message: Message) -> Outcome:
    token = _token(access)
    user = _asked(access, "user/getuserid", token, {"mobile": message.to}).get("userid")
    if not isinstance(user, str) or not user:
        return Outcome.UNKNOWN_THERE
    body = {
        "agentid": access.agent,
        "duplicate_check_interval": _TWICE_S,
        "enable_duplicate_check": 1,
        "msgtype": "text",
        "text": {"content": message.text},
        "touser": user,
    }
    answer = _asked(access, "message/send", token, body)
    return Outcome.UNKNOWN_THERE if answer.get("invaliduser") else Outcome.DELIVERED


def _token(access: Access) -> str:
    """A token that still holds: fetched once, kept in this process's memory."""
    with _held:
        kept = _tokens.get(_name(access))
        if kept is not None and kept[1] > time.monotonic():
            return kept[0]
    query = f"?corpid={quote(access.corp, safe='')}&corpsecret={quote(access.secret, safe='')}"
    answer = _read("GET", access, "gettoken", query, None)
    token, lasts = answer.get("access_token"), answer.get("expires_in")
    if not isinstance(token, str) or not token or not isinstance(lasts, int):
        raise Failed(Outcome.UNREADABLE)
    with _held:
        _tokens[_name(access)] = (token, time.monotonic() + max(0, lasts - _SOONER_S))
    return token


def _asked(access: Access, path: str, token: str, body: dict[str, Any]) -> dict[str, Any]:
    return _read("POST", access, path, f"?access_token={quote(token, safe='')}", body)


def _read(method: str, access: Access, path: str, query: str, body: dict[str, Any] | None) -> dict[str, Any]:
    """An answer whose errcode is 0. Raises _Said for another, Failed for none."""
    sent = orjson.dumps(body) if body is not None else None
    address = f"{access.address.rstrip('/')}/cgi-bin/{path}"
    headers = {"Content-Type": "application/json"}
    reply = exchange(method, address, sent, headers, intranet=access.intranet, query=query, within_s=EACH_S)
    try:
        answer = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        raise Failed(Outcome.UNREADABLE) from None
    code = answer.get("errcode", 0) if isinstance(answer, dict) else None
    if not isinstance(code, int):
        raise Failed(Outcome.UNREADABLE)
    if code != 0:
        raise _Said(code)
    return answer  # type: ignore[no-any-return]


def _outcome(code: int) -> Outcome:
    if code in _SECRET:
        return Outcome.SECRET_WRONG
    if code in _BUSY or code in _STALE:
        return Outcome.UNAVAILABLE
    return Outcome.UNKNOWN_THERE if code in _NOBODY else Outcome.REFUSED


def _name(access: Access) -> bytes:
    """Under which a token is kept: another secret has another."""
    return hashlib.sha256("\n".join((access.address, access.corp, access.secret)).encode()).digest()
