"""Which rows of a list can be taken in, and what is wrong with the others. Pure.

A row is one person with one post. A row with any fault is not good; a fault in one row spoils no other, but two rows
that claim the same name or number are both refused: nobody can say which was meant. Nor is a name that fits two units.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from command import forms
from command.access import Role, within
from command.lists.contract import Fault, LeftOut, Row, Sheet
from command.lists.naming import Names, narrowed, why_not_one
from command.people.appointing import TIERS_OF, fits_place, fits_tier, fits_unit
from command.people.imports.reading import EXAMPLE
from command.phones import why_no_phone
from command.units.departments import Kind
from gis.grid.tiers import Tier
from gis.names import why_no_name

ROLE_ZH: Final[Mapping[str, Role]] = {**{role.zh: role for role in Role}, "社区值班": Role.TOWNSHIP_DESK}
_WHERE: Final[Mapping[Role, str]] = {
    Role.DUTY_OFFICER: "值班员属于值班席；镇街、村社的值班人员请填「镇街值班」。",
    Role.DUTY_LEAD: "值班长属于值班席。",
    Role.TOWNSHIP_DESK: "镇街值班属于镇街或村社综治中心；区值班席请填「值班员」。",
}
USERNAME: Final = re.compile(forms.USERNAME)
MAX_NAME_CHARS: Final = 40


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
    """What the centre has already: units in use, cells, names and plain numbers that are somebody's."""

    units: Names[KnownUnit]
    cells: Names[KnownCell]
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
    left_out: tuple[LeftOut, ...] = ()


def check(sheet: Sheet, known: Known) -> Checked:
    """Every row judged; faults by row."""
    faults = [*sheet.faults, *_twice(sheet.rows)]
    told = {(fault.row, fault.column) for fault in sheet.faults}
    good: list[Entry] = []
    for row in sheet.rows:
        judged = _Judged(row, known)
        faults += [fault for fault in judged.faults if (fault.row, fault.column) not in told]
        if judged.entry is not None:
            good.append(judged.entry)
    bad = {fault.row for fault in faults}
    faults.sort(key=lambda fault: fault.row)
    return Checked(
        tuple(entry for entry in good if entry.row not in bad), tuple(faults), len(sheet.rows), sheet.left_out
    )


def _twice(rows: Sequence[Row]) -> Iterator[Fault]:
    whole = Counter(tuple(row.cells.values()) for row in rows)
    for row in rows:
        if (times := whole[tuple(row.cells.values())]) > 1:
            yield Fault(row.number, "整行", f"表中有 {times} 行完全相同。", "请只留一行。")
    for column in ("用户名", "手机号"):
        at: dict[str, list[int]] = {}
        for row in rows:
            at.setdefault(row.cells[column], []).append(row.number)
        for value, numbers in at.items():
            if value and len(numbers) > 1:
                others = "、".join(str(number) for number in numbers[:6])
                why = f"表中有 {len(numbers)} 行相同（第 {others} 行{'等' if len(numbers) > 6 else ''}）。"
                yield from (Fault(number, column, why, "每人一行，请核对后只留一行。") for number in numbers)


class _Judged:
    """One row: its faults, and the entry that it makes when it has none."""

    def __init__(self, row: Row, known: Known) -> None:
        self._row, self._cells, self._known = row, row.cells, known
        self.faults: list[Fault] = []
        self._person()
        unit = self._unit()
        role = ROLE_ZH.get(self._cells["岗位"])
        if role is None:
            self._blame("岗位", f"没有岗位「{self._cells['岗位']}」。", f"可选：{'、'.join(ROLE_ZH)}。")
        cell = self._cell(unit, role)
        self.entry: Entry | None = None
        if unit and role and not self.faults:
            self.entry = Entry(
                row.number,
                self._cells["用户名"],
                self._cells["姓名"],
                self._cells["手机号"] or None,
                unit.id,
                role,
                cell.id if cell else None,
            )

    def _blame(self, column: str, why: str, remedy: str) -> None:
        self.faults.append(Fault(self._row.number, column, why, remedy))

    def _person(self) -> None:
        name, username, phone = self._cells["姓名"], self._cells["用户名"], self._cells["手机号"]
        if sum(one == other for one, other in zip((name, username, phone), EXAMPLE, strict=False)) >= 2:
            return self._blame("姓名", "这是模板里的示例，不是真人。", "请删去示例行，填写真实人员。")
        if not name:
            self._blame("姓名", "姓名为空。", "请填写姓名。")
        elif len(name) > MAX_NAME_CHARS:
            self._blame("姓名", f"姓名有 {len(name)} 个字，超过 {MAX_NAME_CHARS} 个。", "请改短。")
        elif why := why_no_name(name):
            self._blame("姓名", f"{why}。", "请填写真实姓名。")
        if not USERNAME.fullmatch(username):
            self._blame("用户名", "须为 2 至 40 个小写字母、数字或 . _ -。", "请改用拼音或工号。")
        elif username in self._known.usernames:
            self._blame("用户名", "这个用户名已被使用。", "请换一个，或在人员页修改原有账号。")
        if phone and (why := why_no_phone(phone)):
            self._blame("手机号", f"{why}。", "请把这一列设为文本格式，每格填一个完整的号码。")
        elif phone in self._known.phones:
            self._blame("手机号", "这个手机号已属于另一人。", "请核对，或在人员页修改原有账号。")
        return None

    def _unit(self) -> KnownUnit | None:
        text = self._cells["单位"]
        if not text:
            self._blame("单位", "单位为空。", "请填写单位的代码、名称或简称。")
            return None
        found = self._known.units.find(text)
        if trouble := why_not_one(found, text, "在用的单位"):
            self._blame("单位", *trouble)
            return None
        return found[0].thing

    def _cell(self, unit: KnownUnit | None, role: Role | None) -> KnownCell | None:
        post, text = self._cells["岗位"], self._cells["辖区代码"]
        if role is None:
            return None
        if unit and not fits_unit(role, unit.kind):
            self._blame("岗位", f"「{self._cells['单位']}」不能设{post}。", _WHERE[role])
        if not text:
            if role in TIERS_OF:
                self._blame("辖区代码", f"{post}必须指定所辖网格或镇街。", "请填写辖区代码。")
            return None
        found = self._known.cells.find(text)
        if len(found) > 1:
            found = narrowed(found, lambda cell: fits_tier(role, cell.tier))
        if len(found) > 1 and unit and unit.place:
            place = unit.place
            found = narrowed(found, lambda cell: within(cell.path, place))
        if trouble := why_not_one(found, text, "辖区"):
            self._blame("辖区代码", *trouble)
            return None
        cell = found[0].thing
        if not fits_tier(role, cell.tier):
            self._blame("辖区代码", f"{post}的辖区层级不对。", "请填写相应层级的代码。")
        elif unit and fits_unit(role, unit.kind) and not fits_place(role, cell.path, unit.place):
            self._blame("辖区代码", f"不在「{self._cells['单位']}」的辖区内。", "请核对单位和辖区代码。")
        return cell
