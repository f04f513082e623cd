"""Two small centres with accounts, and people who speak HTTP to them."""

from collections.abc import Callable
from uuid import uuid4

import pytest
from django.test import Client
from shapely import box

from command.access import PersonActor
from command.people.queries import actor_of_person
from demo.seed.centre import BuiltCentre, Plan, build_centre
from gis.grid.generation import Counts
from realtime.feed.contract import Command
from tests.command.office import Office

TINY = Counts(townships=1, communities=1, grids=2, micro_grids=4)
PASSWORD = "relay60-demo"

SignsIn = Callable[..., Client]


@pytest.fixture
def built(db: None) -> BuiltCentre:
    """A centre with every demonstration account; an administrator is among them."""
    return build_centre(Plan("330199", "河湾区综治中心", box(120.3, 30.6, 120.4, 30.7), TINY))


@pytest.fixture
def other(db: None) -> BuiltCentre:
    """A second centre in the same installation; its usernames begin with `o_`."""
    return build_centre(Plan("330198", "邻县综治中心", box(121.3, 30.6, 121.4, 30.7), TINY, prefix="o_"))


@pytest.fixture
def sign_in() -> SignsIn:
    """A browser that has signed in; `checks_csrf` makes it one that the server checks fully."""

    def browser(username: str, *, checks_csrf: bool = False) -> Client:
        client = Client(enforce_csrf_checks=checks_csrf)
        answer = client.post(
            "/api/v1/session", {"username": username, "password": PASSWORD}, content_type="application/json"
        )
        assert answer.status_code == 200, answer.content
        return client

    return browser


def actor(centre: BuiltCentre, username: str) -> PersonActor:
    """The actor of an account."""
    return actor_of_person(centre.people[username])


def command(centre: BuiltCentre, username: str, key: str | None = None) -> Command:
    """A command of an account, with a key of its own unless one is given."""
    return Command(actor(centre, username), key or str(uuid4()), b"test")


@pytest.fixture
def office(built: BuiltCentre, sign_in: SignsIn) -> Office:
    """The administrator of the first centre."""
    return Office(sign_in("admin"))
