"""What a list of shifts holds: its columns, what offices call them, and how days and clocks are written."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from command.duty.law import DAY_MIN
from command.lists.contract import Column, Layout, Sort
from command.units.departments import Stationing

UNIT: Final = Column("单位", Sort.CODE, ("单位代码", "单位名称", "部门", "简称"))
DAY: Final = Column("日期", Sort.DAY, ("值班日期", "年月日"))
FROM: Final = Column("开始", Sort.CLOCK, ("开始时间", "起", "起始", "从", "上班"))
TO: Final = Column("结束", Sort.CLOCK, ("结束时间", "止", "截止", "到", "下班"))
PERSON: Final = Column("人员", Sort.NAME, ("用户名", "姓名", "值班人员", "值班人", "账号"))
KIND: Final = Column("入驻方式", Sort.NAME, ("方式", "驻场方式", "值班方式"), False)
EXAMPLE: Final = ("示例单位", "2026-01-01", "08:30", "次日08:30", "shili", "轮驻")
LAYOUT: Final = Layout("值班表", (UNIT, DAY, FROM, TO, PERSON, KIND), EXAMPLE)

KIND_ZH: Final[Mapping[str, Stationing | None]] = {**{way.zh: way for way in Stationing}, "缺勤": None}
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
_CLOCK: Final = re.compile(r"(次日|翌日|第二天)?\s*(\d{1,2})\s*[:：点时]\s*(\d{1,2})?(?::00)?\s*分?")


def day_of(text: str) -> date | None:
    """`2026-10-01`, `2026/10/1`, `2026年10月1日`; None for what is no day."""
    found = _DAY.fullmatch(text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def minute_of(text: str) -> int | None:
    """`08:30`, `8时30分`, `24:00`, `次日08:00`: minutes from the day's midnight on; None for what is no clock."""
    found = _CLOCK.fullmatch(text)
    if found is None:
        return None
    hours, minutes = int(found[2]), int(found[3] or 0)
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        return None
    return hours * 60 + minutes + (DAY_MIN if found[1] else 0)
