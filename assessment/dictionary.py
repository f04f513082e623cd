"""Every figure that a screen, a wall, a report or an export shows: its name, what counts, since when, its rows. Pure.

Who counts reads the conditions from here; who shows takes the Chinese name from here: docs/figures.md and
`frontend/src/shared/words/figures.ts` are written from this file. Source: docs/rules.md, "Figures".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

OPEN_STATES: Final = ("reported", "accepted", "filed", "in_handling", "suspended", "fed_back", "verified")


class Sensitive(StrEnum):
    """How a figure treats sensitive issues."""

    BESIDE = "beside"  # not in it; beside the total stands how many there are
    IN = "in"  # the desk's own lists: who sees the issue sees it counted
    ONLY = "only"  # nothing else is in it
    OUT = "out"  # not in it, and counted nowhere beside it


class Group(StrEnum):
    """Figures that stand together."""

    NOW = "now"  # open issues of this moment, live
    DESK = "desk"  # lists of a desk: what each holds is what is counted
    WALL = "wall"  # lists of the wall
    TODAY = "today"  # since midnight, counted by the server at a position of the feed
    RELAY = "relay"  # on time of all that were due
    PERIOD = "period"  # of a situation report


@dataclass(frozen=True, slots=True)
class Condition:
    """Which open issues a figure of this moment counts: all that is given must hold.

    states  in one of these
    light   the light of the clock that counts now
    urgent  its item or a person says that it is urgent
    """

    states: tuple[str, ...] = OPEN_STATES
    light: str | None = None
    urgent: bool = False

    def holds(self, *, state: str, light: str, urgent: bool) -> bool:
        """Whether an open issue that looks so is counted."""
        return state in self.states and self.light in (None, light) and (urgent or not self.urgent)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure.

    zh         its one name on every screen, in every file
    counts     what counts
    since      from when on
    rows       what opens when one presses it: exactly what was counted
    condition  of figures of this moment
    """

    code: str
    zh: str
    group: Group
    counts: str
    since: str
    sensitive: Sensitive
    rows: str
    condition: Condition | None = None


_LIVE: Final = "now, live"
_LIST: Final = "the list of these issues; on the wall nobody can press"
_MIDNIGHT: Final = "midnight of the centre's zone"
_PERIOD: Final = "the period's start (included) until its end (not included)"
_STEPS: Final = "the issues with the time of each such step"


def _now(code: str, zh: str, counts: str, condition: Condition) -> Figure:
    return Figure(code, zh, Group.NOW, counts, _LIVE, Sensitive.BESIDE, _LIST, condition)


def _state(code: str, zh: str) -> Figure:
    return _now(code, zh, f"Open issues in state `{code}`.", Condition(states=(code,)))


def _desk(code: str, zh: str, counts: str) -> Figure:
    return Figure(code, zh, Group.DESK, counts, _LIVE, Sensitive.IN, "the queue, narrowed to these issues")


def _today(code: str, zh: str, counts: str) -> Figure:
    return Figure(code, zh, Group.TODAY, counts, _MIDNIGHT, Sensitive.OUT, _STEPS)


def _relay(code: str, zh: str, counts: str) -> Figure:
    rows = "the relays, each with its minutes and whether it was on time"
    return Figure(code, zh, Group.RELAY, counts, _MIDNIGHT + ", or the period of a report", Sensitive.OUT, rows)


def _period(code: str, zh: str, counts: str, since: str = _PERIOD, sensitive: Sensitive = Sensitive.OUT) -> Figure:
    return Figure(code, zh, Group.PERIOD, counts, since, sensitive, "the tables of the report")


# Exercises and what was voided are in none of them.
FIGURES: Final = (
    _now("open", "在办", "Open issues that are not sensitive: the seven states below add up to it.", Condition()),
    _now("red", "已超限", "Open issues whose clock that counts now is red.", Condition(light="red")),
    _now("amber", "将超限", "Open issues whose clock that counts now is amber.", Condition(light="amber")),
    _now(
        "urgent",
        "紧急待受理",
        "Urgent issues that nobody has accepted yet. One that is late is in `red` as well.",
        Condition(states=("reported",), urgent=True),
    ),
    _state("reported", "待受理"),
    _state("accepted", "已受理"),
    _state("filed", "待派遣"),
    _state("in_handling", "处置中"),
    _state("suspended", "已挂账"),
    _state("fed_back", "待核查"),
    _state("verified", "待回访"),
    Figure(
        "sensitive",
        "敏感在办",
        Group.NOW,
        "Open sensitive issues, by township at the finest. `open` and this are all that is open.",
        "now; the duty desk sees it live, everybody else a count that is fetched at least once a minute",
        Sensitive.ONLY,
        "counts per township, never issues",
    ),
    _desk("all", "全部", "Every open issue that this desk sees: `open` and the sensitive ones among them."),
    _desk("ours", "待我办", "Of these, where the next step is this desk's."),
    _desk("out", "在外办", "Of these, the others."),
    _desk(
        "ours_centre",
        "本中心办",
        "At a township's or community's desk: what its centre holds, answers for or has an order of.",
    ),
    _desk("out_centre", "其他在办", "There: the others."),
    _desk("alarm", "告急", "Of these, those whose clock that counts now is amber or red."),
    _desk(
        "unplaced", "待定位", "Of these, those without a cell, or with a report whose place no person has confirmed."
    ),
    _desk(
        "off_map", "不在图上", "Of these, those without a cell: no map can draw them. Each is in `unplaced` as well."
    ),
    _desk("returns", "待裁定", "Of these, those with a return request that nobody has ruled on."),
    _desk("unanswered", "待答复", "Issues, ended ones too, whose reporter waits for an answer."),
    _desk("unseen", "新情况", "Issues, ended ones too, that others changed since this person looked."),
    _desk("members", "网格上报", "Of these, those that came from a grid member's phone, at a township's desk."),
    Figure(
        "alarms",
        "超限未应答",
        Group.WALL,
        "Open issues of which a relay is breached and runs on: nobody has answered.",
        _LIVE,
        Sensitive.OUT,
        "the wall's own list",
    ),
    Figure(
        "nearing",
        "紧急与将超限",
        Group.WALL,
        "Open issues in `urgent` or `amber` that are not in `alarms`.",
        _LIVE,
        Sensitive.OUT,
        "the wall's own list",
    ),
    Figure(
        "unanswered_calls",
        "无人应答的叫应",
        Group.WALL,
        "Calls that nobody has answered, exercises not among them.",
        _LIVE + ", asked every few seconds",
        Sensitive.IN,
        "the desk's calls; on the wall a number",
    ),
    Figure(
        "units_on_duty",
        "在班单位",
        Group.WALL,
        "Units with a roster for which it names somebody at this minute, of all units with a roster.",
        "now, asked once a minute",
        Sensitive.OUT,
        "the shift's page of the desk, with names; on the wall the units only",
    ),
    _today("today_entered", "今日进", "Each time that an issue became open here: reported, reopened or moved in."),
    _today(
        "today_left", "今日出", "Each time that an issue ceased to be open here: closed, declined, merged or moved out."
    ),
    _today("today_reported", "今日上报", "Issues reported, also those that have ended since; of `today_entered`."),
    _today("today_other_in", "今日重开、移入", "The rest of `today_entered`."),
    _today("today_closed", "今日结案", "Issues closed; of `today_left`."),
    _today("today_other_out", "今日不予受理、并案等", "The rest of `today_left`."),
    _today("today_accepted", "今日受理", "Acceptances."),
    _today("today_dispatched", "今日派遣", "Dispatches and redispatches are two steps: this counts dispatches."),
    _today("today_relayed_down", "今日签收", "Issues whose lead unit acknowledged for the first time in a round."),
    _today("today_fed_back", "今日反馈", "Issues whose lead unit fed back."),
    _today(
        "today_breached",
        "今日新超限",
        "Breaches of an issue's clocks that happened; `red` counts issues that are late now.",
    ),
    _relay("relay_up", "上传按时率", "Relays up that ended on time, of all that ended or are breached and still run."),
    _relay("relay_down_issue", "下达按时率（事项）", "The same of an issue's relay down: it judges the centre."),
    _relay("relay_down_order", "下达按时率（派遣单）", "The same of an order's relay down: it judges the unit."),
    _relay("relay_down_forward", "转办按时率", "The same of each hand-over of an order: it judges the taker."),
    _relay("relay_p50", "中位", "Minutes of the relays that ended, `percentile_cont(0.5)`."),
    _relay("relay_p90", "九成", "Minutes of the relays that ended, `percentile_cont(0.9)`."),
    _period("period_entered", "本期进", "In the period, as `today_entered`."),
    _period("period_left", "本期出", "In the period, as `today_left`."),
    _period(
        "open_at_start", "期初在办", "As `open`, just before the period began.", "the instant before the period's start"
    ),
    _period(
        "longest",
        "最久超时",
        "How long the latest issue of a unit is over, by its clock that counts now.",
        "the period's end",
    ),
)
BY_CODE: Final[Mapping[str, Figure]] = {figure.code: figure for figure in FIGURES}
CONDITIONS: Final[Mapping[str, Condition]] = {
    figure.code: figure.condition for figure in FIGURES if figure.condition is not None
}
STATES: Final = tuple(code for code, condition in CONDITIONS.items() if condition.states == (code,))


def zh(code: str) -> str:
    """A figure's Chinese name. Raises KeyError for a figure that is not in the dictionary."""
    return BY_CODE[code].zh
