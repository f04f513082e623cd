"""Receipts through real gateways: only the addressee's own devices count, and two gateways make no doubles."""

from collections.abc import Callable
from uuid import UUID, uuid4

import orjson

from realtime.delivery.models import DeviceCursor
from realtime.feed.contract import Audience
from tests.realtime.gateway.conftest import centre, database, screen, start_gateway
from tests.realtime.gateway.forks import fork
from tests.realtime.gateway.screen import Screen
from tests.realtime.gateway.stage import DESK, DUTY, SENSITIVE, Centre, GatewayProcess, holds, in_thread, until_true

__all__ = ["centre", "database", "screen", "start_gateway"]  # fixtures of the gateway's tests

UNIT = f"unit:{UUID(int=9)}"
BEATS = {"beat_s": 0.5, "beat_slots": 5}
SENT = Audience.of(["place:330199/001", UNIT], DESK)


async def receipts(of: Centre) -> list[tuple[str, str]]:
    """Name and first device of each receipt fact."""
    told = [orjson.loads(fact.bytes) for fact in await of.facts() if fact.object_kind == "receipt"]
    return [(fact["name"], fact["body"]["device"]) for fact in told]


async def test_receipts_come_from_the_addressees_own_devices(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: Callable[..., Screen]
) -> None:
    gateway = start_gateway(limits=BEATS)
    cursor = await centre.cursor()
    duty = await screen(centre.identity(DUTY)).join(gateway.url, cursor)
    await centre.record(centre.change(uuid4(), SENT, addressed_to=UNIT))
    await duty.until_through(1)

    async def duty_is_kept() -> bool:
        return await in_thread(
            lambda: DeviceCursor.objects.filter(centre_id=centre.id, through=1, displayed=1).exists()
        )

    await until_true(duty_is_kept)  # the desk's device has drawn it, and that is no receipt
    assert await receipts(centre) == []

    liaison = await screen(centre.identity(holds((UNIT, SENSITIVE))), answers=False).join(gateway.url, cursor)
    phone = str(liaison.identity.device_id)
    await liaison.until_through(1)
    await liaison.say({"frame": "seen", "through": 1, "displayed": 0})
    await duty.until_through(2)
    assert await receipts(centre) == [("receipt.delivered", phone)]
    await liaison.say({"frame": "seen", "through": 2, "displayed": 1})
    await duty.until_through(3)
    assert await receipts(centre) == [("receipt.delivered", phone), ("receipt.displayed", phone)]
    card = duty.all("fact")[-1]["fact"]["card"]
    assert card["addressee"] == UNIT and card["displayed_at"] and card["open"] is False
    assert liaison.through == 3, "the addressee sees its own receipt, and makes none for it"


async def test_two_gateways_make_no_doubles(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: Callable[..., Screen]
) -> None:
    gateways = [start_gateway(limits=BEATS), start_gateway(limits=BEATS)]
    cursor = await centre.cursor()
    liaisons = [
        await screen(centre.identity(holds((UNIT, SENSITIVE)))).join(gateway.url, cursor)
        for gateway in gateways
        for _ in range(2)
    ]
    for _ in range(3):
        await centre.record(*(centre.change(uuid4(), SENT, addressed_to=UNIT) for _ in range(10)))
    for liaison in liaisons:
        await liaison.until_through(30 + 60)
    told = [name for name, _ in await receipts(centre)]
    assert (told.count("receipt.delivered"), told.count("receipt.displayed")) == (30, 30)


async def test_what_waited_while_no_gateway_ran_is_receipted(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: Callable[..., Screen]
) -> None:
    """The order was sent before the gateway's time; the phone has it from a snapshot."""
    await centre.record(centre.change(uuid4(), SENT, addressed_to=UNIT))
    gateway = start_gateway(limits=BEATS)
    liaison = await screen(centre.identity(holds((UNIT, SENSITIVE)))).join(gateway.url, await centre.cursor())
    await liaison.until_through(3)
    assert [name for name, _ in await receipts(centre)] == ["receipt.delivered", "receipt.displayed"]


async def test_a_lost_history_leaves_no_marks_behind(
    start_gateway: Callable[..., GatewayProcess], centre: Centre, screen: Callable[..., Screen]
) -> None:
    """A seq of the lost history was addressed to one unit; in the new history it is another's: no wrong receipt."""
    gateway = start_gateway(limits=BEATS)
    other = f"unit:{UUID(int=10)}"
    both = Audience.of([UNIT, other], DESK)
    here = await centre.cursor()
    liaison = await screen(centre.identity(holds((UNIT, SENSITIVE))), answers=False).join(gateway.url, here)
    await centre.shows(UNIT, DESK)
    await centre.record(centre.change(uuid4(), both, addressed_to=UNIT))
    await liaison.until_through(2)
    changes = [centre.change(uuid4(), both, addressed_to=other)]
    await in_thread(lambda: fork(centre, 1, changes))
    await liaison.until(lambda: liaison.last("reset"), "a reset")
    liaison.answers = True
    await liaison.hello(await centre.cursor())
    beats = len(liaison.all("beat"))
    await liaison.until(lambda: len(liaison.all("beat")) > beats + 4, "two seconds of answers")
    assert await receipts(centre) == []
