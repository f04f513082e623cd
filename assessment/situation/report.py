"""A situation report as data: every figure, row and frame that its files show. Pure."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from assessment.dictionary import STATES
from assessment.situation.counting import (
    Day,
    Flow,
    Frames,
    Late,
    Load,
    crossings_in,
    days_of,
    flow_of,
    flows_by,
    frames_of,
    late_of,
    load_of,
    loads_by,
    open_at_end,
)
from assessment.situation.histories import Crossing, History, Shown, counted
from assessment.situation.periods import Period
from assessment.situation.relays import Relay, RelayFigures, relay_figures
from dispatch.reading.pasts import PastView


@dataclass(frozen=True, slots=True)
class Place:
    """A cell as a report draws it. `outline` is GeoJSON; `middle` (lon, lat) lies within it."""

    path: str
    name: str
    tier: str
    outline: str
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Ground:
    """Where the report is about: the place, the areas that its tables are by, the finest cells, all middles by path."""

    centre_name: str
    place: Place
    areas: tuple[Place, ...]  # of the tier below; empty when there is none
    cells: tuple[Place, ...]  # grids
    area_tier: str
    cell_tier: str


@dataclass(frozen=True, slots=True)
class Names:
    """What codes mean: catalogue items with their categories, channels' source families, and units."""

    items: Mapping[str, str]
    categories: Mapping[str, str]  # of item codes
    families: Mapping[str, str]  # of channel codes
    units: Mapping[str, str]

    def item(self, code: str) -> str:
        """The item's name; its code when the catalogue has none."""
        return self.items.get(code, code)

    def category(self, code: str) -> str:
        """The category of an item; its code when the catalogue has none."""
        return self.categories.get(code, code)

    def family(self, channel: str) -> str:
        """The source family of a channel; the channel's code when the centre has none."""
        return self.families.get(channel, channel)

    def unit(self, unit_id: str) -> str:
        """The unit's short name."""
        return self.units.get(unit_id, "—")


@dataclass(frozen=True, slots=True)
class Source:
    """Where the figures come from: the feed's epoch and position, the time of the reading, how many facts were read.

    past  of which the period lacks what was not filled in at the reading; None: of none
    """

    epoch: int
    seq: int
    at: datetime
    facts: int
    past: PastView | None = None


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One area: what is open in it, what entered and left, how many sensitive issues lie in it (a count, no more)."""

    path: str | None  # None: not in any area (unplaced, or placed at the place itself)
    name: str
    load: Load
    flow: Flow
    sensitive: int


@dataclass(frozen=True, slots=True)
class Situation:
    """The whole report. Lights are those of the period's end."""

    ground: Ground
    names: Names
    period: Period
    zone: tzinfo
    source: Source
    asked_by: str
    found: tuple[tuple[History, Shown], ...]  # open at the period's end
    load: Load
    sensitive: int | None  # open sensitive issues of the place, in no other figure; None: of so small a place not told
    flow: Flow
    open_at_start: int
    by_state: Mapping[str, Load]
    by_holder: tuple[tuple[str, Load, float], ...]  # unit, load, the longest over (seconds; 0: none)
    late: tuple[Late, ...]
    by_area: tuple[AreaRow, ...]
    by_category: tuple[tuple[str, Load, Flow], ...]
    by_family: tuple[tuple[str, Load, Flow], ...]  # 诉源 警源 访源 仲源 网格 热线 部门 上级
    days: tuple[Day, ...]
    relays: tuple[RelayFigures, ...]
    frames: Frames
    crossed: tuple[Crossing, ...]  # what entered and left, by time
    numbers: Mapping[str, str]  # of every counted issue, by its id


def situation_of(
    histories: Sequence[History],
    relays: Sequence[Relay],
    sensitive: Mapping[str, int] | None,
    *,
    ground: Ground,
    names: Names,
    period: Period,
    zone: tzinfo,
    source: Source,
    asked_by: str,
) -> Situation:
    """Counts everything.

    histories  of the place, exercises and voided ones still among them
    sensitive  how many open sensitive issues, by the path of their township; None: not told of so small a place
    asked_by   the office that asked, as the method page names it
    """
    kept = counted(histories)
    found = tuple(open_at_end(kept, period))
    crossed = crossings_in(kept, period)
    end = period.end
    late = late_of(found, end)
    over: dict[str, float] = {}
    for row in late:
        over[row.shown.holder] = max(over.get(row.shown.holder, 0.0), row.over_s)
    holders = loads_by(found, end, lambda shown: shown.holder)
    states = loads_by(found, end, lambda shown: shown.state)
    return Situation(
        ground=ground,
        names=names,
        period=period,
        zone=zone,
        source=source,
        asked_by=asked_by,
        found=found,
        load=load_of(found, end),
        flow=flow_of(crossed),
        open_at_start=sum(1 for history in kept if _was_open(history, period.start)),
        by_state={state: states.get(state, Load()) for state in (*STATES, *sorted(states.keys() - set(STATES)))},
        by_holder=tuple(
            (unit, load, over.get(unit, 0.0))
            for unit, load in sorted(holders.items(), key=lambda one: (-one[1].red, -one[1].open, one[0]))
        ),
        late=tuple(late),
        by_area=_areas(ground, found, crossed, sensitive or {}, end),
        sensitive=None if sensitive is None else sum(sensitive.values()),
        by_category=_split(found, crossed, end, lambda shown: names.category(shown.item)),
        by_family=_split(found, crossed, end, lambda shown: names.family(shown.channel)),
        days=tuple(days_of(kept, crossed, period, zone)),
        relays=tuple(relay_figures(relays, period)),
        frames=frames_of(kept, period, zone),
        crossed=tuple(crossed),
        numbers={history.id: last.number for history in kept if (last := history.last)},
    )


def area_of(path: str | None, areas: Collection[str]) -> str | None:
    """The area that holds a path, itself included; None for none."""
    while path:
        if path in areas:
            return path
        path = path.rpartition("/")[0]
    return None


def _was_open(history: History, start: float) -> bool:
    """Whether it was open before the period's first instant: a step at that very instant is within the period."""
    before = [step for step in history.steps if step.at < start]
    return bool(before) and before[-1].shown is not None and before[-1].shown.open


def _areas(
    ground: Ground,
    found: Sequence[tuple[History, Shown]],
    crossed: Sequence[Crossing],
    sensitive: Mapping[str, int],
    end: float,
) -> tuple[AreaRow, ...]:
    known = {area.path: area.name for area in ground.areas}

    def key(shown: Shown) -> str:
        return area_of(shown.cell, known) or ""

    loads, flows = loads_by(found, end, key), flows_by(crossed, key)
    guarded: dict[str, int] = {}
    for path, count in sensitive.items():
        name = area_of(path, known) or ""
        guarded[name] = guarded.get(name, 0) + count
    rows = [
        AreaRow(path, name, loads.get(path, Load()), flows.get(path, Flow.none()), guarded.get(path, 0))
        for path, name in known.items()
    ]
    if "" in loads or "" in flows or "" in guarded or not rows:
        rest = "未定位或跨区" if rows else ground.place.name
        rows.append(AreaRow(None, rest, loads.get("", Load()), flows.get("", Flow.none()), guarded.get("", 0)))
    return tuple(rows)


def _split(
    found: Sequence[tuple[History, Shown]], crossed: Sequence[Crossing], end: float, key: Callable[[Shown], str]
) -> tuple[tuple[str, Load, Flow], ...]:
    """What is open, entered and left, by what `key` says; the most open first."""
    loads, flows = loads_by(found, end, key), flows_by(crossed, key)
    rows = [(name, loads.get(name, Load()), flows.get(name, Flow.none())) for name in {*loads, *flows}]
    return tuple(sorted(rows, key=lambda row: (-row[1].open, -sum(row[2].entered.values()), row[0])))
