"""Which rows of a list of units can be taken in, and what is wrong with the others. Pure.

A unit of a place is found on the grid by its code, by its name, or by its name below a township. A place that fits two
is refused with both. A code is given once and never again; two units of one name lie in two places.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from command import forms
from command.lists.contract import Fault, LeftOut, Row, Sheet
from command.lists.naming import Named, Names, why_not_one
from command.organisations.imports.layout import EXAMPLE, KIND_ZH, KINDS_TOLD, WAY_ZH
from command.people.imports.checks import KnownCell
from command.units.departments import TIER_OF_KIND, Kind, Stationing
from gis.grid.tiers import Tier
from gis.names import folded, why_no_name

CODE: Final = re.compile(forms.UNIT_CODE)
MAX_NAME_CHARS: Final = 60
_TAIL: Final = re.compile(
    r"(社区|村)?(居民委员会|居委会|村民委员会|村委会|村级综治中心|综治中心|综治工作站|综治工作中心)$"
)


@dataclass(frozen=True, slots=True)
class KnownUnits:
    """What the centre has: every code that was ever given, names in use by place (path; "" for the whole centre)."""

    codes: frozenset[str]
    names: frozenset[tuple[str, str]]
    manned: frozenset[tuple[Kind, str]]  # places that have a centre of their kind already
    cells: Names[KnownCell]


@dataclass(frozen=True, slots=True)
class NewRow:
    """A good row. `cell_path`: the place that it answers for."""

    row: int
    code: str
    name: str
    short: str
    kind: Kind
    stationing: Stationing
    cell_id: UUID | None
    cell_path: str | None


@dataclass(frozen=True, slots=True)
class CheckedUnits:
    """What a list comes to."""

    good: tuple[NewRow, ...]
    faults: tuple[Fault, ...]
    rows: int
    left_out: tuple[LeftOut, ...] = ()


def check(sheet: Sheet, known: KnownUnits) -> CheckedUnits:
    """Every row judged; faults by row."""
    told = {(fault.row, fault.column) for fault in sheet.faults}
    judged = [_Judged(row, known) for row in sheet.rows]
    faults = [*sheet.faults]
    faults += [fault for one in judged for fault in one.faults if (fault.row, fault.column) not in told]
    made = [one.made for one in judged if one.made is not None]
    faults += _twice(made)
    bad = {fault.row for fault in faults}
    faults.sort(key=lambda fault: fault.row)
    return CheckedUnits(
        tuple(row for row in made if row.row not in bad), tuple(faults), len(sheet.rows), sheet.left_out
    )


def _twice(made: Sequence[NewRow]) -> Iterator[Fault]:
    codes = Counter(row.code for row in made)
    names = Counter((folded(row.name), row.cell_path) for row in made)
    places = Counter((row.kind, row.cell_path) for row in made if row.kind in TIER_OF_KIND)
    for row in made:
        if codes[row.code] > 1:
            yield Fault(row.row, "代码", f"表中有 {codes[row.code]} 行用代码「{row.code}」。", "代码各不相同，请改正。")
        elif names[folded(row.name), row.cell_path] > 1:
            yield Fault(
                row.row, "名称", f"表中同一处有 {names[folded(row.name), row.cell_path]} 行同名。", "请只留一行。"
            )
        elif row.kind in TIER_OF_KIND and places[row.kind, row.cell_path] > 1:
            yield Fault(row.row, "辖区", "表中另有一行管辖同一处。", "一处只设一个综治中心，请核对。")


class _Judged:
    """One row: its faults, and the unit that it makes when it has none."""

    def __init__(self, row: Row, known: KnownUnits) -> None:
        self._row, self._cells, self._known = row, row.cells, known
        self.faults: list[Fault] = []
        self.made: NewRow | None = None
        if row.cells["名称"] == EXAMPLE[0] or row.cells["代码"] == EXAMPLE[3]:
            self._blame("名称", "这是模板里的示例，不是真的单位。", "请删去示例行，填写真实单位。")
            return
        name, short = self._name("名称"), self._name("简称") or self._cells["名称"]
        kind = self._kind()
        way = self._way()
        cell = self._place(kind) if kind else None
        code = self._code(cell)
        if self.faults or kind is None or way is None or name is None or code is None:
            return
        path = cell.thing.path if cell else None
        if (folded(name), path or "") in known.names:
            self._blame("名称", f"同一处已有在用的单位「{name}」。", "请换名，或删去这一行。")
        elif path and kind in TIER_OF_KIND and (kind, path) in known.manned:
            self._blame(
                "辖区", f"「{cell.path if cell else ''}」已有在用的综治中心。", "请删去这一行，或先撤销原有的。"
            )
        else:
            self.made = NewRow(row.number, code, name, short, kind, way, cell.thing.id if cell else None, path)

    def _blame(self, column: str, why: str, remedy: str) -> None:
        self.faults.append(Fault(self._row.number, column, why, remedy))

    def _name(self, column: str) -> str | None:
        name = self._cells[column]
        if not name:
            if column == "名称":
                self._blame(column, "名称为空。", "请填写名称。")
            return None
        if len(name) > MAX_NAME_CHARS:
            self._blame(column, f"{column}有 {len(name)} 个字，超过 {MAX_NAME_CHARS} 个。", "请改短。")
        elif why := why_no_name(name):
            self._blame(column, f"{why}。", f"请填写单位的{column}。")
        return name

    def _kind(self) -> Kind | None:
        text = self._cells["类别"]
        kind = KIND_ZH.get(text)
        if text == "值班席":
            self._blame("类别", "每个中心只有一个值班席。", "请选择其他类别。")
        elif kind is None:
            self._blame("类别", f"没有类别「{text}」。" if text else "类别为空。", f"可选：{'、'.join(KINDS_TOLD)}。")
        return kind

    def _way(self) -> Stationing | None:
        text = self._cells["驻场方式"]
        way = WAY_ZH.get(text) if text else Stationing.ON_CALL
        if way is None:
            self._blame("驻场方式", f"没有驻场方式「{text}」。", f"可选：{'、'.join(WAY_ZH)}；空着算随叫随驻。")
        return way

    def _place(self, kind: Kind) -> Named[KnownCell] | None:
        """The cell that it answers for: what 辖区 says, else its own code, else its name below 上级."""
        tier = TIER_OF_KIND.get(kind)
        text, above = self._cells["辖区"], self._cells["上级"]
        if text:
            return self._one(
                self._known.cells.find(f"{above}/{text}" if above and "/" not in text else text), text, tier
            )
        if tier is None:
            if above:
                return self._one(self._known.cells.find(above), above, None)
            return None
        by_code = self._of_tier(self._known.cells.find(self._cells["代码"]), tier) if self._cells["代码"] else []
        if by_code:
            return self._one(by_code, self._cells["代码"], tier)
        for name in self._said():
            found = self._of_tier(self._known.cells.find(f"{above}/{name}" if above else name), tier)
            if found:
                return self._one(found, f"{above}/{name}" if above else name, tier)
        what = "镇街" if tier is Tier.TOWNSHIP else "村社"
        self._blame(
            "辖区",
            f"网格图上没有找到{what}「{self._cells['简称'] or self._cells['名称']}」。",
            f"请在「辖区」中填写{what}的代码，或「镇街/社区」这样带上级的名称；先用边界文件导入网格。",
        )
        return None

    def _said(self) -> list[str]:
        """Names by which its place may stand on the grid: 浮星桥社区居委会 is the centre of 浮星桥社区."""
        names = [name for name in (self._cells["简称"], self._cells["名称"]) if name]
        names += [_TAIL.sub(r"\1", name) for name in names]
        return list(dict.fromkeys(name for name in names if name))

    def _of_tier(self, found: Sequence[Named[KnownCell]], tier: Tier | None) -> list[Named[KnownCell]]:
        return [one for one in found if tier is None or one.thing.tier is tier]

    def _one(self, found: Sequence[Named[KnownCell]], text: str, tier: Tier | None) -> Named[KnownCell] | None:
        fitting = self._of_tier(found, tier)
        if found and not fitting:
            what = "镇街" if tier is Tier.TOWNSHIP else "村社"
            self._blame("辖区", f"「{text}」不是{what}。", "请填写相应层级的辖区。")
            return None
        if trouble := why_not_one(fitting, text, "辖区"):
            self._blame("辖区", *trouble)
            return None
        return fitting[0]

    def _code(self, cell: Named[KnownCell] | None) -> str | None:
        """Its own code; without one, a place's centre has the place's."""
        text = self._cells["代码"]
        if not text and cell is not None and self._cells["类别"] in KIND_ZH:
            kind = KIND_ZH[self._cells["类别"]]
            text = cell.code.lower().replace("-", "_") if kind in TIER_OF_KIND else ""
        if not text:
            self._blame("代码", "代码为空。", "请填写代码：小写字母、数字、_，如 water_bureau；代码不重复使用。")
            return None
        if not CODE.fullmatch(text):
            self._blame("代码", f"「{text}」不能作代码。", "须为小写字母、数字或 _，最多 40 个。")
            return None
        if text in self._known.codes:
            self._blame("代码", f"代码「{text}」已用过。", "代码不重复使用，请换一个；已有的单位请在单位页修改。")
        return text
