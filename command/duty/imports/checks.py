"""Which rows of a list of shifts can be taken in, and what is wrong with the others. Pure.

A unit is found by its code, name or short name, a person by username or name among those who hold a post of that unit;
what fits two is refused with both.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final, TypeVar
from uuid import UUID

from command.duty.changes import Changes, Standing, must_be_good, said_dated
from command.duty.imports.layout import DAY, EXAMPLE, FROM, KIND, KIND_ZH, PERSON, TO, UNIT, day_of, minute_of
from command.duty.law import DAY_MIN, Dated
from command.lists.contract import Fault, LeftOut, Row, Sheet
from command.lists.naming import Names, why_not_one
from command.units.departments import Stationing
from realtime.feed.errors import Invalid

T = TypeVar("T")
_COLUMN: Final = {"post": PERSON, "starts_at": DAY, "ends_at": TO}


@dataclass(frozen=True, slots=True)
class KnownPost:
    """A post of a unit."""

    id: UUID
    standing: Standing


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit in use: its posts by who holds them, and the dated shifts that stand there."""

    id: UUID
    posts: Names[KnownPost]
    dated: tuple[Dated, ...] = ()


@dataclass(frozen=True, slots=True)
class NewShift:
    """A good row."""

    row: int
    unit_id: UUID
    shift: Dated


@dataclass(frozen=True, slots=True)
class CheckedShifts:
    """What a list comes to."""

    good: tuple[NewShift, ...]
    faults: tuple[Fault, ...]
    rows: int
    left_out: tuple[LeftOut, ...] = ()


def check(sheet: Sheet, units: Names[KnownUnit], at: datetime, here: tzinfo) -> CheckedShifts:
    """Every row judged, each after those above it; faults by row."""
    told = {(fault.row, fault.column) for fault in sheet.faults}
    broken = {fault.row for fault in sheet.faults}
    faults = [*sheet.faults]
    good: list[NewShift] = []
    taken: dict[UUID, list[tuple[int | None, Dated]]] = {}
    for row in sheet.rows:
        judged = _Judged(row, units, at, here)
        faults += [fault for fault in judged.faults if (fault.row, fault.column) not in told]
        if judged.made is None or judged.unit is None or row.number in broken:
            continue
        standing = taken.setdefault(judged.unit.id, [(None, one) for one in judged.unit.dated])
        if clash := _clash(judged.made.shift, standing, here):
            faults.append(Fault(row.number, PERSON.name, clash, "同一岗位同一时间只能有一个班次，请改正或删去一行。"))
            continue
        standing.append((row.number, judged.made.shift))
        good.append(judged.made)
    faults.sort(key=lambda fault: fault.row)
    return CheckedShifts(tuple(good), tuple(faults), len(sheet.rows), sheet.left_out)


def _clash(shift: Dated, standing: Sequence[tuple[int | None, Dated]], here: tzinfo) -> str | None:
    for row, other in standing:
        if other.post == shift.post and other.starts_at < shift.ends_at and shift.starts_at < other.ends_at:
            where = f"与第 {row} 行" if row else "与值班表上已有的"
            return f"{where}「{said_dated(other, here)}」时间重叠。"
    return None


class _Judged:
    """One row: its faults, and the shift that it makes when it has none."""

    def __init__(self, row: Row, units: Names[KnownUnit], at: datetime, here: tzinfo) -> None:
        self._row, self._cells = row, row.cells
        self.faults: list[Fault] = []
        self.made: NewShift | None = None
        self.unit: KnownUnit | None = None
        if row.cells[UNIT.name] == EXAMPLE[0]:
            self._blame(UNIT.name, "这是模板里的示例。", "请删去示例行，填写真实班次。")
            return
        self.unit = self._unit(units)
        post = self._person(self.unit) if self.unit else None
        day = self._read(DAY.name, day_of, "日期", "请写成 2026-10-01。")
        start = self._read(FROM.name, minute_of, "开始时间", "请写成 08:30。")
        end = self._read(TO.name, minute_of, "结束时间", "请写成 17:30，次日结束的写成 次日08:30。")
        kind = self._kind()
        if self.faults or self.unit is None or post is None or day is None or start is None or end is None:
            return
        if end < start:
            end += DAY_MIN  # a night that was written 20:00 to 08:00
        midnight = datetime.combine(day, time(), here)
        shift = Dated(post.id, midnight + timedelta(minutes=start), midnight + timedelta(minutes=end), kind)
        try:
            must_be_good(Changes(dated=(shift,)), {post.id: post.standing}, at, here)
        except Invalid as refused:
            column = _COLUMN.get((refused.field or "").rsplit(".", 1)[-1], PERSON)
            self._blame(column.name, refused.detail, refused.remedy or "请改正。")
            return
        self.made = NewShift(row.number, self.unit.id, shift)

    def _blame(self, column: str, why: str, remedy: str) -> None:
        self.faults.append(Fault(self._row.number, column, why, remedy))

    def _unit(self, units: Names[KnownUnit]) -> KnownUnit | None:
        text = self._cells[UNIT.name]
        if not text:
            self._blame(UNIT.name, "单位为空。", "请填写单位的代码或名称。")
            return None
        found = units.find(text)
        if trouble := why_not_one(found, text, "单位"):
            self._blame(UNIT.name, *trouble)
            return None
        return found[0].thing

    def _person(self, unit: KnownUnit) -> KnownPost | None:
        text = self._cells[PERSON.name]
        if not text:
            self._blame(PERSON.name, "人员为空。", "请填写用户名或姓名。")
            return None
        found = unit.posts.find(text)
        if not found:
            self._blame(PERSON.name, f"这个单位没有「{text}」的在任岗位。", "请核对姓名；岗位由管理员任命。")
            return None
        if len(found) > 1:
            self._blame(PERSON.name, f"这个单位有 {len(found)} 个「{text}」。", "请填写用户名。")
            return None
        return found[0].thing

    def _read(self, column: str, how: Callable[[str], T | None], what: str, remedy: str) -> T | None:
        text = self._cells[column]
        found = how(text)
        if found is None:
            self._blame(column, f"{what}「{text}」看不懂。" if text else f"{what}为空。", remedy)
        return found

    def _kind(self) -> Stationing | None:
        text = self._cells[KIND.name]
        if text and text not in KIND_ZH:
            self._blame(KIND.name, f"没有入驻方式「{text}」。", f"可选：{'、'.join(KIND_ZH)}；空着算轮驻。")
        return KIND_ZH.get(text) if text else Stationing.ROTATING
