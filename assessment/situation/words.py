"""The Chinese words of a situation report, by the codes of cards."""

from typing import Final

from command.catalogue.contract import Level
from command.channels.contract import SourceFamily
from dispatch.matter.clocks.allowances import ClockKind
from dispatch.matter.issues.states import State
from gis.grid.tiers import Tier

STATES: Final = dict(State.choices())
LEVELS: Final = dict(Level.choices())
CLOCKS: Final = dict(ClockKind.choices())
RELAYS: Final = {
    "relay_up": "上传（每条接报）",
    "relay_down_issue": "下达（事项，至主办首次签收）",
    "relay_down_order": "下达（每张派遣单，至签收）",
    "relay_down_forward": "转办（每一棒，至签收）",
}
TIERS: Final = dict(Tier.choices())
FAMILIES: Final = dict(SourceFamily.choices())
ENTERED: Final = {"reported": "上报", "reopened": "重开或复核", "moved": "移入"}
LEFT: Final = {"closed": "结案", "declined": "不予受理", "merged": "并案", "moved": "移出"}
NONE: Final = "—"
UNPLACED: Final = "未定位"


def word(table: dict[str, str], code: str) -> str:
    """The word of a code; the code itself where there is none."""
    return table.get(code, code)


def span_text(seconds: float) -> str:
    """`3分`, `3时05分`, `2天4时`: whole minutes, downwards."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes}分"
    if minutes < 1440:
        return f"{minutes // 60}时{minutes % 60:02d}分"
    return f"{minutes // 1440}天{minutes % 1440 // 60}时"


def rate_text(numerator: int, denominator: int) -> str:
    """`97.0%（591/609）`: one decimal, half up; "—" without a denominator."""
    if denominator == 0:
        return NONE
    tenths = (numerator * 2000 + denominator) // (denominator * 2)
    return f"{tenths // 10}.{tenths % 10}%（{numerator}/{denominator}）"


def minutes_text(minutes: float | None) -> str:
    """`12.5`: one decimal, half up; "—" for none."""
    if minutes is None:
        return NONE
    tenths = int(minutes * 10 + 0.5)
    return f"{tenths // 10}.{tenths % 10}"
