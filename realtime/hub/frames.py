"""The bytes of every frame that the server sends. Their types and JSON schemas: realtime/gateway/frames.py.

Built by hand where a fact is inside: its stored bytes go on the wire as they are, never parsed and rendered again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import orjson

from realtime.hub.framing import Frame
from realtime.hub.position import Position

_UTC: Final = orjson.OPT_UTC_Z  # datetimes are aware and UTC: "…Z"


def fact(at: Position, body: bytes) -> Frame:
    """A fact: its stored bytes, unchanged."""
    return Frame(
        b'{"frame":"fact","epoch":%d,"through":%d,"hash":"%s","fact":%s}' % (at.epoch, at.seq, at.piece.encode(), body)
    )


def left_scope(at: Position, kind: str, object_id: UUID, version: int) -> Frame:
    """An object left what the connection may see: which, and at what version. No card."""
    return _frame(
        {
            "frame": "left_scope",
            "epoch": at.epoch,
            "through": at.seq,
            "hash": at.piece,
            "object": {"id": object_id, "kind": kind},
            "version": version,
        }
    )


def welcome(centre_id: UUID, at: Position, server_time: datetime, beat_s: float, access_version: int) -> Frame:
    """The hello matched; everything after `at` follows."""
    return _frame(
        {
            "frame": "welcome",
            "centre": centre_id,
            "epoch": at.epoch,
            "through": at.seq,
            "hash": at.piece,
            "server_time": server_time,
            "beat_s": beat_s,
            "access_version": access_version,
        }
    )


def reset(reason: str) -> Frame:
    """The cursor does not continue this history: clear the store, fetch a snapshot, say hello again."""
    return _frame({"frame": "reset", "reason": reason})


@dataclass(frozen=True, slots=True)
class Vitals:
    """When each part was last known to be well, by the database's clock."""

    server_time: datetime
    verified_at: datetime | None
    wrote_at: datetime | None
    timer_at: datetime | None
    worker_at: datetime | None


def beat(at: Position, head: int, vitals: Vitals) -> Frame:
    """Proof of life: where the connection stands, where the feed stands, when all was last known to be well."""
    return _frame(
        {
            "frame": "beat",
            "epoch": at.epoch,
            "through": at.seq,
            "hash": at.piece,
            "head": head,
            "server_time": vitals.server_time,
            "verified_at": vitals.verified_at,
            "wrote_at": vitals.wrote_at,
            "timer_at": vitals.timer_at,
            "worker_at": vitals.worker_at,
        }
    )


def ticket(signed: str, expires_at: datetime) -> Frame:
    """A renewed ticket for the next hello."""
    return _frame({"frame": "ticket", "ticket": signed, "expires_at": expires_at})


def drain(reconnect_within_ms: int) -> Frame:
    """The process is about to stop: reconnect after a random part of this time."""
    return _frame({"frame": "drain", "reconnect_within_ms": reconnect_within_ms})


def _frame(value: dict[str, object]) -> Frame:
    return Frame(orjson.dumps(value, option=_UTC))
