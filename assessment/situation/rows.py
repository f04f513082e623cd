"""The rows behind a report's figures, as its page opens them: numbers and names, nothing personal. Pure.

Three lists. What a column's name begins with `_` is not shown: figures are told apart by it (`Opens`).
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from assessment.situation.counting import counts_in
from assessment.situation.histories import Crossing, Shown
from assessment.situation.relays import Relay
from assessment.situation.report import Situation, area_of
from assessment.situation.words import CLOCKS, ENTERED, LEFT, LEVELS, NONE, RELAYS, STATES, UNPLACED, span_text, word

SEVERITIES: Final = ("amber", "red", "urgent")  # figures of what is open, after how much is
LEAVING: Final = ("closed", "declined", "merged")  # each has a column of its own in the days, as what was reported has
OTHER: Final = "other"
_NAMED: Final = frozenset({"reported", *LEAVING})
FOUND: Final = (
    *("编号", "事项", "地点", "状态", "等级", "持有单位", "时限", "_mark", "_state", "_holder"),
    *("_area", "_category", "_family"),
    *(f"_{code}" for code in SEVERITIES),
)
CROSSED: Final = ("编号", "事项", "进出", "时间", "_in", "_how", "_day", "_area", "_category", "_family")
RELAYED: Final = ("编号", "计时", "结果", "用时", "_kind", "_ended")


@dataclass(frozen=True, slots=True)
class Opens:
    """Which rows stand behind a figure: of one list, those that have these values."""

    of: str
    where: Mapping[str, str | int]

    def but(self, more: Mapping[str, str | int]) -> "Opens":
        """Of these rows, those that have these values too."""
        return Opens(self.of, {**self.where, **more})


def rows_of(report: Situation, found: Sequence[Shown]) -> Mapping[str, Mapping[str, Any]]:
    """Each list with its columns: what is open at the end, what entered and left, the relays that were due.

    found   as `in_order` has it
    """
    areas = frozenset(area.path for area in report.ground.areas)
    days = [day.start for day in report.days]
    return {
        "found": {"columns": FOUND, "rows": [_found(report, areas, shown) for shown in found]},
        "crossed": {"columns": CROSSED, "rows": [_crossed(report, areas, days, one) for one in report.crossed]},
        "relayed": {
            "columns": RELAYED,
            "rows": [_relayed(report, relay) for figures in report.relays for relay in figures.due],
        },
    }


def in_order(report: Situation) -> Sequence[Shown]:
    """What is open at the period's end, the gravest first."""
    end = report.period.end
    return sorted((shown for _, shown in report.found), key=lambda one: (-one.mark(end), one.number))


def _found(report: Situation, areas: Collection[str], shown: Shown) -> list[Any]:
    end, names = report.period.end, report.names
    clock, light = shown.clock(end), shown.light(end).word
    when = ""
    if clock is not None and clock.due is not None:
        left = clock.due - end
        when = f"{word(CLOCKS, clock.kind)} {f'剩 {span_text(left)}' if left > 0 else f'超 {span_text(-left)}'}"
    return [
        shown.number,
        names.item(shown.item),
        shown.cell_name or UNPLACED,
        word(STATES, shown.state),
        word(LEVELS, shown.level),
        names.unit(shown.holder),
        when,
        int(shown.mark(end)),
        shown.state,
        shown.holder,
        *_split(report, areas, shown),
        *(int(counts_in(code, shown, light)) for code in SEVERITIES),
    ]


def _crossed(report: Situation, areas: Collection[str], days: Sequence[float], crossing: Crossing) -> list[Any]:
    shown = crossing.shown
    return [
        shown.number,
        report.names.item(shown.item),
        word(ENTERED if crossing.entered else LEFT, crossing.how),
        datetime.fromtimestamp(crossing.at, report.zone).strftime("%m-%d %H:%M"),
        int(crossing.entered),
        crossing.how if crossing.how in _NAMED else OTHER,
        bisect_right(days, crossing.at) - 1,
        *_split(report, areas, shown),
    ]


def _relayed(report: Situation, relay: Relay) -> list[Any]:
    ended = relay.ended_in(report.period)
    result = "按时" if relay.is_on_time() else "超限"
    took = (relay.stopped if ended and relay.stopped is not None else report.period.end) - relay.started
    return [
        report.numbers.get(relay.issue, NONE),
        word(RELAYS, relay.kind),
        result if ended else "仍超限",
        span_text(took),
        relay.kind,
        int(ended),
    ]


def _split(report: Situation, areas: Collection[str], shown: Shown) -> tuple[str, str, str]:
    """Area, category and source family, as the tables part them."""
    return (
        area_of(shown.cell, areas) or "",
        report.names.category(shown.item),
        report.names.family(shown.channel),
    )
