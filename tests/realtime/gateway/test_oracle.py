"""The socket oracle: whatever happens, what a screen shows is what the feed says it may see.

A seeded schedule of facts, moves between scopes, lost connections, killed gateways, foreign cursors and changed rights,
over two gateways. At the end, and at every frame on the way, each screen is compared with the feed itself.
"""

import asyncio
import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest

from realtime.feed.contract import Audience, Change, Scope
from realtime.feed.queries import FactRow
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import (
    CONTROL,
    DESK,
    PUBLIC,
    ROOT_PLACE,
    SENSITIVE,
    Centre,
    GatewayProcess,
    RightsChanged,
    due_to,
    holds,
    state_at,
    ticket_of,
)

STEPS = 120
LIMITS = {"beat_s": 0.5, "beat_slots": 5, "ring_facts": 16, "replay_facts": 150, "drain_within_ms": 200}
UNITS = [f"unit:{UUID(int=n)}" for n in range(1, 4)]
PLACES = [ROOT_PLACE, *(f"{ROOT_PLACE}/00{n}" for n in range(1, 4)), f"{ROOT_PLACE}/001/01", f"{ROOT_PLACE}/0011"]
SCOPES = [
    holds((ROOT_PLACE, SENSITIVE)),
    holds((ROOT_PLACE, PUBLIC)),
    holds((f"{ROOT_PLACE}/001", DESK)),
    holds((UNITS[0], SENSITIVE)),
    holds((UNITS[1], DESK), (f"{ROOT_PLACE}/002", DESK)),
    holds((f"{ROOT_PLACE}/001/01", SENSITIVE), (ROOT_PLACE, PUBLIC)),
    Scope(()),
]


class Watcher:
    """One person in front of a screen, who comes back as a healthy client does."""

    def __init__(self, screen: Screen, centre: Centre) -> None:
        self.screen, self.centre = screen, centre
        self.began = 0  # the cursor that the present socket was welcomed with
        self.resets: list[str] = []

    async def come(self, url: str, cursor: dict[str, Any] | None) -> None:
        """Connects with a cursor; a reset is answered with a snapshot."""
        try:
            await self.screen.open(url)
        except OSError:
            return  # a gateway that is being restarted: the next turn tries again
        screen = self.screen
        frames = len(screen.frames)
        await screen.hello(cursor)
        news = lambda: screen.closed or screen.frames[frames:]  # noqa: E731
        await screen.until(news, "an answer to hello")
        if screen.closed:
            if screen.closed[0] == 4003:
                await self.come(url, screen.cursor)
            return
        if screen.frames[frames]["frame"] == "reset":
            self.resets.append(screen.frames[frames]["reason"])
            taken = await self.snapshot()
            frames = len(screen.frames)
            await screen.hello(taken)
            await screen.until(lambda: screen.closed or screen.frames[frames:], "an answer to the second hello")
        if not screen.closed:
            assert screen.frames[frames]["frame"] == "welcome", screen.frames[frames:]
            self.began = screen.frames[frames]["through"]

    async def snapshot(self) -> dict[str, Any]:
        """The feed's own state at its head, as GET /snapshot would give it, put into the screen's store."""
        facts = await self.centre.facts()
        cursor = await self.centre.cursor(self.screen.identity.access_version)
        shown = state_at(facts, self.screen.identity.scope, cursor["seq"])
        self.screen.store = dict(shown)
        self.screen.known = {toy: version for toy, (version, _) in shown.items()}
        return cursor

    def check(self, facts: list[FactRow]) -> None:
        """Every frame so far: its hash is the feed's, nothing that was due before it is missing or doubled."""
        screen = self.screen
        scope = screen.identity.scope
        due = due_to(facts, scope, self.began, screen.through)
        assert sorted(screen.got) == due, "through has passed a fact that was not sent"
        told = 0
        for through, piece in screen.through_log:
            assert through >= told, "through went back"
            told = through
            if through:
                assert piece == facts[through - 1].hash[:8].hex()
        assert screen.defects == 0
        if screen.through >= 0:
            assert screen.store == state_at(facts, scope, screen.through)


class Schedule:
    """What happens, by a seed."""

    def __init__(self, seed: int, centre: Centre, gateways: list[GatewayProcess], watchers: list[Watcher]) -> None:
        self.random = random.Random(seed)
        self.centre, self.gateways, self.watchers = centre, gateways, watchers
        self.toys: dict[UUID, Audience] = {}
        self.access: dict[str, int] = {}

    def url(self) -> str:
        """Either gateway."""
        return self.random.choice(self.gateways).url

    def audience(self) -> Audience:
        """A place, and perhaps a unit or two."""
        tokens = [self.random.choice(PLACES), *self.random.sample(UNITS, self.random.choice([0, 0, 1, 2]))]
        return Audience.of(tokens, self.random.choice([PUBLIC, DESK, SENSITIVE]))

    def moves(self) -> list[Change]:
        """One to four changes: new toys, toys that move, toys that close for good."""
        changes = []
        for _ in range(self.random.randint(1, 4)):
            toy = self.random.choice([uuid4(), *self.toys]) if self.toys else uuid4()
            before, after = self.toys.get(toy), self.audience()
            if before is not None and self.random.random() < 0.3:
                after = before
            self.toys[toy] = after
            card = {"open": self.random.random() > 0.15, "step": self.random.randrange(1000)}
            changes.append(self.centre.change(toy, after, before, card=card))
        return changes

    async def step(self) -> None:
        """The next thing that happens."""
        dice = self.random.random()
        watcher = self.random.choice(self.watchers)
        if dice < 0.62:
            await self.centre.record(*self.moves())
        elif dice < 0.70:
            for _ in range(8):
                await self.centre.record(*self.moves())
        elif dice < 0.86:
            await watcher.screen.leave()
            watcher.check(await self.centre.facts())
            await watcher.come(self.url(), watcher.screen.cursor)
        elif dice < 0.92:
            await self.foreign(watcher)
        elif dice < 0.97:
            await self.rights(watcher)
        else:
            gateway = self.random.choice(self.gateways)
            await asyncio.to_thread(self.random.choice([gateway.process.kill, gateway.process.stop]))
            await asyncio.to_thread(gateway.process.start)
            await self.come_back()

    async def foreign(self, watcher: Watcher) -> None:
        """A cursor of another history: it must end in a reset, never in a screen that is wrong."""
        await watcher.screen.leave()
        watcher.check(await self.centre.facts())
        cursor = await self.centre.cursor(watcher.screen.identity.access_version)
        change = self.random.choice(
            [{"hash": "0123456789abcdef"}, {"epoch": 7}, {"seq": cursor["seq"] + 1000}, {"access_version": 99}]
        )
        before = len(watcher.resets)
        await watcher.come(self.url(), cursor | change)
        assert watcher.screen.closed or len(watcher.resets) == before + 1

    async def rights(self, watcher: Watcher) -> None:
        """Somebody's rights change: the socket closes, and the new scope begins with a snapshot."""
        old = watcher.screen.identity
        version = old.access_version + 1
        person = UUID(old.principal.partition(":")[2])
        await self.centre.record(Change(RightsChanged(object_id=person, version=version), None, CONTROL))
        if watcher.screen.closed is None:
            assert await watcher.screen.until_closed() == 4003
        watcher.check(await self.centre.facts())
        watcher.screen.identity = replace(old, scope=self.random.choice(SCOPES), access_version=version)
        watcher.screen.ticket = ticket_of(watcher.screen.identity)
        await watcher.come(self.url(), watcher.screen.cursor)

    async def come_back(self) -> None:
        """Whoever lost a socket comes back by its cursor."""
        for watcher in self.watchers:
            if watcher.screen.closed is None:
                continue
            watcher.check(await self.centre.facts())
            await watcher.come(self.url(), watcher.screen.cursor)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow), pytest.param(3, marks=pytest.mark.slow)])
async def test_screens_show_what_the_feed_says(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: Callable[..., Screen], seed: int
) -> None:
    gateways = [start_gateway(limits=LIMITS), start_gateway(limits=LIMITS)]
    watchers = [Watcher(screen(centre.identity(scope)), centre) for scope in [*SCOPES, *SCOPES[:3]]]
    schedule = Schedule(seed, centre, gateways, watchers)
    for watcher in watchers:
        await watcher.come(schedule.url(), None)
    for _ in range(STEPS):
        await schedule.step()
    await schedule.come_back()
    facts = await centre.facts()
    for watcher in watchers:
        await watcher.screen.until_through(len(facts))
        watcher.check(facts)
        assert watcher.screen.store == state_at(facts, watcher.screen.identity.scope, len(facts))
    assert len(facts) > 150 and any(watcher.resets for watcher in watchers)
