"""Days off and worked weekends of 2025 and 2026, by the published notices."""

from datetime import date
from pathlib import Path

import pytest

from dispatch.clocks.calendar import calendar, load


@pytest.mark.parametrize(
    ("day", "free"),
    [
        (date(2026, 2, 14), False),  # a Saturday that is worked
        (date(2026, 2, 15), True),
        (date(2026, 2, 24), False),
        (date(2026, 11, 2), False),  # a Monday
        (date(2026, 11, 7), True),  # a Saturday
        (date(2026, 10, 1), True),
        (date(2027, 10, 1), False),  # a Friday of a year that is not yet published
    ],
)
def test_each_kind_of_day(day: date, free: bool) -> None:
    assert calendar().is_free(day) is free


def test_which_years_are_published() -> None:
    assert [year for year in range(2024, 2029) if calendar().is_published(year)] == [2025, 2026]


@pytest.mark.parametrize("row", ["2026-01-01,holiday,甲\n", "2026-13-01,holiday,甲\n", "2026-01-02,workday,甲\n"])
def test_a_bad_line_is_named(tmp_path: Path, row: str) -> None:
    file = tmp_path / "calendar.csv"
    file.write_text("date,kind,name_zh\n2026-01-01,holiday,甲\n" + row, encoding="utf-8")
    with pytest.raises(ValueError, match=r"calendar\.csv, line 3"):
        load(file)
