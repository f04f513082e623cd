"""Who watches what in the benchmarks: a district of 8 townships with 30 cells each. Pure.

1,000 screens, 40 of them the district's, 136 the townships', the rest one cell each: a fact at a cell reaches 40 + 17 +
3.4 of them, about 60, so 50 facts a second are about 3,000 deliveries a second (W1 of docs/benchmarks.md).
"""

from collections import Counter
from collections.abc import Sequence
from typing import Final

DISTRICT: Final = "990101"
TOWNSHIPS: Final = tuple(f"{DISTRICT}/{number:03}" for number in range(1, 9))
CELLS: Final = tuple(f"{township}/{number:03}" for township in TOWNSHIPS for number in range(1, 31))


def district_screens(count: int) -> list[str]:
    """All see all: every screen holds the district's path."""
    return [DISTRICT] * count


def mixed_screens(count: int = 1_000) -> list[str]:
    """W1's screens, as the path that each holds: 4 % district, 13.6 % townships, the rest one cell."""
    district, township = round(count * 0.04), round(count * 0.136)
    paths = [DISTRICT] * district
    paths += [TOWNSHIPS[number % len(TOWNSHIPS)] for number in range(township)]
    paths += [CELLS[number % len(CELLS)] for number in range(count - district - township)]
    return paths


def deliveries(cells: Sequence[str], paths: Sequence[str]) -> int:
    """How many (fact, screen) pairs facts at `cells` make among screens that hold `paths`."""
    holders = Counter(paths)
    total = 0
    for cell in cells:
        parts = cell.split("/")
        total += sum(holders["/".join(parts[:depth])] for depth in range(1, len(parts) + 1))
    return total
