"""How many alarms a person has of so many calls, and what that is called."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.alarms import eemua_class, grouped, most_within

BEGAN = datetime(2026, 12, 1, 3, tzinfo=UTC)


def at(*seconds: int) -> list[datetime]:
    """Moments of a night."""
    return [BEGAN + timedelta(seconds=one) for one in seconds]


def test_what_comes_within_a_minute_is_a_line_of_one_alarm() -> None:
    assert grouped(at(0, 1, 59, 60, 61, 119, 121)) == at(0, 60, 121)
    assert grouped([]) == []


def test_the_worst_ten_minutes_lie_anywhere() -> None:
    ten = timedelta(minutes=10)
    assert most_within([], ten) == 0
    assert most_within(at(0, 599, 600), ten) == 2
    assert most_within(at(0, 500, 700, 900, 1099, 1100, 3000), ten) == 4


@pytest.mark.parametrize(
    ("alarms", "said"), [(10, "should be manageable"), (11, "hard to cope with"), (101, "definitely excessive")]
)
def test_it_is_called_as_eemua_does(alarms: int, said: str) -> None:
    assert eemua_class(alarms) == said
