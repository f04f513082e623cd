"""The first story with PostgreSQL killed and started again in the middle: a product and a server of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.own_cluster import OwnCluster, own_cluster
from tests.journeys.first_story import Five, from_report_to_closing
from tests.journeys.people import Lead
from tests.live import Product
from tests.live.product import Template

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[OwnCluster]:
    """A PostgreSQL that may die."""
    with own_cluster(tmp_path / "cluster") as cluster:
        yield cluster


@pytest.fixture
def product(cluster: OwnCluster, tmp_path: Path) -> Iterator[Product]:
    """In place of the test run's: the product of that server."""
    with Template.make(cluster.addresses, "test_mortal_story", tmp_path / "template") as template:
        product = Product(template, tmp_path / "product")
        try:
            yield product.start()
        finally:
            product.close()


def test_the_first_story_with_postgresql_restarted_in_the_middle(
    product: Product, cluster: OwnCluster, five: Five, lead: Lead
) -> None:
    def the_database_dies_and_comes_back() -> None:
        five.may_lose_the_line()
        lead.glass.may_lose_the_line()
        cluster.kill()
        five.say_that_they_are_stale()
        cluster.start()
        product.start()  # what ended with the database, as an operator's keeper would
        five.are_live()

    from_report_to_closing(product, five, in_the_middle=the_database_dies_and_comes_back)
    five.are_live()
    status, words = product.command("reconcile")
    assert status == 0, words
