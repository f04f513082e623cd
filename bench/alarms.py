"""How many alarms a person has, and what that is called. Pure.

The classes are those of EEMUA publication 191, "Alarm systems": of alarms in ten minutes after an upset.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

GROUPED_S: Final = 60  # docs/rules.md, "Calls": several to one person within a minute are one with several lines


def grouped(rung: Sequence[datetime]) -> list[datetime]:
    """When alarms began, of calls in order: what comes within a minute of an alarm's beginning is a line of it."""
    alarms: list[datetime] = []
    for at in rung:
        if not alarms or at - alarms[-1] >= timedelta(seconds=GROUPED_S):
            alarms.append(at)
    return alarms


def most_within(alarms: Sequence[datetime], span: timedelta) -> int:
    """The most that began within any such span, of alarms in order."""
    most = first = 0
    for last, at in enumerate(alarms):
        while at - alarms[first] >= span:
            first += 1
        most = max(most, last - first + 1)
    return most


def eemua_class(alarms: int) -> str:
    """What EEMUA 191 calls so many alarms in the ten minutes after an upset."""
    if alarms > 100:
        return "definitely excessive"
    return "hard to cope with" if alarms > 10 else "should be manageable"
