"""The Chinese words of a situation report, by the codes of cards. The glossary (docs/glossary.csv) decides them."""

from typing import Final

STATES: Final = {
    "reported": "待受理",
    "accepted": "已受理",
    "filed": "待派遣",
    "in_handling": "处置中",
    "suspended": "已挂账",
    "fed_back": "待核查",
    "verified": "待回访",
    "declined": "未予受理",
    "merged": "已并案",
    "closed": "已结案",
    "archived": "已归档",
    "voided": "已作废",
}
LEVELS: Final = {"general": "一般", "major": "重大", "special_risk": "特殊风险"}
CLOCKS: Final = {
    "relay_up": "上传",
    "relay_down_issue": "下达",
    "relay_down_order": "下达·签收",
    "relay_down_forward": "转办·签收",
    "dispatch": "派遣",
    "redispatch": "改派",
    "handling_issue": "处置",
    "handling_order": "处置·单位",
    "rework": "返工",
    "on_scene": "到场",
    "suspension": "挂账",
}
RELAYS: Final = {
    "relay_up": "上传（每条接报）",
    "relay_down_issue": "下达（事项，至主办首次签收）",
    "relay_down_order": "下达（每张派遣单，至签收）",
    "relay_down_forward": "转办（每一棒，至签收）",
}
TIERS: Final = {
    "district": "区县",
    "township": "镇街",
    "community": "村社",
    "grid": "网格",
    "micro_grid": "微网格",
}
FAMILIES: Final = {
    "court": "诉源",
    "police": "警源",
    "petition": "访源",
    "arbitration": "仲源",
    "grid": "网格",
    "hotline": "热线",
    "department": "部门",
    "superior": "上级",
}
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
