"""The sheet of a handover: what stands at the desk at one instant, made by the server. Pure: cards in, a sheet out.

Numbers, codes, units and instants: no text, no name. The counts are those of the dictionary (assessment/dictionary.py):
a sheet says what the console and the wall said at that instant.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson
from typing_extensions import TypedDict

from assessment.dictionary import CONDITIONS, OPEN_STATES
from assessment.situation.histories import ClockSpan, Shown
from dispatch.matter.clocks.allowances import RELAYS
from realtime.feed.actions import wire_time
from realtime.feed.objects import ShownObject

Cards: TypeAlias = Mapping[str, Mapping[str, Any]]  # by id
Objects: TypeAlias = Iterable[tuple[UUID, Mapping[str, Any]]]
Kinds: TypeAlias = Mapping[str, Sequence[tuple[UUID, Mapping[str, Any]]]]
MOST_LINES: Final = 100  # of a section: the counts say how many there are


class Line(TypedDict):
    """One matter on the sheet.

    what    a clock's kind, a call's kind, the ground of a return request
    state   of the issue, of the call; of a relay `breached` or `running`
    unit    that is to act; since, due_at: of the clock, the call or the request
    """

    issue: str
    number: str
    item: str
    place: str | None
    what: str
    state: str
    unit: str
    since: str
    due_at: str | None
    sensitive: bool


class Section(TypedDict):
    """Some matters, what is due first first; `sensitive` of `count` are sensitive."""

    count: int
    sensitive: int
    lines: list[Line]


class Sheet(TypedDict):
    """What stands. `states` without the sensitive ones, which are counted beside; exercises are in nothing."""

    states: dict[str, int]
    sensitive: int
    late: Section
    urgent: Section
    calls: Section
    relays: Section
    requests: Section


def sheet_of(objects: Iterable[ShownObject], at: datetime) -> Sheet:
    """The sheet of all open objects that somebody of the desk sees, as they were at `at`."""
    kinds: dict[str, list[tuple[UUID, Mapping[str, Any]]]] = {}
    for one in objects:
        kinds.setdefault(one.kind, []).append((one.id, orjson.loads(one.written)))
    moment = at.timestamp()
    issues = {str(key): card for key, card in kinds.get("issue", ()) if not card["exercise"]}
    shown = {key: Shown.of_card(card) for key, card in issues.items()}
    public = [one for key, one in shown.items() if not issues[key]["sensitive"]]
    late = [_of_clock(key, issues[key], one.clock(moment)) for key, one in shown.items() if one.is_late(moment)]
    pressing = CONDITIONS["urgent"]
    urgent = [
        _of_clock(key, issues[key], one.clock(moment))
        for key, one in shown.items()
        if pressing.holds(state=one.state, light=one.light(moment).word, urgent=one.urgent)
    ]
    return {
        "states": {state: sum(one.state == state for one in public) for state in OPEN_STATES},
        "sensitive": len(shown) - len(public),
        "late": _section(late),
        "urgent": _section(urgent),
        "calls": _section(_calls(kinds.get("call", ()), issues)),
        "relays": _section(_relays(kinds, issues, moment)),
        "requests": _section(_requests(kinds.get("return_request", ()), issues)),
    }


def _calls(calls: Objects, issues: Cards) -> list[Line]:
    found = []
    for _, card in calls:
        if issue := issues.get(card["issue"]):
            kind, state, unit = card["kind"], card["state"], card["unit"]
            found.append(_line(card["issue"], issue, kind, state, unit, card["at"], card["next_at"]))
    return found


def _requests(asked: Objects, issues: Cards) -> list[Line]:
    found = []
    for _, card in asked:
        if issue := issues.get(card["issue"]):
            ground, state, unit = card["ground"], card["state"], card["from_unit"]
            found.append(_line(card["issue"], issue, ground, state, unit, card["asked_at"]))
    return found


def _relays(kinds: Kinds, issues: Cards, moment: float) -> list[Line]:
    """Every relay that runs: an issue's down, each order's and forward's, each report's up.

    A report's own card tells its relay up; the issue's only repeats the first one's.
    """
    told = [(key, card["responsible"], one) for key, card in issues.items() for one in card["clocks"]]
    running = [(issue, unit, one) for issue, unit, one in told if one["kind"] != "relay_up"]
    for _, card in kinds.get("order", ()):
        running += [(card["issue"], card["unit"], one) for one in card["clocks"]]
    for _, card in kinds.get("report", ()):
        if card["issue"] in issues:
            running.append((card["issue"], issues[card["issue"]]["responsible"], card["clock"]))
    found = []
    for issue, unit, one in running:
        clock = ClockSpan.of_card(one)
        if issue in issues and clock.kind in RELAYS and clock.runs:
            state = "breached" if clock.due is not None and clock.due <= moment else "running"
            found.append(_line(issue, issues[issue], clock.kind, state, unit, one["started_at"], one["due_at"]))
    return found


def _of_clock(key: str, card: Mapping[str, Any], clock: ClockSpan | None) -> Line:
    due = None if clock is None or clock.due is None else wire_time(datetime.fromtimestamp(clock.due, UTC))
    return _line(key, card, clock.kind if clock else "", card["state"], card["responsible"], card["reported_at"], due)


def _line(
    key: str, card: Mapping[str, Any], what: str, state: str, unit: str, since: str, due_at: str | None = None
) -> Line:
    cell = card["cell"]
    return {
        "issue": key,
        "number": card["number"],
        "item": card["item"],
        "place": cell["name"] if cell else None,
        "what": what,
        "state": state,
        "unit": unit,
        "since": since,
        "due_at": due_at,
        "sensitive": card["sensitive"],
    }


def _section(lines: list[Line]) -> Section:
    ordered = sorted(lines, key=lambda one: (one["due_at"] is None, one["due_at"] or one["since"], one["number"]))
    return {
        "count": len(lines),
        "sensitive": sum(one["sensitive"] for one in lines),
        "lines": ordered[:MOST_LINES],
    }
