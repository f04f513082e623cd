"""A reader that does not keep up: no queue grows for it, the others notice nothing, it comes back by its cursor."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest

from realtime.feed.contract import Audience
from tests.realtime.gateway.raw import RawSocket
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import PUBLIC, ROOT_PLACE, Centre, GatewayProcess, ticket_of

MakeScreen = Callable[..., Screen]
EVERYONE = Audience.of([ROOT_PLACE], PUBLIC)
QUICK = {"beat_s": 0.5, "beat_slots": 5, "seen_stale_s": 2, "behind_limit_s": 2, "ring_facts": 64}


@pytest.fixture(scope="module")
def impatient(start_gateway: Callable[..., GatewayProcess]) -> GatewayProcess:
    """A gateway that gives slow readers four seconds instead of seventy-five."""
    return start_gateway(limits=QUICK)


def resident_bytes(gateway: GatewayProcess) -> int:
    """What the gateway's process holds in memory."""
    for line in Path(f"/proc/{gateway.process.pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    raise AssertionError("no VmRSS")


async def flood(centre: Centre, facts: int, card_bytes: int = 2_000) -> None:
    """Many large facts for everyone."""
    card = {"open": False, "padding": "x" * card_bytes}
    for begun in range(0, facts, 200):
        batch = range(min(200, facts - begun))
        await centre.record(*(centre.change(uuid4(), EVERYONE, card=card) for _ in batch))


@pytest.mark.slow
async def test_who_never_reads_costs_nothing(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    """20 MB of facts against one who never reads: the process does not grow by them, and others get all."""
    patient = start_gateway(limits=QUICK | {"seen_stale_s": 120, "behind_limit_s": 120})
    cursor = await centre.cursor()
    deaf = RawSocket(patient.port)
    deaf.hello(ticket_of(centre.identity()), cursor)
    reading = await screen(centre.identity()).join(patient.url, cursor)
    await flood(centre, 5_000)  # also fills the bounded memory of past facts
    await reading.until_through(5_000, within_s=60)
    before = resident_bytes(patient)
    await flood(centre, 5_000)
    await reading.until_through(10_000, within_s=60)
    assert reading.got == set(range(1, 10_001)) and reading.closed is None
    assert resident_bytes(patient) - before < 8_000_000, (
        "a queue grew"
    )  # of the 10 MB that came; an allocator keeps some
    assert 0 < deaf.unsent_bytes() < 150_000, "the kernel took more than a small buffer: SO_SNDBUF"
    deaf.close()


async def test_who_never_reads_is_dropped(impatient: GatewayProcess, centre: Centre, screen: MakeScreen) -> None:
    """A close can't be written to who does not read: the connection is reset."""
    cursor = await centre.cursor()
    deaf = RawSocket(impatient.port)
    deaf.hello(ticket_of(centre.identity()), cursor)
    await flood(centre, 400)
    await asyncio.to_thread(deaf.await_reset, 30.0)
    deaf.close()


async def test_who_stops_answering_gets_nothing_more_and_then_4008(
    impatient: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    """It reads, but answers no beat: an empty buffer proves nothing."""
    silent = await screen(centre.identity(), answers=False).join(impatient.url, await centre.cursor())
    assert await silent.until_closed() == 4008
    assert silent.closed == (4008, "too slow: come back with your cursor")


async def test_who_answers_again_is_brought_up(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    patient = start_gateway(limits=QUICK | {"behind_limit_s": 60})
    silent = await screen(centre.identity(), answers=False).join(patient.url, await centre.cursor())
    other = await screen(centre.identity()).join(patient.url, await centre.cursor())
    beats = lambda: len(silent.all("beat"))  # noqa: E731
    await asyncio.wait_for(_quiet(beats, 2.0), 30)
    welcome, probe = silent.last("welcome"), silent.last("beat")
    assert welcome is not None and probe is not None
    went_by = datetime.fromisoformat(probe["server_time"]) - datetime.fromisoformat(welcome["server_time"])
    assert went_by.total_seconds() > QUICK["seen_stale_s"], "it was not asked once more for a sign of life"
    for _ in range(3):
        await centre.shows()
    await other.until_through(3)
    assert silent.got == set(), "nothing is sent to who has gone silent"
    assert silent.through == 0, "and nothing unsent is claimed"
    await silent.say({"frame": "seen", "through": 0, "displayed": 0})
    await silent.until_through(3)
    assert silent.got == {1, 2, 3}


async def test_a_stalled_reader_goes_on_without_a_gap(
    start_gateway: Callable[..., GatewayProcess], centre: Centre
) -> None:
    """It stops reading in the middle of a flood and goes on: each fact comes once, in order, none is cut in two."""
    patient = start_gateway(limits=QUICK | {"seen_stale_s": 60, "behind_limit_s": 60})
    stalled = RawSocket(patient.port)
    stalled.hello(ticket_of(centre.identity()), await centre.cursor())
    await flood(centre, 1_000)
    seqs = await asyncio.to_thread(stalled.read_facts_up_to, 1_000, 30.0)
    assert seqs == list(range(1, 1_001))
    stalled.close()


async def _quiet(count: Callable[[], int], for_s: float) -> None:
    """Returns when a count has not changed for a while."""
    pause = asyncio.Event()
    last = -1
    while last != count():
        last = count()
        try:
            await asyncio.wait_for(pause.wait(), for_s)
        except TimeoutError:
            continue
