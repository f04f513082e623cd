"""Fixtures that every part's tests share. Real PostGIS, real Redis; people are simulated, parts never."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_django
from django.core.management import call_command
from xdist.scheduler import LoadScopeScheduling

from command.units.models import Centre
from door.stamps import mark
from tests.live.databases import Cluster
from tests.live.product import Product, Template, test_database_of

logging.getLogger("httpx").setLevel(logging.WARNING)  # a line for each request drowns what a test says
NEXT_IS_LIVE = pytest.StashKey[bool]()
LIVE = ("tests/journeys/", "tests/faults/")
SHARED = Path(os.environ.get("RELAY_SHARED_DIR", Path(__file__).resolve().parents[2] / "shared"))


class BesideOneProduct(LoadScopeScheduling):
    """A file's tests stay in one process. Those of the live product share one: a second would make a second product."""

    def _split_scope(self, nodeid: str) -> str:
        return "live" if nodeid.startswith(LIVE) else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> BesideOneProduct:
    """What several processes share out the tests by."""
    return BesideOneProduct(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The live product's tests begin first: the process that had them last would work on when all others have ended."""
    items.sort(key=lambda item: not item.nodeid.startswith(LIVE))


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real input beside the project. Tests that read it are skipped, with this message, without it."""
    data = SHARED / "data"
    if not data.is_dir():
        pytest.skip(f"no real input at {data}")
    return data


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest_django.DjangoDbBlocker) -> None:
    """The tests' database, without what a run that was killed has left in one that is kept."""
    with django_db_blocker.unblock():
        if Centre.objects.exists():
            call_command("flush", verbosity=0, interactive=False)
    if stamp := os.environ.get("RELAY_TESTS_STAMP"):  # from `./relay test PATH`: it stands, and from what
        path, _, digest = stamp.rpartition("=")
        mark(Path(path), digest)


@pytest.fixture(scope="session")
def live_template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Template]:
    """A migrated and seeded database, made once per test run; products under test are copies of it."""
    name = test_database_of(os.environ.get("PYTEST_XDIST_WORKER", ""))
    with Template.make(Cluster.of_environment(), name, tmp_path_factory.mktemp("live")) as template:
        yield template


@pytest.fixture(scope="session")
def running_product(live_template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The whole product, one for the test run. Tests ask for `product`."""
    product = Product(live_template, tmp_path_factory.mktemp("product"))
    try:
        yield product
    finally:
        product.close()


@pytest.fixture
def product(running_product: Product, request: pytest.FixtureRequest) -> Iterator[Product]:
    """The running product, healthy; when the test ends its people leave and what it broke is put right.

    It rests while other tests run: its processes would take a tenth of the machine from them.
    """
    running_product.start().until_healthy()
    yield running_product
    running_product.everybody_leaves()
    if not request.session.stash.get(NEXT_IS_LIVE, True):
        running_product.stop()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Whether the next test needs the live product too: its fixture asks."""
    item.session.stash[NEXT_IS_LIVE] = nextitem is not None and nextitem.nodeid.startswith(LIVE)


@pytest.fixture
def own_product(live_template: Template, tmp_path: Path) -> Iterator[Product]:
    """A product for this test alone, which may break it for good."""
    product = Product(live_template, tmp_path / "product")
    try:
        yield product.start()
    finally:
        product.close()
