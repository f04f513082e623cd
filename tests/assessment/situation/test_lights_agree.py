"""The situation report and the screens see the same light on every card of a month: real facts, both real rules."""

import json
import random
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import pytest

from assessment.situation.histories import ClockSpan, counting_clock, seconds
from assessment.situation.reading import read_material
from command.settings import actions as settings
from dispatch.matter.clock_law import fire_due
from realtime.feed import clock
from realtime.feed.actions import wire_time
from realtime.feed.clock import shifted
from realtime.feed.queries import all_facts
from tests.dispatch import issue_verbs as issues
from tests.dispatch.clocks.test_recomputed import VERBS, open_now
from tests.dispatch.desk import GAS_LEAK, NOISE, STREET_LIGHT, Desk, make_desk

HOUR, DAY, MICROSECOND = timedelta(hours=1), timedelta(days=1), timedelta(microseconds=1)
MONTH: Final = 30
SCRIPT: Final = Path(__file__).parent / "screen_lights.mjs"
FRONTEND: Final = Path(__file__).parents[3] / "frontend"
KINDS: Final = ("issue", "order", "report")


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    """A month of a small centre: each day something is reported, and what is open goes on by some verb that is open."""
    chosen = random.Random(20261130)
    with shifted(-MONTH * DAY):
        desk = make_desk()
    alive: list[UUID] = []
    for day in range(MONTH):
        for hour in (9, 15):
            with shifted(-MONTH * DAY + day * DAY + hour * HOUR + chosen.randrange(3600) * timedelta(seconds=1)):
                fire_due()
                if day in (8, 16) and hour == 9:  # what runs keeps its share
                    settings.change("amber_share", 50 + day, expected=day // 8 - 1, cmd=desk.command("admin"))
                alive.append(desk.reported(chosen.choice([STREET_LIGHT, NOISE, GAS_LEAK])))
                for issue_id in chosen.sample(alive, min(5, len(alive))):
                    if verbs := [verb for verb in open_now(issue_id) if verb != "decline"]:  # of urgent ones the lead's
                        does(chosen.choice(verbs), desk, issue_id)
    fire_due()
    return desk


def does(verb: str, desk: Desk, issue_id: UUID) -> None:
    """One of the verbs; whatever the item, one unit has it in hand."""
    if verb != "dispatch":
        VERBS[verb](desk, issue_id)
        return
    settled: dict[str, Any] = {"expected": desk.version(issue_id), "cmd": desk.command("duty1")}
    issues.dispatch(issue_id, desk.unit("law_enforcement"), reason="按职责分工", **settled)


def told(desk: Desk) -> Iterator[tuple[str, Sequence[dict[str, Any]]]]:
    """At and clocks of every fact that shows clocks."""
    for fact in all_facts(desk.built.id):
        if fact.object_kind in KINDS:
            card = json.loads(fact.bytes)["card"]
            clocks = [card["clock"]] if fact.object_kind == "report" else card["clocks"]
            yield wire_time(fact.at), clocks


def moments(at: str, clocks: Sequence[dict[str, Any]]) -> list[str]:
    """When it was told, and around each instant that a card names; later too, as a wall that heard nothing since."""
    named = [datetime.fromisoformat(one[name]) for one in clocks for name in ("amber_at", "due_at") if one[name]]
    around = [moment + step for moment in named for step in (-MICROSECOND, 0 * MICROSECOND, MICROSECOND)]
    first = datetime.fromisoformat(at)
    return sorted({wire_time(one) for one in (*around, first, first + 12.5 * DAY, first + 40 * DAY)})


def on_screens(asked: Sequence[Any]) -> Any:
    """What the screens' own rule says."""
    node = shutil.which("node")
    assert node, "there is no node on PATH: run ./relay test"
    done = subprocess.run(
        [node, SCRIPT], input=json.dumps(asked), capture_output=True, text=True, cwd=FRONTEND, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_report_and_screens_agree_on_a_month(desk: Desk) -> None:
    """One month for both looks at it: to live it takes longer than to look."""
    every_card_has_one_light(desk)
    the_report_of_each_day_has_the_light_that_the_screens_had(desk)


def every_card_has_one_light(desk: Desk) -> None:
    """Whatever a card says, at every instant that it names."""
    asked = [(clocks, moments(at, clocks)) for at, clocks in told(desk)]
    seen: set[tuple[str, str, bool]] = set()
    for (clocks, instants), screens in zip(asked, on_screens(asked), strict=True):
        spans = [ClockSpan.of_card(card) for card in clocks]
        for at, (lights, counting) in zip(instants, screens, strict=True):
            moment = seconds(at)
            assert [span.light(moment).word for span in spans] == lights, (clocks, at)
            found = counting_clock(spans, moment)
            assert (found.id if found else None) == counting, (clocks, at)
            seen |= {(card["kind"], light, bool(card["light"])) for card, light in zip(clocks, lights, strict=True)}
    resting = {(light, kind) for kind, light, rests in seen if rests}
    assert {light for light, _ in resting} == {"green", "amber"}  # it was a month with all that there is
    assert {"relay_up", "dispatch", "handling_issue", "handling_order", "rework", "on_scene"} <= {
        kind for kind, light, _ in seen if light == "amber"
    }
    shares = {clock_share(card) for _, clocks in told(desk) for card in clocks if card["kind"] == "dispatch"}
    assert shares == {80, 58, 66}


def clock_share(card: dict[str, Any]) -> int:
    """From which share on a clock is amber, of a card."""
    left = datetime.fromisoformat(card["due_at"]) - datetime.fromisoformat(card["amber_at"])
    return round(100 - left.total_seconds() * 100 / card["allowance_s"])


def the_report_of_each_day_has_the_light_that_the_screens_had(desk: Desk) -> None:
    """Not of cards alone: what the report says of each issue at each midnight, read back from the feed."""
    now = clock.at(None)
    material = read_material(desk.built.id, desk.built.root, now - MONTH * DAY)
    cards: dict[str, list[tuple[float, list[dict[str, Any]]]]] = {}
    for fact in all_facts(desk.built.id):
        if fact.object_kind == "issue":
            shown = json.loads(fact.bytes)["card"]["clocks"]
            cards.setdefault(str(fact.object_id), []).append((fact.at.timestamp(), shown))
    asked, said = [], []
    for history in material.histories:
        for day in range(MONTH + 1):
            at = now - day * DAY
            issue = history.at(at.timestamp())
            if issue is not None and issue.open:
                shown = [clocks for told_at, clocks in cards[history.id] if told_at <= at.timestamp()][-1]
                asked.append((shown, [wire_time(at)]))
                found = issue.clock(at.timestamp())
                said.append([[span.light(at.timestamp()).word for span in issue.clocks], found.id if found else None])
    assert len(said) > 100
    assert [one for (one,) in on_screens(asked)] == said
