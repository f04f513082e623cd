"""Days off and worked weekends, as listed in `data/calendar.csv` from the State Council's yearly notices. Pure.

A year without a notice has weekends free and nothing else, and is said to be provisional (暂定).
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

PATH: Final = Path(__file__).parent / "data" / "calendar.csv"
_SATURDAY: Final = 5


class DayKind(StrEnum):
    """What a listed day is; unlisted ones follow the week."""

    HOLIDAY = "holiday"
    MAKEUP_WORKDAY = "makeup_workday"


@dataclass(frozen=True, slots=True)
class Calendar:
    """The listed days. Answers for local dates."""

    days: Mapping[date, DayKind]

    def is_free(self, day: date) -> bool:
        """Whether nobody works on that local day."""
        listed = self.days.get(day)
        if listed is None:
            return day.weekday() >= _SATURDAY
        return listed is DayKind.HOLIDAY

    def is_published(self, year: int) -> bool:
        """Whether the notice for that year is among the listed days."""
        return any(day.year == year for day in self.days)


@cache
def calendar() -> Calendar:
    """The calendar of the file in this package."""
    return load()


def load(path: Path = PATH) -> Calendar:
    """All listed days. Raises ValueError that names the line for an unknown kind or a repeated day."""
    days: dict[date, DayKind] = {}
    with path.open(encoding="utf-8", newline="") as source:
        reader = csv.DictReader(source)
        for row in reader:
            try:
                day, kind = date.fromisoformat(row["date"]), DayKind(row["kind"])
            except (KeyError, ValueError) as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from error
            if day in days:
                raise ValueError(f"{path.name}, line {reader.line_num}: {day} is repeated")
            days[day] = kind
    return Calendar(days)
