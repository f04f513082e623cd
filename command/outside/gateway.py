"""A signed JSON POST to the centre's own gateway, or to a small adapter before it. Source: docs/outside.md."""

import hashlib
import hmac
import time
from typing import Any, Final

import orjson

from command.outside.contract import Access, Outcome
from command.outside.http import Failed, exchange

_SAID: Final = {
    "accepted": Outcome.DELIVERED,
    "refused": Outcome.REFUSED,
    "unknown": Outcome.UNKNOWN_THERE,
    "busy": Outcome.UNAVAILABLE,
}


def hand_over(access: Access, form: dict[str, Any]) -> Outcome:
    """Hands one message over; `form` has its `key`. Never raises for what the other side does."""
    body = orjson.dumps(form, option=orjson.OPT_SORT_KEYS)
    at = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": form["key"],
        "Relay-Timestamp": at,
        "Relay-Signature": signature(access.secret, at, body),
    }
    try:
        reply = exchange("POST", access.address, body, headers, intranet=access.intranet)
    except Failed as failed:
        return failed.outcome
    try:
        said = orjson.loads(reply.body)
    except orjson.JSONDecodeError:
        return Outcome.UNREADABLE
    result = said.get("result") if isinstance(said, dict) else None
    return _SAID.get(result, Outcome.UNREADABLE) if isinstance(result, str) else Outcome.UNREADABLE


def signature(secret: str, at: str, body: bytes) -> str:
    """`sha256=` and the HMAC-SHA256, in hexadecimal, of the timestamp, a dot and the body."""
    return "sha256=" + hmac.new(secret.encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
