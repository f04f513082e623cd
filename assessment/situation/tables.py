"""The tables and the method of a situation report, as rows of text: the page and the PDF show the same. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from assessment.dictionary import zh
from assessment.situation.counting import Flow, Load
from assessment.situation.histories import Light
from assessment.situation.report import Situation
from assessment.situation.rows import LEAVING, OTHER, SEVERITIES, Opens
from assessment.situation.words import (
    CLOCKS,
    ENTERED,
    LEFT,
    LEVELS,
    NONE,
    RELAYS,
    STATES,
    TIERS,
    UNPLACED,
    minutes_text,
    rate_text,
    span_text,
    word,
)

_LOAD_HEADS: Final = tuple(zh(code) for code in ("open", *SEVERITIES))
_FLOW_HEADS: Final = (zh("period_entered"), zh("period_left"))
_LOAD_OPENS: Final = (Opens("found", {}), *(Opens("found", {f"_{code}": 1}) for code in SEVERITIES))
_FLOW_OPENS: Final = (Opens("crossed", {"_in": 1}), Opens("crossed", {"_in": 0}))
_DAY_OPENS: Final = (
    *(Opens("crossed", {"_in": 1, "_how": how}) for how in ("reported", OTHER)),
    *(Opens("crossed", {"_in": 0, "_how": how}) for how in (*LEAVING, OTHER)),
    None,  # what was open then is no list of this report
)
_RELAY_OPENS: Final = (
    Opens("relayed", {}),
    Opens("relayed", {"_ended": 0}),
    Opens("relayed", {"_ended": 1}),
    Opens("relayed", {"_ended": 1}),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `tone`: "red", "amber", "total" or nothing. `where`: what its rows have in common; None: none open."""

    cells: tuple[str, ...]
    tone: str = ""
    where: Mapping[str, str | int] | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One table. The first `texts` columns are words, the others figures; `empty` stands where no row is.

    opens   what the figures of a column open, in the order of the figures; None: nothing
    """

    id: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    texts: int = 1
    note: str = ""
    empty: str = "没有。"
    opens: tuple[Opens | None, ...] = ()

    def behind(self, row: Row, column: int) -> Opens | None:
        """What the figure in that column of that row opens; None for a cell without a figure, or a zero."""
        place = column - self.texts
        if row.where is None or not 0 <= place < len(self.opens) or row.cells[column] in (NONE, "0"):
            return None
        opens = self.opens[place]
        return opens.but(row.where) if opens is not None else None


def local(moment: float | datetime, report: Situation) -> str:
    """`2026-11-22 14:05`, in the centre's zone."""
    at = moment if isinstance(moment, datetime) else datetime.fromtimestamp(moment, report.zone)
    return at.astimezone(report.zone).strftime("%Y-%m-%d %H:%M")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure at the top."""

    word: str
    figure: str
    tone: str = ""
    opens: Opens | None = None


def key_figures(report: Situation) -> list[KeyFigure]:
    """The figures at the top. The sensitive ones are a count and open nothing."""
    load, flow = report.load, report.flow
    everything, amber, red, urgent = _LOAD_OPENS
    entered, left = _FLOW_OPENS
    figures = [
        KeyFigure(zh("open"), str(load.open), "", everything),
        KeyFigure(zh("red"), str(load.red), "red" if load.red else "", red),
        KeyFigure(zh("amber"), str(load.amber), "amber" if load.amber else "", amber),
        KeyFigure(zh("urgent"), str(load.urgent), "urgent" if load.urgent else "", urgent),
        KeyFigure(zh("period_entered"), str(flow.entered.total()), "", entered),
        KeyFigure(zh("period_left"), str(flow.left.total()), "", left),
    ]
    if report.sensitive is not None:
        figures.insert(1, KeyFigure(f"另有{zh('sensitive')}", str(report.sensitive)))
    return figures


def tables_of(report: Situation, *, most_late: int | None = None) -> list[Table]:
    """All tables in the order of the page.

    most_late   how many of the late ones are listed, the longest over first; None: all
    """
    return [
        _states(report),
        _holders(report),
        _late(report, most_late),
        _days(report),
        _areas(report),
        _split("categories", "按事项类别", "类别", "_category", report.by_category),
        _split("families", "按来源", "来源", "_family", report.by_family),
        _relays(report),
    ]


def _figures(load: Load) -> tuple[str, ...]:
    return tuple(str(count) if count else NONE for count in (load.open, load.amber, load.red, load.urgent))


def _tone(load: Load) -> str:
    return "red" if load.red or load.urgent else "amber" if load.amber else ""


def _total(loads: Sequence[Load]) -> Load:
    return Load(
        sum(load.open for load in loads),
        sum(load.amber for load in loads),
        sum(load.red for load in loads),
        sum(load.urgent for load in loads),
    )


def _states(report: Situation) -> Table:
    rows = [
        Row((word(STATES, state), *_figures(load)), _tone(load), {"_state": state})
        for state, load in report.by_state.items()
    ]
    rows.append(Row(("合计", *_figures(_total(list(report.by_state.values())))), "total", {}))
    note = f"另有敏感 {report.sensitive} 件，不在此表。" if report.sensitive else ""
    return Table("states", "在办事项：按状态", ("状态", *_LOAD_HEADS), tuple(rows), note=note, opens=_LOAD_OPENS)


def _holders(report: Situation) -> Table:
    rows = [
        Row(
            (report.names.unit(unit), *_figures(load), span_text(over) if over else NONE),
            _tone(load),
            {"_holder": unit},
        )
        for unit, load, over in report.by_holder
    ]
    heads = ("单位", *_LOAD_HEADS, zh("longest"))
    return Table("holders", "在谁手上：按持有单位", heads, tuple(rows), opens=_LOAD_OPENS)


def _late(report: Situation, most: int | None) -> Table:
    rows = [
        Row(
            (
                row.shown.number,
                report.names.item(row.shown.item),
                row.shown.cell_name or UNPLACED,
                word(STATES, row.shown.state),
                word(LEVELS, row.shown.level),
                report.names.unit(row.shown.holder),
                word(CLOCKS, row.clock),
                span_text(row.over_s),
            ),
            "red",
        )
        for row in report.late[:most]
    ]
    heads = ("编号", "事项", "地点", "状态", "等级", "持有单位", "时限", "已超")
    count = len(report.late)
    note = f"只列超时最久的 {len(rows)} 件，全部见离线网页。" if len(rows) < count else ""
    return Table("late", f"已超限 {count} 件", heads, tuple(rows), texts=7, note=note, empty="没有超限的事项。")


def _flow_cells(flow: Flow) -> tuple[str, ...]:
    others = flow.left.total() - sum(flow.left[how] for how in LEAVING)
    counts = (
        flow.entered["reported"],
        flow.entered.total() - flow.entered["reported"],
        *(flow.left[how] for how in LEAVING),
        others,
    )
    return tuple(str(count) if count else NONE for count in counts)


def _days(report: Situation) -> Table:
    rows = []
    for number, day in enumerate(report.days):
        at = datetime.fromtimestamp(day.start, report.zone)
        rows.append(Row((at.strftime("%m-%d"), *_flow_cells(day.flow), str(day.open_at_end)), where={"_day": number}))
    rows.append(Row(("合计", *_flow_cells(report.flow), str(report.load.open)), "total", {}))
    heads = ("日期", "上报", "重开、移入", "结案", "不予受理", "并案", "移出", "末时在办")
    note = f"期初在办 {report.open_at_start} 件；期初 + 进 − 出 = 期末在办 {report.load.open} 件。"
    return Table("days", "每日进出", heads, tuple(rows), note=note, opens=_DAY_OPENS)


def _areas(report: Situation) -> Table:
    rows = [
        Row(
            (
                row.name,
                *_figures(row.load),
                _count(row.flow.entered),
                _count(row.flow.left),
                str(row.sensitive) if row.sensitive else NONE,
            ),
            _tone(row.load),
            {"_area": row.path or ""},
        )
        for row in report.by_area
    ]
    tier = word(TIERS, report.ground.area_tier)
    note = "敏感事项不列入其他各表，不标点位，不分类别，只在此按地域计数。"
    heads = (tier, *_LOAD_HEADS, *_FLOW_HEADS, zh("sensitive"))
    return Table("areas", f"按{tier}", heads, tuple(rows), note=note, opens=(*_LOAD_OPENS, *_FLOW_OPENS))


def _split(name: str, title: str, head: str, by: str, parts: Sequence[tuple[str, Load, Flow]]) -> Table:
    rows = [
        Row((part, *_figures(load), _count(flow.entered), _count(flow.left)), _tone(load), {by: part})
        for part, load, flow in parts
    ]
    heads = (head, *_LOAD_HEADS, *_FLOW_HEADS)
    return Table(name, title, heads, tuple(rows), opens=(*_LOAD_OPENS, *_FLOW_OPENS))


def _relays(report: Situation) -> Table:
    rows = [
        Row(
            (
                word(RELAYS, row.kind),
                rate_text(row.on_time, len(row.due)),
                str(row.late_now) if row.late_now else NONE,
                minutes_text(row.p50),
                minutes_text(row.p90),
            ),
            "red" if row.late_now else "",
            {"_kind": row.kind},
        )
        for row in report.relays
    ]
    note = "60 分钟上传下达：分母是本期结束的计时和本期终点仍在超限的计时，分子是其中按时结束的；未到期的不计。"
    heads = ("计时", "按时率", "其中仍超限", zh("relay_p50") + "（分）", zh("relay_p90") + "（分）")
    return Table("relays", "上传下达", heads, tuple(rows), note=note, opens=_RELAY_OPENS)


def _count(counter: Counter[str]) -> str:
    return str(counter.total()) if counter.total() else NONE


def lacking(report: Situation) -> str | None:
    """What the period lacks because a past is still being filled in; None: nothing."""
    past = report.source.past
    if past is None:
        return None
    return (
        f"{local(past.until, report)} 之前的事项正在补入（读取时已补入 {past.filled_in} 件，共 {past.issues} 件）："
        "本报告这一段的数字不全，补入完成后请重新生成。"
    )


def method_of(report: Situation) -> list[tuple[str, str]]:
    """What was counted how: the last page of every report."""
    ground, source = report.ground, report.source
    place, tier = ground.place, word(TIERS, ground.place.tier)
    entered = "、".join(ENTERED.values())
    left = "、".join(LEFT.values())
    return [
        ("范围", f"{place.name}（{tier}）全域，由{report.asked_by}提出；能看到该地域全部事项的人可以查看本报告。"),
        ("时段", f"{local(report.period.start, report)} 至 {local(report.period.end, report)}，含起点，不含终点。"),
        (
            "来源",
            f"事实流第 {source.epoch} 纪元、序号 {source.seq}，读取于 {local(source.at, report)}；"
            f"本期共读取 {source.facts} 条事实。同一序号重新计算，结果相同。",
        ),
        (zh("open"), "状态为待受理、已受理、待派遣、处置中、已挂账、待核查、待回访的事项，以时段终点为准。"),
        (
            "灯色",
            "按每件事项此刻计的那个计时：走着的里面灯色最重的，同样重的取最先到期的；用去八成为将超限，到时即为超限。"
            "紧急事项在受理前另标“急”，将超限、超限的同时计入。",
        ),
        ("持有单位", "时段终点持有该事项的单位；没有经手记录的，为当时的责任单位。"),
        ("进出", f"进：{entered}；出：{left}。期初在办 + 进 − 出 = 期末在办。"),
        (
            "上传下达",
            "本期内结束的 60 分钟计时，加上本期终点仍在超限的；59:59 为按时，60:00 为超限，从那一秒起计入分母；"
            "中位与九成只算已结束的，按 percentile_cont 插值，保留一位小数。",
        ),
        ("不计入", "演练和作废的事项不计入任何数字；敏感事项只按地域计数，以读取时为准。没有分母的比率写“—”。"),
        ("点位", "事项最细标到网格中心，不标门牌；报告不含姓名、电话、地址和反映内容。"),
    ]


def rank_char(light: Light) -> str:
    """The character of a mark."""
    return {Light.GREEN: "", Light.AMBER: "近", Light.RED: "超", Light.URGENT: "急"}[light]
