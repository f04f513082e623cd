"""What `/live` promises to one screen: docs/protocol.md. Real gateway, real PostgreSQL, real sockets."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from realtime.feed.contract import Audience, Change
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import (
    CONTROL,
    DESK,
    DUTY,
    PUBLIC,
    ROOT_PLACE,
    SENSITIVE,
    WALL,
    Centre,
    GatewayProcess,
    RightsChanged,
    SessionOver,
    holds,
    ticket_of,
    until_true,
)

MakeScreen = Callable[..., Screen]


async def test_a_fact_reaches_a_screen_in_its_stored_bytes(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    duty = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    toy = await centre.shows()
    await duty.until(lambda: duty.last("fact"), "the fact")
    (stored,) = await centre.facts()
    frame = duty.last("fact")
    assert frame is not None
    assert frame["fact"]["object"] == {"id": str(toy), "kind": "toy"}
    assert (frame["epoch"], frame["through"], frame["hash"]) == (1, 1, stored.hash[:8].hex())
    assert duty.store == {str(toy): (1, {"open": True, "step": 1})}


async def test_scope_decides_who_hears(gateway: GatewayProcess, centre: Centre, screen: MakeScreen) -> None:
    """A fact goes to holders of an ancestor place whose ceiling reaches its class, and to the named unit."""
    unit = f"unit:{uuid4()}"
    cursor = await centre.cursor()
    duty = await screen(centre.identity(DUTY)).join(gateway.url, cursor)
    wall = await screen(centre.identity(WALL)).join(gateway.url, cursor)
    town = await screen(centre.identity(holds(("place:330199/001", DESK)))).join(gateway.url, cursor)
    liaison = await screen(centre.identity(holds((unit, SENSITIVE)))).join(gateway.url, cursor)
    await centre.record(
        centre.change(uuid4(), Audience.of(["place:330199/001/02"], PUBLIC)),
        centre.change(uuid4(), Audience.of(["place:330199/001"], DESK)),
        centre.change(uuid4(), Audience.of(["place:330199/0012"], DESK)),
        centre.change(uuid4(), Audience.of(["place:330199/001", unit], SENSITIVE)),
        centre.change(uuid4(), CONTROL),
        centre.change(uuid4(), Audience.of([unit], PUBLIC)),
    )
    for one in (duty, wall, town, liaison):
        await one.until_through(6)
    assert duty.got == {1, 2, 3, 4}
    assert wall.got == {1}
    assert town.got == {1, 2}
    assert liaison.got == {4, 6}


async def test_what_leaves_the_scope_is_removed_without_a_card(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    here, there = Audience.of(["place:330199/001"], DESK), Audience.of(["place:330199/002"], DESK)
    town = await screen(centre.identity(holds(("place:330199/001", DESK)))).join(gateway.url, await centre.cursor())
    toy = uuid4()
    await centre.record(centre.change(toy, here))
    await town.until(lambda: town.store, "the toy")
    await centre.record(centre.change(toy, there, here))
    frame = await town.until(lambda: town.last("left_scope"), "left_scope")
    assert frame["object"] == {"id": str(toy), "kind": "toy"} and frame["version"] == 2
    assert "card" not in str(frame)
    assert town.store == {}
    await centre.record(centre.change(toy, here, there))
    await town.until_through(3)
    assert town.store == {str(toy): (3, {"open": True, "step": 3})}


async def test_a_beat_says_where_feed_clock_and_timer_stand(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    duty = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    await centre.shows()
    beat = await duty.until(lambda: next((b for b in duty.all("beat") if b["through"] == 1), None), "a beat at 1")
    assert beat["head"] == 1
    server, verified = (datetime.fromisoformat(beat[key]) for key in ("server_time", "verified_at"))
    assert timedelta(0) <= server - verified < timedelta(seconds=2)
    assert abs(datetime.now(UTC) - server) < timedelta(seconds=5)


async def test_a_reconnect_gets_exactly_what_was_missed(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    duty = await screen(centre.identity()).join(gateway.url, await centre.cursor())
    await centre.shows()
    await duty.until_through(1)
    await duty.leave()
    for _ in range(3):
        await centre.shows()
    await duty.join(gateway.url, duty.cursor)
    await duty.until_through(4)
    assert duty.got == {2, 3, 4} and duty.defects == 0


async def test_a_cursor_older_than_memory_is_served_from_the_feed(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    """The file's gateway keeps 64 facts at least, 127 at most: 420 are read back, ranges and rights of today."""
    cursor = await centre.cursor()
    first = await screen(centre.identity()).join(gateway.url, cursor)
    for _ in range(3):
        await centre.record(*(centre.change(uuid4(), Audience.of([ROOT_PLACE], PUBLIC)) for _ in range(140)))
    await first.until_through(420)
    late = await screen(centre.identity(WALL)).join(gateway.url, cursor)
    await late.until_through(420)
    assert late.got == set(range(1, 421))
    told = [frame["through"] for frame in late.all("fact") + late.all("left_scope")]  # a beat between them repeats one
    assert told == sorted(late.got)
    middle = {"epoch": 1, "seq": 200, "hash": (await centre.facts())[199].hash[:8].hex(), "access_version": 0}
    half = await screen(centre.identity(WALL)).join(gateway.url, middle)
    await half.until_through(420)
    assert half.got == set(range(201, 421))


async def test_a_cursor_that_does_not_continue_this_history_is_reset(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    for _ in range(3):
        await centre.shows()
    good = await centre.cursor()
    cases = {
        "none": None,
        "epoch": good | {"epoch": 2},
        "hash": good | {"hash": "00" * 8},
        "future": good | {"seq": 4},
        "access": good | {"access_version": 1},
    }
    for reason, cursor in cases.items():
        one = await screen(centre.identity()).open(gateway.url)
        await one.hello(cursor)
        reset = await one.until(lambda one=one: one.last("reset"), f"reset {reason}")
        assert reset["reason"] == reason
        await one.hello(good)  # the socket stays open for the hello with a snapshot's cursor
        await one.until(lambda one=one: one.last("welcome"), "a welcome after the reset")
    forked = good | {"seq": 2}
    one = await screen(centre.identity()).open(gateway.url)
    await one.hello(forked)
    assert (await one.until(lambda: one.last("reset"), "reset"))["reason"] == "hash"


async def test_a_cursor_too_far_back_gets_a_snapshot(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    old = await centre.cursor()
    for _ in range(4):
        await centre.record(*(centre.change(uuid4(), Audience.of([ROOT_PLACE], PUBLIC)) for _ in range(160)))
    one = await screen(centre.identity()).open(gateway.url)
    await one.hello(old)
    assert (await one.until(lambda: one.last("reset"), "reset"))["reason"] == "too_old"


async def test_a_snapshot_newer_than_the_tail_is_looked_up_before_it_is_refused(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    """With a tail that sleeps for a minute, only the look that the hello asks for can know the newer seq."""
    sleepy = start_gateway(limits={"tail_interval_s": 60}, RELAY_REDIS_URL="redis://127.0.0.1:1/0")
    await screen(centre.identity()).join(sleepy.url, await centre.cursor())
    await centre.shows()
    newer = await centre.cursor()
    assert newer["seq"] == 1
    await screen(centre.identity()).join(sleepy.url, newer)


async def test_the_tail_looks_by_itself_without_redis(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    alone = start_gateway(RELAY_REDIS_URL="redis://127.0.0.1:1/0")
    duty = await screen(centre.identity()).join(alone.url, await centre.cursor())
    took = []
    for seq in range(1, 9):
        await centre.shows()
        began = asyncio.get_running_loop().time()
        await duty.until_through(seq)
        took.append(asyncio.get_running_loop().time() - began)
    assert min(took) < 0.25 and sorted(took)[4] < 0.5  # two busy cores: the median is what is promised


async def test_changed_rights_close_with_4003_and_ended_sessions_with_4001(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    cursor = await centre.cursor()
    person, session = uuid4(), uuid4()
    changed = await screen(centre.identity(person=person)).join(gateway.url, cursor)
    ended = await screen(centre.identity(session=session)).join(gateway.url, cursor)
    other = await screen(centre.identity()).join(gateway.url, cursor)
    await centre.record(
        Change(RightsChanged(object_id=person, version=1), None, CONTROL),
        Change(SessionOver(object_id=session), None, CONTROL),
    )
    assert await changed.until_closed(5) == 4003
    assert await ended.until_closed(5) == 4001
    await other.until_through(2)
    assert other.closed is None and not other.got, "control facts are never sent"

    for old, code in ((changed, 4003), (ended, 4001)):  # their tickets would still be good for a quarter of an hour
        await old.open(gateway.url)
        await old.hello(cursor)
        assert await old.until_closed() == code

    renewed = await screen(centre.identity(person=person, access_version=1)).open(gateway.url)
    await renewed.hello(cursor)  # rights of then: what it holds may be more than it may see now
    assert (await renewed.until(lambda: renewed.last("reset"), "reset"))["reason"] == "access"
    await renewed.hello(await centre.cursor(access_version=1))
    await renewed.until(lambda: renewed.last("welcome"), "a welcome")


async def test_a_gateway_that_starts_later_knows_old_tickets(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    person, session = uuid4(), uuid4()
    said = f'{{"versions": {{"person:{person}": 3}}, "ended": ["{session}"]}}'
    later = start_gateway(TOY_ACCESS=said)
    for identity, code in (
        (centre.identity(person=person, access_version=2), 4003),
        (centre.identity(session=session), 4001),
    ):
        one = await screen(identity).open(later.url)
        await one.hello(await centre.cursor(identity.access_version))
        assert await one.until_closed() == code


async def test_tickets_are_ours_and_in_time(gateway: GatewayProcess, centre: Centre, screen: MakeScreen) -> None:
    cursor = await centre.cursor()
    forged = screen(centre.identity())
    forged.ticket = ticket_of(forged.identity, key="somebody else's")
    expired = screen(centre.identity())
    expired.ticket = ticket_of(expired.identity, lifetime=timedelta(seconds=-1))
    for one, code in ((forged, 4400), (expired, 4003)):
        await one.open(gateway.url)
        await one.hello(cursor)
        assert await one.until_closed() == code
        assert one.closed is not None and "ticket" in one.closed[1]


async def test_a_ticket_is_renewed_over_the_socket(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: MakeScreen
) -> None:
    quick = start_gateway(limits={"ticket_renew_s": 0.5, "beat_s": 0.5, "beat_slots": 5})
    duty = await screen(centre.identity()).join(quick.url, await centre.cursor())
    first = duty.ticket
    await duty.until(lambda: len(duty.all("ticket")) >= 2, "two tickets")
    assert duty.ticket != first
    await duty.leave()
    await duty.join(quick.url, duty.cursor)


async def test_a_session_that_expires_unasked_is_closed(
    gateway: GatewayProcess, centre: Centre, screen: MakeScreen
) -> None:
    ends = datetime.now(UTC) + timedelta(seconds=3)
    duty = await screen(centre.identity(session_expires_at=ends)).join(gateway.url, await centre.cursor())
    assert await duty.until_closed() == 4001


async def test_an_unknown_centre_is_refused(gateway: GatewayProcess, centre: Centre, screen: MakeScreen) -> None:
    nowhere = await screen(Centre().identity()).open(gateway.url)
    await nowhere.hello(None)
    assert await nowhere.until_closed() == 4400


async def test_health_tells_heads_and_times(gateway: GatewayProcess, centre: Centre) -> None:
    await centre.shows()

    async def well() -> bool:
        return bool((await gateway.health()).json()["healthy"])

    await until_true(well)  # the marks of timer and worker were set just now: the gateway has yet to read them

    async def seen() -> bool:
        answer = await gateway.health()
        assert answer.status_code == 200 and answer.json()["healthy"]
        mine = [head for head in answer.json()["head"] if head["centre"] == str(centre.id)]
        return mine == [{"centre": str(centre.id), "epoch": 1, "seq": 1}]

    await until_true(seen)
