"""What must not cost a query is done while PostgreSQL is out of reach: the plainest proof there is."""

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.live.databases import server_of, through
from tests.live.wire import Wire
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import WALL, Centre, GatewayProcess

MakeScreen = Callable[..., Screen]


@pytest.fixture
def wire(database: str) -> Iterator[Wire]:
    """A wire to PostgreSQL that can be stalled."""
    made = Wire(server_of(database))
    yield made
    made.close()


async def test_hellos_replays_and_renewals_need_no_database(
    start_gateway: Callable[..., GatewayProcess], database: str, wire: Wire, centre: Centre, screen: MakeScreen
) -> None:
    """Forty screens come back after a restart, behind by three facts, and get new tickets: all from memory."""
    wired = start_gateway(
        limits={"beat_s": 0.5, "beat_slots": 5, "ticket_renew_s": 0.5}, RELAY_DATABASE_URL=through(database, wire.port)
    )
    cursor = await centre.cursor()
    for _ in range(3):
        await centre.shows()
    first = await screen(centre.identity()).join(wired.url, cursor)
    await first.until_through(3)
    wire.stall()
    screens = [screen(centre.identity(WALL)) for _ in range(40)]
    await asyncio.gather(*(one.join(wired.url, cursor) for one in screens))
    for one in screens:
        await one.until_through(3)
        assert one.got == {1, 2, 3}
        await one.until(lambda one=one: one.last("ticket"), "a renewed ticket")
    assert (await wired.health()).json()["sockets"] == 41


async def test_a_gateway_that_cannot_judge_sends_away_politely(
    start_gateway: Callable[..., GatewayProcess], database: str, wire: Wire, centre: Centre, screen: MakeScreen
) -> None:
    """Its first hello of a centre needs the head: without PostgreSQL the screen is told to come back."""
    wire.stall()
    wired = start_gateway(limits={"query_timeout_s": 0.3}, RELAY_DATABASE_URL=through(database, wire.port))
    early = await screen(centre.identity()).open(wired.url)
    await early.hello(await centre.cursor())
    assert await early.until_closed() == 1012
    assert (await wired.health()).status_code == 503
    wire.flow()
    await early.join(wired.url, await centre.cursor())


async def test_a_cursor_that_cannot_be_looked_up_is_not_reset(
    start_gateway: Callable[..., GatewayProcess], database: str, wire: Wire, centre: Centre, screen: MakeScreen
) -> None:
    """While PostgreSQL is out of reach a newer cursor may well be right: a reset would empty the screen for nothing."""
    wired = start_gateway(RELAY_DATABASE_URL=through(database, wire.port))
    await screen(centre.identity()).join(wired.url, await centre.cursor())
    wire.stall()
    await centre.shows()
    newer = await screen(centre.identity()).open(wired.url)
    await newer.hello(await centre.cursor())
    assert await newer.until_closed() == 1012
    assert newer.last("reset") is None
