"""Whatever is killed, and whenever: nothing that was answered is lost, and no screen is wrong."""

import os
import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest

from tests.faults.actors import (
    Actor,
    Ledger,
    all_that_was_answered_is_there,
    desk_work,
    each_fired_once,
    the_feed_is_whole,
    unit_work,
)
from tests.faults.own_cluster import OwnCluster, own_cluster
from tests.live import Person, Product, Screen, Template, wait_for

SEED: Final = "RELAY_FAULT_SEED"  # the same seed is the same schedule
VICTIMS: Final = ("gateway", "worker", "timer", "redis", "postgresql")
STRIKES: Final = 12


@dataclass(frozen=True, slots=True)
class Strike:
    """Who is killed how long after the last one was back, and for how long it stays away."""

    after_s: float
    victim: str
    away_s: float


def schedule(seed: int, strikes: int) -> list[Strike]:
    """Every victim at least once, then as it falls. The same for the same seed."""
    chance = random.Random(seed)  # a schedule, not a secret
    victims = [*VICTIMS, *chance.choices(VICTIMS, k=strikes - len(VICTIMS))]
    chance.shuffle(victims)
    return [Strike(chance.uniform(0.2, 3.0), victim, chance.choice([0.0, 0.5, 2.0])) for victim in victims]


def test_the_same_seed_is_the_same_schedule() -> None:
    assert schedule(7, STRIKES) == schedule(7, STRIKES)
    assert schedule(7, STRIKES) != schedule(8, STRIKES)
    assert {strike.victim for strike in schedule(7, STRIKES)} == set(VICTIMS)


@dataclass(slots=True)
class Shift:
    """People at work, and screens that watch them."""

    ledger: Ledger
    actors: Sequence[Actor]
    screens: Sequence[Screen]
    centre_id: str
    nearly_due: Sequence[str]

    def goes_on(self, *, by: int) -> None:
        """Returns when so many commands more were answered."""
        before = len(self.ledger.done)
        wait_for(lambda: len(self.ledger.done) >= before + by, "work that goes on", within_s=60)

    def is_whole(self, product: Product) -> None:
        """All promises, once everybody has come to rest."""
        for actor in self.actors:
            actor.join()
        product.until_healthy()
        each_fired_once(product, self.nearly_due)
        all_that_was_answered_is_there(product, self.centre_id, self.ledger)
        for screen in self.screens:
            screen.until_live()
            screen.is_right()
        the_feed_is_whole(product)


@contextmanager
def at_work(product: Product, *, due_in_s: Sequence[float]) -> Iterator[Shift]:
    """Two officers and three units at work, and watched; some issues that nobody touches fall due meanwhile."""
    lead = product.person("lead")
    item = lead.an_item_for("law_enforcement")
    nearly_due = []
    for left in due_in_s:
        with product.long_ago(timedelta(minutes=60) - timedelta(seconds=left)):
            nearly_due.append(lead.reports(item, position=None).must().id)
    ledger = Ledger()
    screens = [product.screen(product.person(name)) for name in ("duty1", "chengguan", "leader")]

    def actor(username: str, work: Callable[[Person], Callable[[Actor], None]]) -> Actor:
        person = product.person(username)
        return Actor(person, ledger, work(person)).start()

    def desk(unit: str) -> Callable[[Person], Callable[[Actor], None]]:
        return lambda person: desk_work(item, person.unit(unit))

    def at_unit(_: Person) -> Callable[[Actor], None]:
        return unit_work

    actors = [
        actor("duty1", desk("law_enforcement")),
        actor("duty2", desk("power")),
        *(actor(name, at_unit) for name in ("chengguan", "power")),
    ]
    shift = Shift(ledger, actors, screens, lead.centre_id, nearly_due)
    try:
        yield shift
    finally:
        for one in actors:
            one.ends.set()


@pytest.mark.slow
def test_a_gateway_killed_at_work_costs_nobody_an_answer(product: Product) -> None:
    with at_work(product, due_in_s=[4]) as shift:
        for process in (product.gateway, product.timer):
            shift.goes_on(by=5)
            process.kill()
            process.start()
        shift.is_whole(product)


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[tuple[Product, OwnCluster]]:
    """A product whose every part may die, its PostgreSQL too."""
    with (
        own_cluster(tmp_path / "cluster") as cluster,
        Template.make(cluster.addresses, "test_mortal", tmp_path / "template") as template,
    ):
        product = Product(template, tmp_path / "product")
        try:
            yield product.start(), cluster
        finally:
            product.close()


@pytest.mark.slow
def test_killed_at_random_under_load(mortal: tuple[Product, OwnCluster]) -> None:
    product, cluster = mortal
    seed = int(os.environ.get(SEED) or random.SystemRandom().randrange(1_000_000))
    strikes = schedule(seed, STRIKES)
    print(f"{SEED}={seed}", *strikes, sep="\n  ")  # a failure is told with its seed
    rest = threading.Event()
    with at_work(product, due_in_s=[5, 10, 15, 20, 25, 30, 40, 50]) as shift:
        for strike in strikes:
            rest.wait(strike.after_s)
            if strike.victim == "postgresql":
                cluster.kill()
                rest.wait(strike.away_s)
                cluster.start()
            else:
                process = getattr(product, strike.victim)
                process.kill()
                rest.wait(strike.away_s)
                process.start()
            for name in ("gateway", "timer", "worker"):  # an operator's keeper would: they may end with the database
                getattr(product, name).start()
        shift.goes_on(by=10)  # all work again, not only live
        shift.is_whole(product)
    assert shift.ledger.repeats > 0, "nobody ever lost an answer: nothing was proved"
