"""Facts of the bench, recorded by the real feed: one object at one cell of the bench's district, its card stamped."""

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar
from uuid import UUID, uuid4

from django.db import transaction

from bench.county import CELLS
from realtime.feed import clock
from realtime.feed.actions import once, open_centre, record
from realtime.feed.contract import Audience, AudienceClass, Change, Command, Json, Scope


@dataclass(frozen=True, slots=True)
class BenchMoved:
    """Something happened at a cell. The card is as large as an issue's, and says when it was made."""

    name: ClassVar[str] = "bench.moved"
    object_kind: ClassVar[str] = "bench"
    object_id: UUID
    cell: str
    stamp_us: int  # monotonic clock of this machine

    @property
    def version(self) -> int:
        """Every fact of the bench is about an object of its own."""
        return 1

    @property
    def card(self) -> Mapping[str, Json]:
        """An issue's card in size and shape."""
        return {
            "number": "990101-20261102-0001",
            "item": "B0307",
            "level": 3,
            "urgent": False,
            "sensitive": False,
            "state": "reported",
            "open": True,
            "round": 1,
            "cell": self.cell,
            "channel": "hotline_12345",
            "reported_at": "2026-11-02T01:02:03.000004Z",
            "stamp": self.stamp_us,
        }

    def body(self) -> Mapping[str, Json]:
        """Nothing that the card does not say."""
        return {}


@dataclass(frozen=True, slots=True)
class BenchActor:
    """Acts for one bench centre; may do anything there."""

    centre_id: UUID
    principal: str = "system:bench"
    scope: Scope = field(default_factory=lambda: Scope(()))

    def scope_for(self, right: str) -> Scope:
        """All of it."""
        return self.scope

    def must(
        self, right: str, *, unit_id: UUID | None = None, place: str | None = None, about: Audience | None = None
    ) -> None:
        """Holds every right."""


def new_centre() -> UUID:
    """A centre that is nothing but a feed."""
    centre_id = uuid4()
    open_centre(centre_id)
    return centre_id


@transaction.atomic(durable=True)
def happen(centre_id: UUID, cells: Sequence[str]) -> None:
    """One action that records a fact at each cell (1 to 200), as every action does: key, time, record.

    The stamp is read first: latencies measured from it include the whole transaction and its commit.
    """
    stamp_us = time.monotonic_ns() // 1_000
    key = uuid4().hex
    cmd = Command(BenchActor(centre_id), key, hashlib.sha256(key.encode()).digest())
    once(cmd)
    at = clock.at(None)
    changes = [
        Change(BenchMoved(uuid4(), cell, stamp_us), None, Audience.of([f"place:{cell}"], AudienceClass.PUBLIC))
        for cell in cells
    ]
    record(cmd, *changes, at=at)


def sample_frame() -> dict[str, object]:
    """The frame that a screen gets for such a fact, for peers that are handed it ready-made."""
    fact = BenchMoved(uuid4(), CELLS[0], 0)
    return {
        "frame": "fact",
        "epoch": 1,
        "through": 1,
        "hash": "0011223344556677",
        "fact": {
            "at": "2026-11-02T01:02:03.000004Z",
            "body": fact.body(),
            "card": dict(fact.card),
            "name": fact.name,
            "object": {"id": str(fact.object_id), "kind": fact.object_kind},
            "version": fact.version,
        },
    }
