"""`bench duplicates`: whether the duplicates that Boston's staff named are found, beside simple ways of looking.

224 pairs of 2015 among some 15,500 requests. Asked from both sides: what was told first, and what came later. What
closed a request (its note, state and times) is never read. Data: ../shared/data/civic, or RELAY_SHARED_DIR.
"""

import csv
import os
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from bench.processes import ROOT
from bench.report import Row
from dispatch.reading.likeness import Compared, metres_between, ranked

FILES: Final = ("boston311_2015-06.csv", "boston311_2015-10-26_to_11-08.csv", "boston311_duplicate_cases.csv")
PAIRS: Final = "boston311_duplicate_pairs.csv"
RADIUS_M: Final = 500.0
MOST_COMPARED: Final = 200
MOST_SHOWN: Final = 20
AT: Final = 5
ACCURACY_M: Final = 10.0  # coordinates have four decimals
_CELL_DEG: Final = 0.005  # about 500 m: neighbours are looked for in a few squares

Search = Callable[[Compared, Sequence[Compared]], list[str]]


@dataclass(frozen=True, slots=True)
class Found:
    """How a way of looking did: how many of the named ones stood among the first five, and how long its lists were."""

    recall: float
    length: float


def folder() -> Path:
    """Where the city's data lies."""
    return Path(os.environ.get("RELAY_SHARED_DIR", ROOT.parent / "shared")) / "data" / "civic"


class Boston:
    """The requests, and the pairs that the city's staff named."""

    def __init__(self, where: Path) -> None:
        self.tellings: dict[str, Compared] = {}
        for name in FILES:
            with (where / name).open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader(file):
                    if row["LATITUDE"]:
                        self.tellings[row["CASE_ENQUIRY_ID"]] = _telling(row)
        with (where / PAIRS).open(encoding="utf-8", newline="") as file:
            self.pairs = [(row["duplicate_id"], row["named_id"]) for row in csv.DictReader(file)]
        self._squares: dict[tuple[int, int], list[Compared]] = defaultdict(list)
        for telling in self.tellings.values():
            self._squares[_square(telling)].append(telling)

    def near(self, one: Compared) -> list[Compared]:
        """At most 200 others within 500 m, the nearest first, whenever they were told."""
        column, line = _square(one)
        around = [
            other
            for east in (-2, -1, 0, 1, 2)
            for north in (-1, 0, 1)
            for other in self._squares.get((column + east, line + north), ())
            if other.id != one.id
        ]
        apart = [(_metres(one, other), str(other.id), other) for other in around]
        return [other for metres, _, other in sorted(apart)[:MOST_COMPARED] if metres <= RADIUS_M]

    def measure(self, search: Search, asked: Sequence[tuple[str, str]]) -> Found:
        """How a way of looking finds the second of each pair from the first."""
        lists = [(search(self.tellings[one], self.near(self.tellings[one])), other) for one, other in asked]
        hits = sum(other in found[:AT] for found, other in lists)
        return Found(hits / len(lists), sum(len(found) for found, _ in lists) / len(lists))

    def backwards(self) -> list[tuple[str, str]]:
        """Pairs asked from the later telling: the other was there already."""
        return [pair for pair in self._both() if self._later(pair[0], pair[1])]

    def forwards(self) -> list[tuple[str, str]]:
        """Pairs asked from the earlier telling: the other came after it."""
        return [pair for pair in self._both() if not self._later(pair[0], pair[1])]

    def _both(self) -> list[tuple[str, str]]:
        return [*self.pairs, *((other, one) for one, other in self.pairs)]

    def _later(self, one: str, other: str) -> bool:
        return (self.tellings[one].at, one) > (self.tellings[other].at, other)


def by_likeness(one: Compared, others: Sequence[Compared]) -> list[str]:
    """The product's own."""
    return [str(found.id) for found in ranked(one, others)[:MOST_SHOWN]]


def by_nearness(one: Compared, others: Sequence[Compared]) -> list[str]:
    """A peer: nearest in place, then in time."""
    return [
        str(other.id) for other in sorted(others, key=lambda other: (round(_metres(one, other)), _apart(one, other)))
    ][:MOST_SHOWN]


def by_type_within_100_m(one: Compared, others: Sequence[Compared]) -> list[str]:
    """A peer: the same type within 100 m, nearest in time."""
    alike = [other for other in others if other.item == one.item and _metres(one, other) <= 100]
    return [str(other.id) for other in sorted(alike, key=lambda other: _apart(one, other))][:MOST_SHOWN]


def measure_duplicates(where: Path) -> list[Row]:
    """Recall at five and mean length of the list, both ways in time, ours beside two peers. Raises OSError."""
    boston = Boston(where)
    rows: list[Row] = []
    for words, asked in (("earlier ones", boston.backwards()), ("later ones", boston.forwards())):
        ours = boston.measure(by_likeness, asked)
        for name, peer in (("nearest", by_nearness), ("same type within 100 m", by_type_within_100_m)):
            theirs = boston.measure(peer, asked)
            rows += [
                Row(name=f"duplicates, {words}, missed among the first five", value=100 * (1 - ours.recall), unit="%",
                    peer=100 * (1 - theirs.recall), peer_name=name, note=f"{len(asked)} pairs"),
                Row(name=f"duplicates, {words}, mean length of the list", value=ours.length, unit="issues",
                    peer=theirs.length, peer_name=name),
            ]  # fmt: skip
    return rows


def _telling(row: Mapping[str, str]) -> Compared:
    return Compared(
        row["CASE_ENQUIRY_ID"],
        datetime.strptime(row["OPEN_DT"], "%m/%d/%Y %I:%M:%S %p"),  # noqa: DTZ007  # only differences count
        row["TYPE"],
        row["REASON"],
        row["Department"],
        (float(row["LONGITUDE"]), float(row["LATITUDE"])),
        ACCURACY_M,
        None,
        f"{row['CASE_TITLE']} {row['Location']}",
    )


def _square(telling: Compared) -> tuple[int, int]:
    assert telling.position is not None
    return int(telling.position[0] // _CELL_DEG), int(telling.position[1] // _CELL_DEG)


def _metres(one: Compared, other: Compared) -> float:
    assert one.position is not None and other.position is not None
    return metres_between(one.position, other.position)


def _apart(one: Compared, other: Compared) -> float:
    return abs((other.at - one.at).total_seconds())
