"""The figures of a situation report. Pure: from histories and relays, for a place, a period and an instant.

Rules: docs/rules.md, "Figures": numerator and denominator beside each rate, "—" without a denominator, exercises and
voided issues out. The method page of each report says the same in Chinese (`tables.method_of`).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final

from assessment.dictionary import CONDITIONS
from assessment.situation.histories import Crossing, History, Light, Shown, crossings, open_at
from assessment.situation.periods import Period

STEPS_S: Final = (900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800)
MAX_FRAMES: Final = 49
JUST_S: Final = 1e-6  # facts have whole microseconds


@dataclass(slots=True)
class Load:
    """How much is open, and how late it is: the figures of these names. An urgent one that is late counts as both."""

    open: int = 0
    amber: int = 0
    red: int = 0
    urgent: int = 0
    worst: Light = Light.GREEN

    def add(self, shown: Shown, at: float) -> None:
        """Takes one open issue in."""
        light = shown.light(at)
        word, urgent = light.word, counts_in("urgent", shown, light.word)
        self.open += counts_in("open", shown, word)
        self.amber += counts_in("amber", shown, word)
        self.red += counts_in("red", shown, word)
        self.urgent += urgent
        self.worst = max(self.worst, Light.URGENT if urgent else light)

    @property
    def of_worst(self) -> int:
        """How many are as grave as the gravest: the number beside a mark is of the severity that the mark shows."""
        return {Light.URGENT: self.urgent, Light.RED: self.red, Light.AMBER: self.amber, Light.GREEN: self.open}[
            self.worst
        ]


def counts_in(code: str, shown: Shown, light: str) -> bool:
    """Whether a figure of a moment counts an open issue whose clock that counts then has that light."""
    return CONDITIONS[code].holds(state=shown.state, light=light, urgent=shown.urgent)


@dataclass(slots=True)
class Flow:
    """What entered and left in the period, by how."""

    entered: Counter[str]
    left: Counter[str]

    @classmethod
    def none(cls) -> "Flow":
        """Nothing yet."""
        return cls(Counter(), Counter())

    def add(self, crossing: Crossing) -> None:
        """Takes one crossing in."""
        (self.entered if crossing.entered else self.left)[crossing.how] += 1


@dataclass(frozen=True, slots=True)
class Late:
    """One issue past a due time: which, where, who holds it, by how much."""

    id: str
    shown: Shown
    clock: str
    due: float | None
    over_s: float


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of the period, or the part of it that lies in the period."""

    start: float
    end: float
    flow: Flow
    open_at_end: int


@dataclass(frozen=True, slots=True)
class Frames:
    """What the time slider shows: per cell, from which frame on how many are open, late, how grave, how many so."""

    times: tuple[float, ...]
    open: tuple[int, ...]  # of the whole place
    late: tuple[int, ...]
    cells: Mapping[str, tuple[tuple[int, int, int, int, int], ...]]  # path → (frame, open, late, worst, of the worst)


def load_of(found: Iterable[tuple[History, Shown]], at: float) -> Load:
    """All of them together."""
    load = Load()
    for _, shown in found:
        load.add(shown, at)
    return load


def loads_by(found: Iterable[tuple[History, Shown]], at: float, key: Callable[[Shown], str | None]) -> dict[str, Load]:
    """By what `key` says; what it says None of is left out."""
    loads: dict[str, Load] = defaultdict(Load)
    for _, shown in found:
        name = key(shown)
        if name is not None:
            loads[name].add(shown, at)
    return dict(loads)


def late_of(found: Iterable[tuple[History, Shown]], at: float) -> list[Late]:
    """What is past a due time at `at`, the longest over first."""
    rows = []
    for history, shown in found:
        clock = shown.clock(at)
        if clock is not None and clock.light(at) is Light.RED:
            over = at - clock.due if clock.due is not None else 0.0
            rows.append(Late(history.id, shown, clock.kind, clock.due, over))
    return sorted(rows, key=lambda row: (-row.over_s, row.shown.number))


def crossings_in(histories: Iterable[History], period: Period) -> list[Crossing]:
    """Every entering and leaving within the period, by time."""
    found = [one for history in histories for one in crossings(history) if period.holds(one.at)]
    return sorted(found, key=lambda one: one.at)


def flow_of(found: Iterable[Crossing]) -> Flow:
    """All of them together."""
    flow = Flow.none()
    for crossing in found:
        flow.add(crossing)
    return flow


def flows_by(found: Iterable[Crossing], key: Callable[[Shown], str | None]) -> dict[str, Flow]:
    """By what `key` says of the issue at that moment."""
    flows: dict[str, Flow] = defaultdict(Flow.none)
    for crossing in found:
        name = key(crossing.shown)
        if name is not None:
            flows[name].add(crossing)
    return dict(flows)


def days_of(histories: Sequence[History], found: Sequence[Crossing], period: Period, zone: tzinfo) -> list[Day]:
    """The period day by day, as the centre's zone has days; the first and the last may be parts."""
    days: list[Day] = []
    start = period.start
    for end in [*_midnights(period, zone), period.end]:
        part = Period(start, end)
        flow = flow_of(one for one in found if part.holds(one.at))
        days.append(Day(start, end, flow, len(open_at_end(histories, part))))
        start = end
    return days


def _midnights(period: Period, zone: tzinfo) -> list[float]:
    """Every midnight strictly within the period."""
    day = datetime.fromtimestamp(period.start, zone).date() + timedelta(days=1)
    found: list[float] = []
    while (at := datetime.combine(day, time(), zone).timestamp()) < period.end:
        found.append(at)
        day += timedelta(days=1)
    return found


def open_at_end(histories: Iterable[History], period: Period) -> list[tuple[History, Shown]]:
    """What was open when the period ended, which does not hold its last instant."""
    return open_at(histories, period.end - JUST_S)


def frame_times(period: Period, zone: tzinfo) -> tuple[float, ...]:
    """Instants for the slider: the start, whole steps of the local clock, and the end; 49 at most."""
    length = period.end - period.start
    step = next((step for step in STEPS_S if length / step <= MAX_FRAMES - 2), length / (MAX_FRAMES - 2))
    offset = datetime.fromtimestamp(period.start, zone).utcoffset()
    shift = offset.total_seconds() if offset else 0.0
    first = (period.start + shift) // step * step + step - shift
    inner = []
    while first < period.end:
        inner.append(first)
        first += step
    return (period.start, *inner, period.end)


def frames_of(histories: Sequence[History], period: Period, zone: tzinfo) -> Frames:
    """How load and lateness of each cell changed over the period. Only changes are kept."""
    times = frame_times(period, zone)
    cells: dict[str, list[tuple[int, int, int, int, int]]] = defaultdict(list)
    opened, late = [], []
    for index, moment in enumerate(times):
        # The period does not hold its end: what happened at that very instant is not in it.
        found = open_at_end(histories, period) if index == len(times) - 1 else open_at(histories, moment)
        loads = loads_by(found, moment, lambda shown: shown.cell)
        for path in {*cells, *loads}:
            load = loads.get(path, Load())
            told = (load.open, load.red, int(load.worst), load.of_worst)
            if (cells[path][-1][1:] if cells[path] else (0, 0, 0, 0)) != told:
                cells[path].append((index, *told))
        opened.append(len(found))
        late.append(sum(shown.is_late(moment) for _, shown in found))
    return Frames(times, tuple(opened), tuple(late), {path: tuple(runs) for path, runs in cells.items()})
