"""The day so far in a place: each figure with the rows that it counts, all of one position of the feed. Only reads.

A figure's number is the number of its rows: there is no second way to count.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from assessment.dictionary import CONDITIONS
from assessment.situation.counting import Flow, counts_in, crossings_in, flow_of
from assessment.situation.histories import Crossing, History, Shown, counted, open_at
from assessment.situation.periods import Period
from assessment.situation.places import covers, widest_place
from assessment.situation.reading import read_material
from assessment.situation.relays import RelayFigures, relay_figures
from assessment.situation.report import area_of
from assessment.situation.words import UNPLACED
from dispatch.reading.pasts import PastView, past_being_filled_in
from gis.grid.models import Cell
from gis.grid.tiers import Tier
from realtime.feed import clock
from realtime.feed.contract import Actor, AudienceClass, Cursor
from realtime.feed.errors import NotFound
from realtime.feed.shared_reads import SharedReads

HOURS: Final = 24
_STEPS: Final = {
    "issue.accepted": "today_accepted",
    "issue.dispatched": "today_dispatched",
    "issue.relayed_down": "today_relayed_down",
    "issue.fed_back": "today_fed_back",
    "issue.breached": "today_breached",
}
BY_HOUR: Final = ("today_entered", "today_left", "today_reported", "today_closed")


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One of what a figure counts: an issue, and what happened to it when.

    how      a step's name, the way in or out, or a relay's kind
    on_time  of a relay: whether it ended in time; None of anything else
    running  of a relay: that it still runs
    minutes  of a relay: how long it took, or runs already
    """

    issue: str
    shown: Shown
    at: float
    how: str
    on_time: bool | None = None
    running: bool = False
    minutes: float | None = None


@dataclass(frozen=True, slots=True)
class Today:
    """The local day so far, in a place.

    rows       of the figures of today and of the relays, by code, the latest first
    now        the figures of this moment, public, by code
    sensitive  path and name of an area, open sensitive issues there; None: of so small a place it is not told
    past       which periods lack issues that are still being filled in; None: none. No figure of today does
    """

    counted: Cursor
    at: datetime
    start: datetime
    flow: Flow
    rows: Mapping[str, tuple[FigureRow, ...]]
    hours: Mapping[str, tuple[int, ...]]  # BY_HOUR, of each hour of the day
    relays: tuple[RelayFigures, ...]
    now: Mapping[str, int]
    sensitive: tuple[tuple[str, str, int], ...] | None
    past: PastView | None


_DAYS: Final[SharedReads[Today]] = SharedReads(rest_s=1.0)  # a screen asks 1.5 s after what it heard


def today(*, actor: Actor, place: str | None = None) -> Today:
    """The day so far in the widest place that a person sees whole, or in a place within it, as it was at its `at`.

    Read once for all who ask for the place meanwhile: it is behind the feed by a second at most.
    Raises Forbidden, NotFound. Costs two statements; when it is read, one per 1,000 facts of the day, and nine more.
    """
    scope = actor.scope_for("issues.read")
    path = place or widest_place(scope)
    if path is None or not covers(scope, path):
        raise NotFound("cell.not_found", "没有这个网格，或不在您的权限范围内。", field="place")
    return _day_of(actor.centre_id, path)


def todays_counts(*, actor: Actor) -> Today:
    """The same of a screen's whole place, public as it is: counts of issues, which a room may read; never their rows.

    Raises NotFound for a screen without a place.
    """
    path = widest_place(actor.scope, AudienceClass.PUBLIC)
    if path is None:
        raise NotFound("cell.not_found", "没有这个网格，或不在您的权限范围内。", field="place")
    return _day_of(actor.centre_id, path)


def _day_of(centre_id: UUID, path: str) -> Today:
    zone = ZoneInfo(settings.TIME_ZONE)
    start = datetime.combine(clock.at(None).astimezone(zone).date(), time(), zone)
    return _DAYS.get(centre_id, (path, start), lambda: _day(centre_id, path, start))


def _day(centre_id: UUID, path: str, start: datetime) -> Today:
    past = past_being_filled_in(centre_id)  # first: what it lacks then, may be in what is read
    material = read_material(centre_id, path, start)
    at = material.counted_at.timestamp()
    period = Period(start.timestamp(), max(at, start.timestamp()) + 1e-6)
    histories = counted(material.histories)
    crossed = crossings_in(histories, period)
    relays = relay_figures(material.relays, period)
    rows = {code: tuple(reversed(found)) for code, found in _of_today(histories, crossed, period).items()}
    return Today(
        material.counted,
        material.counted_at,
        start,
        flow_of(crossed),
        rows | _of_relays(histories, relays, at),
        {code: _by_hour(rows[code], start) for code in BY_HOUR},
        tuple(relays),
        _now(histories, at),
        None if material.sensitive is None else tuple(_by_township(centre_id, material.sensitive)),
        past,
    )


def _of_today(histories: Sequence[History], crossed: Sequence[Crossing], period: Period) -> dict[str, list[FigureRow]]:
    rows: dict[str, list[FigureRow]] = {
        code: [] for code in (*BY_HOUR, "today_other_in", "today_other_out", *_STEPS.values())
    }
    for one in crossed:
        row = FigureRow(one.issue, one.shown, one.at, one.how)
        rows["today_entered" if one.entered else "today_left"].append(row)
        if one.entered:
            rows["today_reported" if one.how == "reported" else "today_other_in"].append(row)
        else:
            rows["today_closed" if one.how == "closed" else "today_other_out"].append(row)
    for history in histories:
        for step in history.steps:
            if step.name in _STEPS and step.shown is not None and period.holds(step.at):
                rows[_STEPS[step.name]].append(FigureRow(history.id, step.shown, step.at, step.name))
    for code in _STEPS.values():
        rows[code].sort(key=lambda row: row.at)
    return rows


def _of_relays(
    histories: Sequence[History], figures: Sequence[RelayFigures], at: float
) -> dict[str, tuple[FigureRow, ...]]:
    """Every relay that was due, the late first."""
    known = {history.id: history.last for history in histories}
    found = {}
    for figure in figures:
        rows = []
        for relay in figure.due:
            shown = known.get(relay.issue)
            if shown is None:
                continue
            end = at if relay.stopped is None else relay.stopped
            on_time = relay.is_on_time()
            took = (end - relay.started) / 60
            running = relay.stopped is None
            rows.append(FigureRow(relay.issue, shown, relay.started, relay.kind, on_time, running, took))
        found[figure.kind] = tuple(sorted(rows, key=lambda row: (row.on_time is True, -row.at)))
    return found


def _by_hour(rows: Sequence[FigureRow], start: datetime) -> tuple[int, ...]:
    counts = Counter(datetime.fromtimestamp(row.at, start.tzinfo).hour for row in rows)
    return tuple(counts[hour] for hour in range(HOURS))


def _now(histories: Sequence[History], at: float) -> dict[str, int]:
    """The figures of this moment: what the screens count live, counted here."""
    found = [(shown, shown.light(at).word) for _, shown in open_at(histories, at + 1e-6)]
    return {code: sum(counts_in(code, shown, light) for shown, light in found) for code in CONDITIONS}


def _by_township(centre_id: UUID, sensitive: Mapping[str, int]) -> Iterator[tuple[str, str, int]]:
    if not sensitive:
        return
    rows = Cell.objects.filter(centre_id=centre_id, tier=Tier.TOWNSHIP, valid_until=None).order_by("path")
    names = dict(rows.values_list("path", "name"))
    counts: Counter[str] = Counter()
    for path, count in sensitive.items():
        counts[area_of(path, names) or ""] += count
    for path in sorted(counts):
        yield path, names.get(path, UNPLACED), counts[path]
