"""What the gateway does when a part beside it fails: PostgreSQL hung, Redis hung, history forked, itself restarted."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import redis.asyncio as redis
from django.conf import settings

from realtime.feed.anchors import open_epoch
from realtime.feed.contract import Audience
from tests.live.databases import server_of, through
from tests.live.processes import free_port, redis_process
from tests.live.wire import Wire
from tests.realtime.gateway.forks import fork
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import PUBLIC, ROOT_PLACE, Centre, GatewayProcess, in_thread, until_true

MakeScreen = Callable[..., Screen]
BEATS = {"beat_s": 0.5, "beat_slots": 5, "drain_within_ms": 500}


@pytest.fixture
def wire(database: str) -> Iterator[Wire]:
    """A wire to PostgreSQL that can be stalled."""
    made = Wire(server_of(database))
    yield made
    made.close()


async def test_a_hung_database_shows_as_an_ageing_verified_at(
    start_gateway: Callable[..., GatewayProcess], database: str, wire: Wire, centre: Centre, screen: MakeScreen
) -> None:
    wired = start_gateway(limits=BEATS | {"healthy_within_s": 2}, RELAY_DATABASE_URL=through(database, wire.port))
    duty = await screen(centre.identity()).join(wired.url, await centre.cursor())
    await centre.shows()
    await duty.until_through(1)

    async def healthy() -> bool:
        return (await wired.health()).status_code == 200

    await until_true(healthy)
    wire.stall()
    await centre.shows()

    def age() -> timedelta:
        beat = duty.last("beat")
        assert beat is not None
        return datetime.fromisoformat(beat["server_time"]) - datetime.fromisoformat(beat["verified_at"])

    await duty.until(lambda: duty.last("beat") and age() > timedelta(seconds=3), "an old verified_at")
    assert duty.closed is None and duty.through == 1
    answer = await wired.health()
    assert answer.status_code == 503 and answer.json()["healthy"] is False
    wire.flow()
    await duty.until_through(2)
    await duty.until(lambda: duty.last("beat") and age() < timedelta(seconds=2), "a fresh verified_at")


async def test_a_cut_connection_is_made_again(
    start_gateway: Callable[..., GatewayProcess], database: str, wire: Wire, centre: Centre, screen: MakeScreen
) -> None:
    wired = start_gateway(limits=BEATS, RELAY_DATABASE_URL=through(database, wire.port))
    duty = await screen(centre.identity()).join(wired.url, await centre.cursor())
    for seq in range(1, 4):
        wire.cut()
        await centre.shows()
        await duty.until_through(seq)
    assert duty.closed is None and duty.got == {1, 2, 3}


async def test_a_wake_up_makes_the_next_look_sooner(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen, tmp_path: Path
) -> None:
    """A tail that sleeps for a minute hears of a fact within a second. Anything else on the channel is passed over."""
    own = redis_process(free_port(), tmp_path)
    own.start()
    url = f"redis://127.0.0.1:{own.command[2]}/0"
    client = redis.Redis.from_url(url)
    try:
        sleepy = start_gateway(limits={"tail_interval_s": 60}, RELAY_REDIS_URL=url)
        duty = await screen(centre.identity()).join(sleepy.url, await centre.cursor())

        async def subscribed() -> bool:
            return bool((await client.pubsub_numsub("relay60:wake"))[0][1])

        await until_true(subscribed)
        await centre.shows()
        for rubbish in ("", "hello", "a b c", f"{uuid4()} 1 1", f"{centre.id} 1 x"):
            await client.publish("relay60:wake", rubbish)
        await client.publish("relay60:wake", f"{centre.id} 1 1")
        await duty.until_through(1, within_s=10)
    finally:
        await client.aclose()
        own.kill()


async def test_a_hung_or_stopped_redis_costs_nothing_but_the_wake_up(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen, tmp_path: Path
) -> None:
    own = redis_process(free_port(), tmp_path)
    own.start()
    try:
        near = start_gateway(limits=BEATS, RELAY_REDIS_URL=f"redis://127.0.0.1:{own.command[2]}/0")
        duty = await screen(centre.identity()).join(near.url, await centre.cursor())
        for seq, harm in enumerate((own.pause, own.resume, own.kill, own.start), start=1):
            await asyncio.to_thread(harm)
            await centre.shows()
            await duty.until_through(seq, within_s=10)
            beats = len(duty.all("beat"))
            await duty.until(lambda beats=beats: len(duty.all("beat")) > beats, "beats go on")
    finally:
        own.kill()


async def test_a_drain_sends_screens_away_and_they_come_back(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    first = start_gateway(limits=BEATS)
    duties = [await screen(centre.identity()).join(first.url, await centre.cursor()) for _ in range(8)]
    await centre.shows()
    for duty in duties:
        await duty.until_through(1)
    stopping = asyncio.to_thread(first.process.stop)
    told = asyncio.create_task(stopping)
    moments = []
    for duty in duties:
        assert await duty.until_closed() == 1012
        moments.append(asyncio.get_running_loop().time())
        assert duty.all("drain") == [{"frame": "drain", "reconnect_within_ms": 500}]
    await asyncio.wait_for(told, 15)
    assert "Traceback" not in first.process.log_tail(), first.process.log_tail()
    await centre.shows()
    await asyncio.to_thread(first.process.start)
    for duty in duties:
        await duty.join(first.url, duty.cursor)
        await duty.until_through(2)
        assert duty.got == {2}


async def test_a_killed_gateway_comes_back_without_a_gap(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    mortal = start_gateway(limits=BEATS)
    duty = await screen(centre.identity()).join(mortal.url, await centre.cursor())
    await centre.shows()
    await duty.until_through(1)
    await asyncio.to_thread(mortal.process.kill)
    assert await duty.until_closed() == 1006
    await centre.shows()
    await asyncio.to_thread(mortal.process.start)
    await duty.join(mortal.url, duty.cursor)
    await duty.until_through(2)
    assert duty.got == {2} and len(duty.store) == 2


@pytest.mark.parametrize("again", [0, 1, 3], ids=["behind", "level", "beyond"])
async def test_a_forked_history_resets_its_screens(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen, again: int
) -> None:
    """The head falls behind the tail, stands level with another hash, or has already run past it."""
    duty = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    for _ in range(3):
        await centre.shows()
    await duty.until_through(3)
    lost = duty.cursor
    changes = [centre.change(uuid4(), Audience.of([ROOT_PLACE], PUBLIC)) for _ in range(again)]
    await in_thread(lambda: fork(centre, 2, changes))
    reset = await duty.until(lambda: duty.last("reset"), "a reset")
    assert reset["reason"] == "hash"
    await duty.hello(await centre.cursor())
    await duty.until(lambda: len(duty.all("welcome")) == 2, "a second welcome")
    await duty.leave()
    assert lost is not None
    await duty.open(gateway.url)
    await duty.hello(lost)
    reset = await duty.until(lambda: len(duty.all("reset")) == 2 and duty.last("reset"), "a reset by the cursor")
    assert reset["reason"] in ("hash", "future")


async def test_a_new_epoch_resets_its_screens(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    duty = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    await centre.shows()
    await duty.until_through(1)
    await in_thread(lambda: open_epoch(centre.id))
    reset = await duty.until(lambda: duty.last("reset"), "a reset")
    assert reset["reason"] == "epoch"
    await duty.hello(await centre.cursor())
    await duty.until(lambda: len(duty.all("welcome")) == 2, "a second welcome")
    await centre.shows()
    await duty.until_through(3)


async def test_a_new_epoch_is_told_even_where_the_feed_is_shorter(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    """A restored backup in a new epoch, before anything happened in it."""
    duty = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    for _ in range(3):
        await centre.shows()
    await duty.until_through(3)
    await in_thread(lambda: fork(centre, 2, [], epoch=2))
    reset = await duty.until(lambda: duty.last("reset"), "a reset")
    assert reset["reason"] == "epoch"


async def test_two_gateways_tell_the_same(
    start_gateway: Callable[..., GatewayProcess], gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    other = start_gateway(limits=BEATS)
    cursor = await centre.cursor()
    one = await screen(centre.identity()).join(gateway.url, cursor)
    two = await screen(centre.identity()).join(other.url, cursor)
    for _ in range(5):
        await centre.shows()
    await one.until_through(5)
    await two.until_through(5)
    assert one.all("fact") == two.all("fact")
    await one.leave()
    await centre.shows()
    await one.join(other.url, one.cursor)
    await one.until_through(6)
    assert one.got == {6}


@pytest.fixture
async def recorder(
    start_gateway: Callable[..., GatewayProcess], certificate: tuple[Path, Path]
) -> AsyncIterator["Tap"]:
    """A TLS gateway, and a tap on the wire before it."""
    tap = Tap(start_gateway(tls=certificate, limits=BEATS))
    await tap.open()
    yield tap
    await tap.close()


class Tap:
    """Passes bytes on to a gateway and keeps what it answers."""

    def __init__(self, gateway: GatewayProcess) -> None:
        self.gateway = gateway
        self.answered = b""
        self.port = 0
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Begins to listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Ends it."""
        assert self._server is not None
        self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.gateway.port)

        async def up() -> None:
            while chunk := await reader.read(65_536):
                far_writer.write(chunk)
            far_writer.close()

        async def down() -> None:
            while chunk := await far_reader.read(65_536):
                self.answered += chunk
                writer.write(chunk)
            writer.close()

        await asyncio.gather(up(), down(), return_exceptions=True)


async def test_under_tls_frames_leave_encrypted(recorder: Tap, centre: Centre, screen: MakeScreen) -> None:
    """The direct path would put plain bytes between TLS records: the wire shows none, and the client takes all."""
    duty = await screen(centre.identity()).join(f"wss://127.0.0.1:{recorder.port}/live", await centre.cursor())
    for batch in range(5):
        await centre.record(*(centre.change(uuid4(), Audience.of([ROOT_PLACE], PUBLIC)) for _ in range(100)))
        await duty.until_through(100 * (batch + 1))
    assert duty.got == set(range(1, 501)) and duty.closed is None
    assert len(recorder.answered) > 50_000
    assert b'"frame"' not in recorder.answered and b"toy.moved" not in recorder.answered
    assert (await recorder.gateway.health()).status_code == 200
