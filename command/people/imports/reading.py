"""Rows of an uploaded spreadsheet, XLSX or CSV. A file is hostile until it is read: sizes first, then structure."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from realtime.feed.errors import Invalid

COLUMNS: Final = ("姓名", "用户名", "手机号", "单位", "岗位", "辖区代码")
SHEET: Final = "人员"
MAX_BYTES: Final = 5_000_000
MAX_UNPACKED: Final = 60_000_000  # of the whole archive: a bomb says its size before it goes off
MAX_PARTS: Final = 300
MAX_ROWS: Final = 2_000
MAX_CELL_CHARS: Final = 200
_MERGED: Final = re.compile(rb'<mergeCell\s+ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_SHEET_PART: Final = re.compile(r"xl/worksheets/[^/]+\.xml")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a row: its number as the spreadsheet shows it, the column, why, and what to do."""

    row: int
    column: str
    why: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row as typed, cells by column."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of a file that hold something, and what is wrong with how they are written."""

    rows: tuple[Row, ...]
    faults: tuple[Fault, ...]


def read(name: str, content: bytes) -> Sheet:
    """The rows of an XLSX or CSV file.

    Raises Invalid for a file that is too large, is neither, unpacks to too much, lacks the sheet or a column, or has
    more than 2,000 rows.
    """
    if len(content) > MAX_BYTES:
        raise _refused("import.too_large", "文件超过 5 MB。", "请拆成几份，每份不超过 2000 行。")
    if content.startswith(b"PK"):
        return _table(_xlsx(content), _merged(content))
    if name.lower().endswith(".csv"):
        return _table(_csv(content), [])
    raise _refused("import.unreadable", "文件既不是 XLSX，也不是 CSV。", "请下载模板，填写后上传。")


def _refused(code: str, detail: str, remedy: str) -> Invalid:
    return Invalid(code, detail, field="file", rule="6", remedy=remedy)


def _opened(content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except zipfile.BadZipFile:
        raise _refused("import.unreadable", "文件已损坏，无法打开。", "请重新保存后上传。") from None
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_UNPACKED:
        raise _refused("import.too_large", "文件展开后过大。", "请只保留需要导入的工作表。")
    return archive


def _merged(content: bytes) -> list[str]:
    """Ranges of merged cells; what is no spreadsheet, or brings entities along, is refused before it is parsed."""
    found: list[str] = []
    with _opened(content) as archive:
        for part in archive.infolist():
            try:
                inside = archive.read(part)
            except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError, EOFError):
                raise _refused("import.unreadable", "文件已损坏或加密。", "请去掉密码，重新保存后上传。") from None
            if b"<!DOCTYPE" in inside or b"<!ENTITY" in inside:
                raise _refused("import.unreadable", "文件含有不允许的内容。", "请用表格软件重新保存后上传。")
            if _SHEET_PART.fullmatch(part.filename):
                found += [ref.decode() for ref in _MERGED.findall(inside)]
    return found


def _xlsx(content: bytes) -> Iterator[tuple[int, list[str | Fault]]]:
    _merged(content)  # sizes and entities, before anything is parsed
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, TypeError, OSError, SyntaxError, AttributeError):
        raise _refused("import.unreadable", "文件不是可读的 XLSX。", "请用表格软件另存为 XLSX 后上传。") from None
    if SHEET not in book.sheetnames:
        raise _refused("import.sheet_missing", f"没有名为「{SHEET}」的工作表。", "请使用模板中的工作表。")
    sheet = book[SHEET]
    for number, cells in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=len(COLUMNS)), start=1):
        yield number, [_cell(number, column, cell) for column, cell in enumerate(cells)]


def _cell(row: int, column: int, cell: object) -> str | Fault:
    value = getattr(cell, "value", None)
    if getattr(cell, "data_type", "") == "f":
        name = COLUMNS[column] if column < len(COLUMNS) else str(column + 1)
        return Fault(row, name, "单元格是公式。", "请粘贴为数值后再上传。")
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # a telephone number typed as a number
    return str(value).strip()


def _csv(content: bytes) -> Iterator[tuple[int, list[str | Fault]]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise _refused("import.unreadable", "文件的编码无法识别。", "请另存为 UTF-8 编码的 CSV。")
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text), strict=True), start=1):
            yield number, [cell.strip() for cell in cells]
            if number > MAX_ROWS + 1:
                return
    except csv.Error:
        raise _refused("import.unreadable", "CSV 的引号不成对。", "请用表格软件重新保存后上传。") from None


def _table(lines: Iterator[tuple[int, list[str | Fault]]], merged: Sequence[str]) -> Sheet:
    _, head = next(lines, (1, []))
    missing = [column for column in COLUMNS if column not in head]
    if missing:
        raise _refused("import.column_missing", f"缺少列：{'、'.join(missing)}。", "第一行须为模板的列名。")
    faults = [
        Fault(int(re.sub(r"\D", "", ref.split(":")[0])), ref, "单元格被合并。", "请取消合并，每人一行。")
        for ref in merged
    ]
    rows: list[Row] = []
    for number, cells in lines:
        if not any(cells):
            continue
        if len(rows) == MAX_ROWS:
            raise _refused("import.too_large", f"超过 {MAX_ROWS} 行。", "请拆成几份上传。")
        given: dict[str, str] = {}
        for column, cell in zip(head, cells, strict=False):
            if isinstance(cell, Fault):
                faults.append(cell)
            elif isinstance(column, str) and column in COLUMNS:
                if len(cell) > MAX_CELL_CHARS or not cell.isprintable():
                    faults.append(Fault(number, column, "内容过长，或含有换行等字符。", "请改短，去掉换行。"))
                given[column] = cell
        rows.append(Row(number, {column: given.get(column, "") for column in COLUMNS}))
    return Sheet(tuple(rows), tuple(faults))
