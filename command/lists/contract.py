"""What a list may hold and what came out of a file: columns, rows, faults, what was left out. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from gis.names import folded
from realtime.feed.codes import RefusalCode
from realtime.feed.errors import Invalid

MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 2_000
MAX_LINES: Final = 100_000  # with the blank ones
MAX_CELL_CHARS: Final = 200
MAX_COLUMNS: Final = 200
_MARKS: Final = re.compile(r"[（(].*?[）)]|[*＊:：\s]")


class Sort(StrEnum):
    """How the cells of a column are read."""

    NAME = "name"  # of a person, a body, a place: without spaces between ideographs
    CODE = "code"  # plain width, no leading apostrophe
    PHONE = "phone"
    DAY = "day"  # a cell of the spreadsheet's own kind of date is taken, too
    CLOCK = "clock"  # the same of a time


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its own name, and what offices call it too. One that is not `needed` may be missing."""

    name: str
    sort: Sort = Sort.NAME
    others: tuple[str, ...] = ()
    needed: bool = True

    def is_called(self, head: str) -> bool:
        """Whether a head's cell means this column: `* 姓 名（必填）` is 姓名."""
        return said(head) in {said(name) for name in (self.name, *self.others)}


@dataclass(frozen=True, slots=True)
class Layout:
    """A kind of list: the sheet's name in the template, its columns, the template's example row."""

    sheet: str
    columns: tuple[Column, ...]
    example: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' own names, in the template's order."""
        return tuple(column.name for column in self.columns)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its number as the spreadsheet shows it, the column, why, and what to do."""

    row: int
    column: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that holds no text that could be read: why, what to do. `meant`: what a column of days or clocks reads."""

    why: str
    remedy: str
    meant: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a sheet that holds something, as it stands there."""

    number: int
    cells: tuple[str | Bad, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet of a workbook, or a text: its lines, how many are blank, and what is merged or hidden in it."""

    name: str
    lines: tuple[Line, ...]
    blank: int = 0
    merged: tuple[str, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()  # from 0
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What of a file was not taken for rows: what, how many, why."""

    what: str
    count: int
    why: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row, its cells cleaned, by the columns' own names; "" where nothing stands or the cell is at fault."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a file that hold something, what is wrong with how they are written, and what was left out."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]
    left_out: tuple[LeftOut, ...] = ()


def said(head: str) -> str:
    """A head's cell without marks, brackets and spaces."""
    return folded(_MARKS.sub("", head))


def refused(code: RefusalCode, detail: str, remedy: str) -> Invalid:
    """The refusal of a file as a whole."""
    return Invalid(code, detail, field="file", rule="6", remedy=remedy)


def must_be_narrow(number: int, columns: int) -> None:
    """Returns if a line has no more columns than a list may have. Raises Invalid: nothing is left out unsaid."""
    if columns > MAX_COLUMNS:
        raise refused("import.too_large", f"第 {number} 行超过 {MAX_COLUMNS} 列。", "请只保留需要的列。")


def some(names: Iterable[str], *, most: int = 8) -> str:
    """`甲、乙 等 9 个`: the first of many, and how many they are."""
    listed: Sequence[str] = tuple(names)
    return "、".join(listed[:most]) + (f" 等 {len(listed)} 个" if len(listed) > most else "")
