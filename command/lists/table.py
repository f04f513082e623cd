"""From pages to rows: which page is the list, where its head stands, which column is what. What is dropped is said."""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from command.lists.contract import (
    MAX_CELL_CHARS,
    MAX_ROWS,
    Bad,
    Column,
    Fault,
    Layout,
    LeftOut,
    Line,
    Page,
    Row,
    Sheet,
    Sort,
    refused,
    said,
    some,
)
from command.phones import plain
from gis.names import cleaned, codepoint, is_error, is_sign

_DEEPEST: Final = 2  # rows below the first that a head of several rows goes down
_LOOKED_AT: Final = 12  # lines in which a head may stand: below a title, a date, a note


def chosen(pages: Sequence[Page], layout: Layout) -> tuple[Page, list[LeftOut]]:
    """The page that is the list, and the others as left out. Raises Invalid for none, or for two that could be it."""
    seen = [page for page in pages if not page.is_hidden]
    named = [page for page in seen if page.name.strip() == layout.sheet]
    fitting = named or [page for page in seen if _head(page, layout)]
    if len(fitting) > 1:
        raise refused(
            "import.sheet_ambiguous",
            f"有 {len(fitting)} 个工作表都像名单：{some(page.name for page in fitting)}。",
            f"请只保留一个，或把要导入的改名为「{layout.sheet}」。",
        )
    if not fitting:
        filled = [page for page in pages if page.lines]
        if hidden := [page.name for page in filled if page.is_hidden and _head(page, layout)]:
            raise refused("import.sheet_missing", f"工作表「{some(hidden)}」被隐藏。", "请取消隐藏后上传。")
        if len(filled) == 1:
            _must_have_head(filled[0], layout)
        raise refused(
            "import.sheet_missing",
            f"没有名为「{layout.sheet}」的工作表，也没有别的工作表有所需的列名。",
            "请使用模板中的工作表。",
        )
    others = [
        LeftOut(f"工作表「{page.name}」", len(page.lines), "已隐藏" if page.is_hidden else "不是所选的工作表")
        for page in pages
        if page is not fitting[0] and page.lines
    ]
    return fitting[0], others


def rows_of(page: Page, layout: Layout, left_out: Sequence[LeftOut] = ()) -> Sheet:
    """The rows below the head. Raises Invalid for a missing column, one that stands twice, no rows, too many rows."""
    head = _must_have_head(page, layout)
    page = _with_one_head(page, head)
    columns = _columns(head, layout)
    faults = [_merged(ref, head.number) for ref in page.merged if _last_row(ref) > head.number]
    rows: list[Row] = []
    repeated = without = 0
    for line in page.lines:
        if line.number <= head.number:
            continue
        if line.cells == head.cells:  # on each printed page once
            repeated += 1
            continue
        used = [line.cells[place] if place < len(line.cells) else "" for place in columns.values()]
        if not any(used):
            without += 1
            continue
        if line.number in page.hidden_rows:
            why = "这一行在表格中被隐藏或筛掉。"
            faults.append(Fault(line.number, "整行", why, "请取消隐藏和筛选；不需要的行请删去。"))
        cells: dict[str, str] = dict.fromkeys(layout.names, "")
        for (column, _), cell in zip(columns.items(), used, strict=True):
            cells[column.name] = _read(line.number, column, cell, faults)
        rows.append(Row(line.number, cells))
    if len(rows) > MAX_ROWS:
        raise refused("import.too_large", f"共 {len(rows)} 行，超过 {MAX_ROWS} 行。", "请拆成几份上传。")
    if not rows:
        raise refused("import.empty", "列名下面没有一行数据。", "请填写后上传。")
    told = [*left_out, *_left_out(page, head, columns, repeated, without)]
    return Sheet(tuple(rows), tuple(faults), tuple(told))


def _read(row: int, column: Column, cell: str | Bad, faults: list[Fault]) -> str:
    """The cell's cleaned text; "" with a fault for what can't be one."""
    if isinstance(cell, Bad) and cell.meant and column.sort in (Sort.DAY, Sort.CLOCK):
        return cell.meant
    if isinstance(cell, Bad):
        faults.append(Fault(row, column.name, cell.why, cell.remedy))
        return ""
    if why := _why_not(cell):
        faults.append(Fault(row, column.name, *why))
        return ""
    if column.sort is Sort.PHONE:
        return plain(cell.removeprefix("'"))
    if column.sort in (Sort.CODE, Sort.DAY, Sort.CLOCK):
        return unicodedata.normalize("NFKC", cleaned(cell)).removeprefix("'").strip()
    return cleaned(cell)


def _why_not(cell: str) -> tuple[str, str] | None:
    if is_error(cell):
        return f"单元格是错误值 {cell}。", "请改正它引用的数据，填写真实内容。"
    if len(cell) > MAX_CELL_CHARS:
        return f"内容有 {len(cell)} 个字，超过 {MAX_CELL_CHARS} 个。", "请改短。"
    if "\n" in cell or "\r" in cell:
        return "单元格里有换行。", "请去掉换行，每格只填一项。"
    if bad := next((sign for sign in cleaned(cell) if not is_sign(sign)), None):
        return f"含有不能显示的字符（{codepoint(bad)}）。", "请删去它；生僻字请用通用编码重新输入。"
    return None


def _head(page: Page, layout: Layout) -> Line | None:
    """The first line that holds every needed column."""
    return next((line for line in _tops(page) if not _missing(line, layout)), None)


def _tops(page: Page) -> list[Line]:
    """The lines in which a head may stand; one that is merged with those below it, as the one head that they are."""
    return [_with_below(line, page) for line in page.lines[:_LOOKED_AT]]


def _with_below(line: Line, page: Page) -> Line:
    ends = [_last_row(ref) for ref in page.merged if _first_row(ref) == line.number]
    end = max((row for row in ends if row <= line.number + _DEEPEST), default=line.number)
    if end == line.number:
        return line
    cells = list(line.cells)
    for below in page.lines:
        if line.number < below.number <= end:
            cells += [""] * (len(below.cells) - len(cells))
            cells[: len(below.cells)] = [low or high for low, high in zip(below.cells, cells, strict=False)]
    return Line(end, tuple(cells))


def _with_one_head(page: Page, head: Line) -> Page:
    """The page with its head as one line, of however many rows it is."""
    top = next(line.number for line in page.lines if _with_below(line, page) == head)
    above = (line for line in page.lines if line.number < top)
    return replace(page, lines=(*above, head, *(line for line in page.lines if line.number > head.number)))


def _missing(line: Line, layout: Layout) -> list[str]:
    return [
        column.name
        for column in layout.columns
        if column.needed and not any(isinstance(cell, str) and column.is_called(cell) for cell in line.cells)
    ]


def _must_have_head(page: Page, layout: Layout) -> Line:
    head = _head(page, layout)
    if head is not None:
        return head
    best = min(_tops(page), key=lambda line: len(_missing(line, layout)), default=None)
    missing = _missing(best, layout) if best else [column.name for column in layout.columns if column.needed]
    where = f"（看第 {best.number} 行）" if best and len(missing) < len(layout.columns) else ""
    raise refused("import.column_missing", f"缺少列：{'、'.join(missing)}{where}。", "列名须与模板相同，在前 12 行内。")


def _columns(head: Line, layout: Layout) -> Mapping[Column, int]:
    """Where each column stands. Its own name goes before what others call it."""
    found: dict[Column, int] = {}
    for column in layout.columns:
        called = [
            (place, cell)
            for place, cell in enumerate(head.cells)
            if isinstance(cell, str) and cell and column.is_called(cell)
        ]
        own = [one for one in called if said(one[1]) == said(column.name)]
        fitting = own or called
        if len(fitting) > 1:
            raise refused(
                "import.column_twice",
                f"有 {len(fitting)} 列都是「{column.name}」：{some(cell for _, cell in fitting)}。",
                f"请只保留一列，或只把要用的一列叫作「{column.name}」。",
            )
        if fitting:
            found[column] = fitting[0][0]
    return found


def _left_out(page: Page, head: Line, columns: Mapping[Column, int], repeated: int, without: int) -> Iterator[LeftOut]:
    if page.blank:
        yield LeftOut("空行", page.blank, "整行没有内容")
    if above := sum(line.number < head.number for line in page.lines):
        yield LeftOut("列名以上的行", above, "标题或说明")
    if repeated:
        yield LeftOut("重复的列名行", repeated, "与列名完全相同")
    if without:
        yield LeftOut("只有未用到内容的行", without, "名单的各列都空着")
    used = set(columns.values())
    widest = max(len(line.cells) for line in page.lines)
    for place in range(widest):
        name = head.cells[place] if place < len(head.cells) else ""
        filled = sum(place < len(line.cells) and line.cells[place] != "" for line in page.lines if line is not head)
        if place not in used and filled:
            label = f"列「{name}」" if isinstance(name, str) and name else f"没有列名的第 {place + 1} 列"
            meant = next((column.name for column in columns if isinstance(name, str) and column.is_called(name)), None)
            yield LeftOut(label, filled, f"以「{meant}」这一列为准" if meant else "名单里用不到")
    for column, place in columns.items():
        if place in page.hidden_columns:
            yield LeftOut(f"隐藏的列「{column.name}」", 0, "虽然隐藏，仍已读入")


def _first_row(ref: str) -> int:
    return int(re.sub(r"\D", "", ref.split(":")[0]) or 0)


def _last_row(ref: str) -> int:
    return int(re.sub(r"\D", "", ref.split(":")[-1]) or 0)


def _merged(ref: str, head: int) -> Fault:
    return Fault(max(_first_row(ref), head + 1), ref, "单元格被合并。", "请取消合并，每行填写完整。")
