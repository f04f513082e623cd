"""The demonstration's stories, read from `stories.toml`. Pure: no Django, no database, no clock."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

PATH: Final = Path(__file__).parent / "stories.toml"


class Verb(StrEnum):
    """A step of a story: an action of the real product."""

    REPORT = "report"
    ACCEPT = "accept"
    DECLINE = "decline"
    FILE = "file"
    DISPATCH = "dispatch"
    ACKNOWLEDGE = "acknowledge"
    START = "start"
    FEED_BACK = "feed_back"
    VERIFY = "verify"
    REWORK = "rework"
    CLOSE = "close"
    SETTLE_ON_SPOT = "settle_on_spot"
    MERGE = "merge"
    SUSPEND = "suspend"
    RESUME = "resume"
    REQUEST_RETURN = "request_return"
    GRANT_RETURN = "grant_return"
    COMPEL = "compel"
    REDISPATCH = "redispatch"
    WITHDRAW = "withdraw"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what, how long before now, with what the verb needs besides."""

    ago: timedelta
    verb: Verb
    account: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Story:
    """One issue from its report on. `where`: number of a micro-grid, "none" or "outside"."""

    number: int
    item: str
    channel: str
    text: str
    where: int | str
    accuracy_m: float | None
    reporter: str | None
    phone: str | None
    steps: tuple[Step, ...]


def load(path: Path = PATH) -> tuple[Story, ...]:
    """All stories in the file's order. Raises ValueError that names the story for anything that is not right."""
    stories = []
    for number, raw in enumerate(tomllib.loads(path.read_text(encoding="utf-8"))["story"], start=1):
        try:
            stories.append(_story(number, raw))
        except (KeyError, ValueError, TypeError) as error:
            raise ValueError(f"{path.name}, story {number}: {error!r}") from error
    if in_order(tuple(stories))[-1][1].verb is not Verb.REPORT:
        raise ValueError(f"{path.name}: the newest step is a report, by which a finished seed is known")
    return tuple(stories)


def in_order(stories: tuple[Story, ...]) -> list[tuple[Story, Step]]:
    """The steps of all stories as they happened, the longest ago first: the feed's order is that of its times."""
    steps = [(story, step) for story in stories for step in story.steps]
    return sorted(steps, key=lambda pair: (-pair[1].ago, pair[0].number))


def _story(number: int, raw: Mapping[str, Any]) -> Story:
    steps = tuple(
        Step(timedelta(minutes=ago), Verb(verb), account, said[0] if said else {})
        for ago, verb, account, *said in raw["steps"]
    )
    agos = [step.ago for step in steps]
    if steps[0].verb is not Verb.REPORT or agos != sorted(agos, reverse=True) or len(set(agos)) != len(agos):
        raise ValueError("a story begins with its report, and each step comes after the one before")
    where = raw["where"]
    if isinstance(where, str) and where not in ("none", "outside"):
        raise ValueError(f"where is a number, none or outside, not {where}")
    return Story(
        number=number,
        item=raw["item"],
        channel=raw["channel"],
        text=raw["text"],
        where=where,
        accuracy_m=raw.get("accuracy"),
        reporter=raw.get("reporter"),
        phone=raw.get("phone"),
        steps=steps,
    )
