"""What the tests of rosters say short: instants of a week in local time, posts by a letter, shifts in a line."""

from datetime import date, datetime, timedelta
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from command.duty.law import Dated, Span, Weekly
from command.units.departments import Stationing

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 30)
_NAMES = UUID(int=60)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def post(letter: str) -> UUID:
    """A post by a letter."""
    return uuid5(_NAMES, letter)


def letters(posts: object) -> str:
    """Posts back as letters, in their order."""
    known = {post(letter): letter for letter in "ABCDEFGH"}
    assert isinstance(posts, list | tuple)
    return "".join(known[one] for one in posts)


def at(said: str) -> datetime:
    """`mon 08:00`, `thu 23:59:59`, `sun+1 24:00` (of the week after)."""
    day, clock = said.split()
    name, _, weeks = day.partition("+")
    hours, minutes, *seconds = (int(part) for part in clock.split(":"))
    begin = datetime.combine(MONDAY, datetime.min.time(), ZONE)
    days = _DAYS.index(name) + 7 * int(weeks or 0)
    return begin + timedelta(days=days, hours=hours, minutes=minutes, seconds=sum(seconds))


def weekly(letter: str, said: str, hours: float, kind: str = "rotating") -> Weekly:
    """`weekly("A", "mon 08:00", 9)`."""
    start = at(said)
    return Weekly(post(letter), start.weekday(), start.hour * 60 + start.minute, round(hours * 60), Stationing(kind))


def dated(letter: str, start: str, end: str, kind: str | None = "rotating") -> Dated:
    """A shift of one date; kind None: absent."""
    return Dated(post(letter), at(start), at(end), Stationing(kind) if kind else None)


def span(start: str, end: str) -> Span:
    """From until."""
    return Span(at(start), at(end))
