"""W1's screens are the promise's: 40 district, 136 township, the rest one cell, about 60 deliveries a fact."""

from collections import Counter

from bench.county import CELLS, DISTRICT, TOWNSHIPS, deliveries, district_screens, mixed_screens


def test_a_thousand_screens_are_spread_as_promised() -> None:
    depths = Counter(path.count("/") for path in mixed_screens(1_000))
    assert depths == {0: 40, 1: 136, 2: 824}


def test_deliveries_are_counted_by_ancestors() -> None:
    screens = [DISTRICT, TOWNSHIPS[0], CELLS[0], CELLS[1]]
    assert deliveries([CELLS[0]], screens) == 3
    assert deliveries([CELLS[1], CELLS[-1]], screens) == 3 + 1
    assert deliveries([CELLS[5]], district_screens(7)) == 7


def test_fifty_facts_a_second_are_about_three_thousand_deliveries() -> None:
    assert 2_950 <= 50 * deliveries(CELLS, mixed_screens(1_000)) / len(CELLS) <= 3_100
