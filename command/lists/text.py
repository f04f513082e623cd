"""A page from delimited text: CSV as offices save it, in whatever encoding and with whatever sign between the cells."""

import codecs
import csv
import io
import re
from typing import Final

from command.lists.contract import MAX_LINES, Layout, Line, Page, must_be_narrow, refused
from realtime.feed.errors import Invalid

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BETWEEN: Final = (",", "\t", ";", "，", "；", "|")
_LOOKED_AT: Final = 12  # lines in which a head may stand
_AS_TEXT: Final = re.compile(r'^="([^"]*)"$')  # how systems tell a spreadsheet to keep all digits of a number


def page(content: bytes, layout: Layout) -> Page:
    """The lines of a text. Raises Invalid for what is no text, has quotes that don't close, or is too long."""
    text = _decoded(content)
    between = max(_BETWEEN, key=lambda sign: _heads(text, sign, layout))  # the first of equals: a comma
    try:
        lines: list[Line] = []
        number = 0
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=between), 1):
            if number > MAX_LINES:
                raise refused("import.too_large", f"表格超过 {MAX_LINES} 行（含空行）。", "请拆成几份上传。")
            must_be_narrow(number, len(cells))
            read = [_AS_TEXT.sub(r"\1", cell.strip()) for cell in cells]
            if any(read):
                lines.append(Line(number, tuple(read)))
    except csv.Error as error:
        if "field limit" in str(error):
            raise refused("import.unreadable", f"第 {number + 1} 行有过长的单元格。", "请检查引号是否成对。") from None
        raise refused(
            "import.unreadable", f"第 {number + 1} 行起 CSV 的引号不成对。", "请用表格软件重新保存后上传。"
        ) from None
    last = lines[-1].number if lines else 0
    return Page("CSV", tuple(lines), last - len(lines))


def is_a_list(content: bytes, layout: Layout) -> bool:
    """Whether these bytes are a text in which a column of the list has its name."""
    try:
        text = _decoded(content)
    except Invalid:
        return False
    return any(_heads(text, sign, layout) for sign in _BETWEEN)


def _decoded(content: bytes) -> str:
    encodings = [encoding for bom, encoding in _BOMS if content.startswith(bom)] or _guesses(content)
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise refused("import.unreadable", "文件的编码无法识别。", "请另存为 XLSX，或 UTF-8 编码的 CSV。")


def _guesses(content: bytes) -> list[str]:
    """Without a mark: every other byte of UTF-16's commas and digits is nought."""
    sample = content[:4_000]
    if sample[1::2].count(0) > len(sample) // 8:
        return ["utf-16-le"]
    if sample[::2].count(0) > len(sample) // 8:
        return ["utf-16-be"]
    return ["utf-8", "gb18030"]


def _heads(text: str, between: str, layout: Layout) -> int:
    """How many columns the best line finds when cells are parted so."""
    lines = text[:20_000].splitlines()[:_LOOKED_AT]
    return max((sum(_is_head(cell, layout) for cell in line.split(between)) for line in lines), default=0)


def _is_head(cell: str, layout: Layout) -> bool:
    return any(column.is_called(cell.strip().strip('"')) for column in layout.columns)
