"""Which rows of a list can be taken in, and what is wrong with the others. Pure.

A row is one person with one post. A row with any fault is not good; a fault in one row spoils no other, but two rows
that claim the same name or number are both refused: nobody can say which was meant.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from command.organisations.departments import Kind
from command.people.access import Role
from command.people.appointing import TIERS_OF, fits_place, fits_tier, fits_unit
from command.people.imports.reading import Fault, Row, Sheet
from command.people.phones import plain
from gis.grid.tiers import Tier

ROLE_ZH: Final[Mapping[str, Role]] = {
    "值班员": Role.DUTY_OFFICER,
    "值班长": Role.DUTY_LEAD,
    "联络员": Role.LIAISON,
    "镇街值班": Role.TOWNSHIP_DESK,
    "社区值班": Role.TOWNSHIP_DESK,
    "网格员": Role.GRID_MEMBER,
    "领导": Role.LEADER,
    "管理员": Role.ADMINISTRATOR,
}
_WHERE: Final[Mapping[Role, str]] = {
    Role.DUTY_OFFICER: "值班员属于值班席；镇街、村社的值班人员请填「镇街值班」。",
    Role.DUTY_LEAD: "值班长属于值班席。",
    Role.TOWNSHIP_DESK: "镇街值班属于镇街或村社综治中心；区值班席请填「值班员」。",
}
USERNAME: Final = re.compile(r"[a-z0-9][a-z0-9_.-]{1,39}")
PHONE: Final = re.compile(r"[0-9+][0-9 -]{4,19}")


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit in use; `place` is the path of the cell that it answers for."""

    id: UUID
    kind: Kind
    place: str | None


@dataclass(frozen=True, slots=True)
class KnownCell:
    """A cell that is valid now."""

    id: UUID
    tier: Tier
    path: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the centre has already: units in use by code, name and short name; cells by code; plain numbers."""

    units: Mapping[str, KnownUnit]
    cells: Mapping[str, KnownCell]
    usernames: frozenset[str]
    phones: frozenset[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """A good row."""

    row: int
    username: str
    name: str
    phone: str | None
    unit_id: UUID
    role: Role
    cell_id: UUID | None


@dataclass(frozen=True, slots=True)
class Checked:
    """What a list comes to."""

    good: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    rows: int


def check(sheet: Sheet, known: Known) -> Checked:
    """Every row judged; faults by row."""
    counted = {
        "用户名": Counter(row.cells["用户名"] for row in sheet.rows),
        "手机号": Counter(plain(row.cells["手机号"]) for row in sheet.rows),
    }
    faults = list(sheet.faults)
    for row in sheet.rows:
        faults += _faults(row, known)
        for column, times in counted.items():
            value = plain(row.cells[column]) if column == "手机号" else row.cells[column]
            if value and times[value] > 1:
                faults.append(
                    Fault(row.number, column, f"表中有 {times[value]} 行相同。", "每人一行，请核对后只留一行。")
                )
    bad = {fault.row for fault in faults}
    good = tuple(_entry(row, known) for row in sheet.rows if row.number not in bad)
    return Checked(good, tuple(sorted(faults, key=lambda fault: fault.row)), len(sheet.rows))


def _faults(row: Row, known: Known) -> Iterator[Fault]:
    cells = row.cells
    if not 1 <= len(cells["姓名"]) <= 40:
        yield Fault(row.number, "姓名", "姓名为空或过长。", "请填写姓名。")
    if not USERNAME.fullmatch(cells["用户名"]):
        yield Fault(row.number, "用户名", "须为 2 至 40 个小写字母、数字或 . _ -。", "请改用拼音或工号。")
    elif cells["用户名"] in known.usernames:
        yield Fault(row.number, "用户名", "这个用户名已被使用。", "请换一个，或在人员页修改原有账号。")
    if cells["手机号"] and not PHONE.fullmatch(cells["手机号"]):
        yield Fault(row.number, "手机号", "不是有效的号码。", "请只填数字。")
    elif plain(cells["手机号"]) in known.phones:
        yield Fault(row.number, "手机号", "这个手机号已属于另一人。", "请核对，或在人员页修改原有账号。")
    unit = known.units.get(cells["单位"])
    if unit is None:
        yield Fault(row.number, "单位", f"没有在用的单位「{cells['单位']}」。", "请填写单位的代码、名称或简称。")
    role = ROLE_ZH.get(cells["岗位"])
    if role is None:
        yield Fault(row.number, "岗位", f"没有岗位「{cells['岗位']}」。", f"可选：{'、'.join(ROLE_ZH)}。")
        return
    if unit and not fits_unit(role, unit.kind):
        yield Fault(row.number, "岗位", f"「{cells['单位']}」不能设{cells['岗位']}。", _WHERE[role])
    cell = known.cells.get(cells["辖区代码"])
    if cells["辖区代码"] and cell is None:
        yield Fault(row.number, "辖区代码", f"没有辖区「{cells['辖区代码']}」。", "请填写网格图上的完整代码。")
    elif role in TIERS_OF and cell is None:
        yield Fault(row.number, "辖区代码", f"{cells['岗位']}必须指定所辖网格或镇街。", "请填写辖区代码。")
    elif cell and not fits_tier(role, cell.tier):
        yield Fault(row.number, "辖区代码", f"{cells['岗位']}的辖区层级不对。", "请填写相应层级的代码。")
    elif cell and unit and fits_unit(role, unit.kind) and not fits_place(role, cell.path, unit.place):
        yield Fault(row.number, "辖区代码", f"不在「{cells['单位']}」的辖区内。", "请核对单位和辖区代码。")


def _entry(row: Row, known: Known) -> Entry:
    cell = known.cells.get(row.cells["辖区代码"])
    return Entry(
        row.number,
        row.cells["用户名"],
        row.cells["姓名"],
        plain(row.cells["手机号"]) or None,
        known.units[row.cells["单位"]].id,
        ROLE_ZH[row.cells["岗位"]],
        cell.id if cell else None,
    )
