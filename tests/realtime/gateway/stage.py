"""Where the gateway's tests play: a centre with toys, tickets for anyone, and the feed's account of what happened."""

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from uuid import UUID, uuid4

import httpx
from django.conf import settings
from django.db import connection, transaction

from realtime.feed.actions import open_centre, record
from realtime.feed.clock import at
from realtime.feed.contract import Audience, AudienceClass, Change, Json, Pair, Scope
from realtime.feed.models import CompletedPass
from realtime.feed.queries import FactRow, all_facts, head
from realtime.gateway.tickets import Signer
from realtime.hub.connection import Identity
from realtime.hub.entry import audiences_of
from tests.live.processes import ROOT, Process, free_port
from tests.realtime.feed.toys import ToyMoved

T = TypeVar("T")
PUBLIC, DESK, SENSITIVE = AudienceClass.PUBLIC, AudienceClass.DESK, AudienceClass.SENSITIVE
ROOT_PLACE = "place:330199"


@dataclass(frozen=True, slots=True, kw_only=True)
class RightsChanged:
    """A control fact as command/people records it."""

    name: ClassVar[str] = "access.changed"
    object_kind: ClassVar[str] = "access"
    object_id: UUID
    version: int
    card: Mapping[str, Json] = field(default_factory=lambda: {"open": False})

    def body(self) -> Mapping[str, Json]:
        """The access version after the change."""
        return {"access_version": self.version}


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionOver:
    """A control fact as command/people records it."""

    name: ClassVar[str] = "session.ended"
    object_kind: ClassVar[str] = "session_end"
    object_id: UUID
    version: int = 1
    card: Mapping[str, Json] = field(default_factory=lambda: {"open": False})

    def body(self) -> Mapping[str, Json]:
        """Nothing more."""
        return {}


CONTROL = Audience.of([ROOT_PLACE], AudienceClass.CONTROL)


def holds(*pairs: tuple[str, AudienceClass]) -> Scope:
    """A scope of (token, ceiling) pairs."""
    return Scope(tuple(Pair(token, ceiling) for token, ceiling in pairs))


DUTY = holds((ROOT_PLACE, SENSITIVE))
WALL = holds((ROOT_PLACE, PUBLIC))


async def in_thread(work: Callable[[], T]) -> T:
    """Runs database work on a thread of its own, and leaves no connection behind."""

    def run() -> T:
        try:
            return work()
        finally:
            connection.close()

    return await asyncio.to_thread(run)


@dataclass
class Centre:
    """One centre's feed, as the tests write and read it."""

    id: UUID = field(default_factory=uuid4)
    versions: dict[UUID, int] = field(default_factory=dict)

    async def open(self) -> "Centre":
        """Begins its feed."""
        await in_thread(lambda: open_centre(self.id))
        await in_thread(_timer_and_worker_are_well)
        return self

    def change(
        self,
        toy: UUID,
        after: Audience,
        before: Audience | None = None,
        *,
        card: Mapping[str, Json] | None = None,
        addressed_to: str | None = None,
    ) -> Change:
        """The next change of a toy."""
        version = self.versions[toy] = self.versions.get(toy, 0) + 1
        fact = ToyMoved(object_id=toy, version=version, card=card or {"open": True, "step": version})
        return Change(fact, before, after, addressed_to)

    async def record(self, *changes: Change) -> None:
        """Commits changes as one transaction."""
        await in_thread(lambda: _record(self.id, changes))

    async def shows(self, token: str = ROOT_PLACE, audience_class: AudienceClass = PUBLIC, **more: Any) -> UUID:
        """Commits one new toy that `token` may see."""
        toy = uuid4()
        await self.record(self.change(toy, Audience.of([token], audience_class), **more))
        return toy

    async def facts(self) -> list[FactRow]:
        """The whole feed."""
        return await in_thread(lambda: list(all_facts(self.id)))

    async def cursor(self, access_version: int = 0) -> dict[str, Any]:
        """The head, as a client carries it."""
        now = await in_thread(lambda: head(self.id))
        return {"epoch": now.epoch, "seq": now.seq, "hash": now.hash[:8].hex(), "access_version": access_version}

    def identity(
        self,
        scope: Scope = DUTY,
        *,
        person: UUID | None = None,
        session: UUID | None = None,
        access_version: int = 0,
        session_expires_at: datetime | None = None,
        device: UUID | None = None,
    ) -> Identity:
        """Somebody of this centre."""
        return Identity(
            principal=f"person:{person or uuid4()}",
            session_id=session or uuid4(),
            session_expires_at=session_expires_at,
            device_id=device or uuid4(),
            centre_id=self.id,
            scope=scope,
            access_version=access_version,
        )


def _timer_and_worker_are_well() -> None:
    """Neither runs here; their marks stand far ahead."""
    for name in ("timer", "worker"):
        at_last = {"at": datetime.now(UTC) + timedelta(days=1)}
        CompletedPass.objects.update_or_create(name=name, defaults=at_last)


@transaction.atomic(durable=True)
def _record(centre_id: UUID, changes: tuple[Change, ...]) -> None:
    record(None, *changes, at=at(None), centre_id=centre_id)


def ticket_of(identity: Identity, *, lifetime: timedelta = timedelta(minutes=15), key: str | None = None) -> str:
    """A signed ticket, as POST /api/v1/ticket would give it."""
    signer = Signer(key or settings.SECRET_KEY, lifetime.total_seconds())
    return signer.issue(identity, datetime.now(UTC))[0]


def state_at(facts: list[FactRow], scope: Scope, seq: int) -> dict[str, tuple[int, Any]]:
    """What a screen with `scope` must show at `seq`: open objects whose latest fact it sees, id to (version, card)."""
    shown: dict[str, tuple[int, Any]] = {}
    for fact in facts:
        if fact.seq > seq:
            break
        _, after = audiences_of(fact.audience)
        card = json.loads(fact.bytes)["card"]
        if scope.sees(after) and card["open"]:
            shown[str(fact.object_id)] = (fact.version, card)
        else:
            shown.pop(str(fact.object_id), None)
    return shown


def due_to(facts: list[FactRow], scope: Scope, after: int, up_to: int) -> list[int]:
    """The seqs of all frames that a screen must have been sent: facts it sees, and objects that left its scope."""
    due = []
    for fact in facts:
        if after < fact.seq <= up_to:
            before_audience, after_audience = audiences_of(fact.audience)
            if scope.sees(after_audience) or (before_audience is not None and scope.sees(before_audience)):
                due.append(fact.seq)
    return due


async def until_true(look: Callable[[], Awaitable[bool]], within_s: float = 20) -> None:
    """Asks until the answer is yes. Raises TimeoutError."""
    async with asyncio.timeout(within_s):
        pause = asyncio.Event()
        while not await look():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(pause.wait(), 0.05)


class GatewayProcess:
    """A toy gateway as its own process."""

    def __init__(self, folder: Path, *, tls: tuple[Path, Path] | None = None, **variables: str) -> None:
        """variables   environment: RELAY_GATEWAY (limits, JSON), RELAY_REDIS_URL, TOY_ACCESS, …"""
        folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.scheme = "wss" if tls else "ws"
        words = ["--tls-cert", str(tls[0]), "--tls-key", str(tls[1])] if tls else []
        self.process = Process(
            "toy gateway",
            [sys.executable, "-m", "tests.realtime.gateway.toy_gateway", "--port", str(self.port), *words],
            os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])} | variables,
            folder / "gateway.log",
            ready=self._listens,
        )

    @property
    def url(self) -> str:
        """Where screens connect."""
        return f"{self.scheme}://127.0.0.1:{self.port}/live"

    async def health(self) -> httpx.Response:
        """`GET /healthz`."""
        async with httpx.AsyncClient(verify=False) as client:
            scheme = "https" if self.scheme == "wss" else "http"
            return await client.get(f"{scheme}://127.0.0.1:{self.port}/healthz", timeout=10)

    def _listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0
