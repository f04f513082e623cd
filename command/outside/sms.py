"""短信网关: a signed JSON POST to the centre's gateway, or to a small adapter before it. Source: docs/outside.md."""

import hashlib
import hmac
import time
from typing import Final

import orjson

from command.outside.contract import Access, Message, Outcome
from command.outside.http import Failed, exchange

_SAID: Final = {
    "accepted": Outcome.DELIVERED,
    "refused": Outcome.REFUSED,
    "unknown": Outcome.UNKNOWN_THERE,
    "busy": Outcome.UNAVAILABLE,
}


def send(access: Access, message: Message) -> Outcome:
    """Hands one message over. Never raises for what the other side does."""
    body = orjson.dumps(
        {
            "count": message.count,
            "key": message.key,
            "link": message.link,
            "number": message.number,
            "place": message.place,
            "text": message.text,
            "to": message.to,
        },
        option=orjson.OPT_SORT_KEYS,
    )
    at = str(int(time.time()))
    headers = {
        "Content-Type": "application/json",
        "Idempotency-Key": message.key,
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
