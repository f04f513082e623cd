"""Who is there when something breaks: a desk and a liaison of law enforcement, each before a live screen."""

from dataclasses import dataclass

import pytest

from tests.live import Person, Product, Screen


@dataclass(frozen=True, slots=True)
class AtWork:
    """A person with a live screen."""

    person: Person
    screen: Screen


@pytest.fixture
def desk(product: Product) -> AtWork:
    """A duty officer before the console."""
    person = product.person("duty1")
    return AtWork(person, product.screen(person))


@pytest.fixture
def liaison(product: Product) -> AtWork:
    """The liaison of law enforcement with a phone."""
    person = product.person("chengguan")
    return AtWork(person, product.screen(person))
