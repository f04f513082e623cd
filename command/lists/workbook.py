"""Pages of an XLSX workbook. A file is hostile until it is read: sizes first, then structure, then cells."""

import io
import re
import zipfile
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import InvalidFileException

from command.lists.contract import MAX_COLUMNS, MAX_LINES, Bad, Line, Page, must_be_narrow, refused

MAX_UNPACKED: Final = 60_000_000  # of the whole archive: a bomb says its size before it goes off
MAX_PARTS: Final = 300
EXACT_BELOW: Final = 10**15  # a spreadsheet keeps fifteen digits of a number
_TAG: Final = re.compile(rb"<(?:\w+:)?(row|col|mergeCell)\b([^>]*)>")
_ATTRIBUTE: Final = re.compile(rb"""\b(r|ref|min|max|hidden|ht|width)\s*=\s*["']([^"']*)["']""")
_NOUGHT: Final = re.compile(r"0(\.0*)?")  # a row without height is as hidden as one that says so
_PADDED: Final = re.compile(r"0{2,40}")  # 123 that is shown as 00123
_WORDED: Final = re.compile(r'"[^"]*\w[^"]*"')  # 7 that is shown as 网格007
# Spreadsheets write UTF-8. In another encoding the parser reads what was not looked for: <!DOCTYPE in UTF-16.
_OTHER_ENCODING: Final = re.compile(
    rb"""\xff\xfe|\xfe\xff|<\x00|\x00<|<\?xml[^>]*\bencoding\s*=\s*["'](?!utf-8["']|us-ascii["'])""", re.IGNORECASE
)
_OF_LIBRARY: Final = (
    InvalidFileException,
    KeyError,
    ValueError,
    TypeError,
    OSError,
    SyntaxError,  # of XML
    AttributeError,
    IndexError,
    OverflowError,
    RecursionError,
    EOFError,
    RuntimeError,
    NotImplementedError,
    zipfile.BadZipFile,
)


def pages(content: bytes) -> list[Page]:
    """Every sheet of a workbook. Raises Invalid for no workbook, a locked one, a bomb, XML entities."""
    parts = _parts(content)
    if "mimetype" in parts and b"opendocument" in parts["mimetype"]:
        raise refused("import.unreadable", "这是 ODS 表格，不能直接读取。", "请在表格软件中另存为 XLSX 后上传。")
    if "xl/workbook.bin" in parts:
        raise refused("import.unreadable", "这是二进制的 XLSB 表格，不能直接读取。", "请另存为 XLSX 后上传。")
    if "xl/workbook.xml" not in parts:
        raise refused("import.unreadable", "压缩包里没有表格。", "请上传 XLSX 或 CSV 本身，不要打包。")
    if b"purl.oclc.org/ooxml" in parts["xl/workbook.xml"]:  # the same words under other names: it would look empty
        raise refused(
            "import.unreadable", "这是“严格 Open XML”格式的表格，不能直接读取。", "请另存为普通的 XLSX 后上传。"
        )
    try:
        book: Any = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        return [_page(sheet, parts) for sheet in book.worksheets]
    except _OF_LIBRARY:
        raise refused("import.unreadable", "文件不是可读的 XLSX。", "请用表格软件另存为 XLSX 后上传。") from None


def _parts(content: bytes) -> dict[str, bytes]:
    """The parts of the archive by name. What brings entities along is refused before it is parsed."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, OSError):
        raise refused("import.unreadable", "文件已损坏，无法打开。", "请重新保存后上传。") from None
    found: dict[str, bytes] = {}
    with archive:
        listed = archive.infolist()
        if len(listed) > MAX_PARTS or sum(part.file_size for part in listed) > MAX_UNPACKED:
            raise refused("import.too_large", "文件展开后过大。", "请只保留需要导入的工作表。")
        for part in listed:
            try:
                inside = archive.read(part)
            except _OF_LIBRARY:
                raise refused("import.unreadable", "文件已损坏或加密。", "请去掉密码，重新保存后上传。") from None
            if b"<!DOCTYPE" in inside or b"<!ENTITY" in inside or _OTHER_ENCODING.match(inside):
                raise refused("import.unreadable", "文件含有不允许的内容。", "请用表格软件重新保存后上传。")
            found[part.filename] = inside
    return found


def _page(sheet: Any, parts: dict[str, bytes]) -> Page:
    sheet.reset_dimensions()  # some exporters write a false one, by which columns would be lost
    lines: list[Line] = []
    number = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS + 1), start=1):
        if number > MAX_LINES:
            raise refused(
                "import.too_large", f"表格超过 {MAX_LINES} 行（含空行）。", "请删去表尾的空行，或拆成几份上传。"
            )
        read = [_text(cell) for cell in cells]
        while read and read[-1] == "":
            read.pop()
        must_be_narrow(number, len(read))
        if read:
            lines.append(Line(number, tuple(read)))
    merged, rows, columns = _marks(parts.get(str(getattr(sheet, "_worksheet_path", "")).lstrip("/"), b""))
    last = lines[-1].number if lines else 0  # blank lines below the last one are nobody's
    return Page(
        sheet.title, tuple(lines), last - len(lines), merged, rows, columns, is_hidden=sheet.sheet_state != "visible"
    )


def _marks(inside: bytes) -> tuple[tuple[str, ...], frozenset[int], frozenset[int]]:
    """Merged ranges, hidden rows, hidden columns (from 0): what reading by rows doesn't tell."""
    merged: list[str] = []
    rows: set[int] = set()
    columns: set[int] = set()
    number = 0
    for tag, text in _TAG.findall(inside):
        said = {name.decode(): value.decode("ascii", "replace") for name, value in _ATTRIBUTE.findall(text)}
        is_hidden = said.get("hidden") in ("1", "true") or _NOUGHT.fullmatch(said.get("ht", said.get("width", "")))
        if tag == b"mergeCell":
            merged.append(said.get("ref", ""))
        elif tag == b"row":
            number = int(said["r"]) if said.get("r", "").isdigit() else number + 1
            rows |= {number} if is_hidden else set()
        elif is_hidden and said.get("min", "").isdigit() and said.get("max", "").isdigit():
            columns |= set(range(int(said["min"]) - 1, min(int(said["max"]), MAX_COLUMNS)))
    return tuple(merged), frozenset(rows), frozenset(columns)


def _text(cell: Any) -> str | Bad:
    value = getattr(cell, "value", None)
    kind = getattr(cell, "data_type", "")
    if value is None:
        return ""
    if kind == "f":
        return Bad("单元格是公式。", "请粘贴为数值后再上传。")
    if kind == "e":
        return Bad(f"单元格是错误值 {value}。", "请改正它引用的数据，填写真实内容。")
    if isinstance(value, bool):
        return Bad("单元格是真假值，不是文字。", "请填写真实内容。")
    if isinstance(value, datetime | date | time | timedelta):
        return Bad(f"单元格是日期或时间（{_shown(value)}）。", "请把这一列设为文本格式，重新填写。", _shown(value))
    if isinstance(value, float):
        if abs(value) >= EXACT_BELOW:
            return Bad("数字过长，表格软件已丢失末几位。", "请把这一列设为文本格式，重新填写完整的数字。")
        if value.is_integer():
            value = int(value)  # a telephone number typed as a number
    if isinstance(value, int):
        shape = str(getattr(cell, "number_format", ""))
        if _PADDED.fullmatch(shape):
            return str(value).zfill(len(shape))
        if _WORDED.search(shape):
            return Bad(f"表格里显示的内容与存的数字（{value}）不同。", "请把这一列设为文本格式，重新填写。")
    return unescape(str(value)).strip()


def _shown(value: datetime | date | time | timedelta) -> str:
    return value.date().isoformat() if isinstance(value, datetime) else str(value)
