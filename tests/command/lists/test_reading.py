"""Lists as real offices export them, and what is no list at all. All read, or refused with a count and a reason."""

import datetime
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from openpyxl import Workbook

from command.lists.contract import Fault
from command.people.imports.reading import COLUMNS, SHEET, read
from realtime.feed.errors import Invalid

ROW = ("李四", "li.si", "13800001234", "power", "联络员", "")


def workbook(*lines: tuple[object, ...], sheet: str = SHEET, change: Callable[[Any], object] | None = None) -> bytes:
    """An XLSX file with these very lines."""
    book = Workbook()
    page = book.active
    assert page is not None
    page.title = sheet
    for line in lines:
        page.append(line)
    if change:
        change(page)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def first(content: bytes, name: str = "people.xlsx") -> dict[str, str]:
    sheet = read(name, content)
    assert sheet.faults == ()
    return sheet.rows[0].cells


def fault_of(cell: object, column: str) -> Fault:
    line = [cell if name == column else "x" for name in COLUMNS]
    [fault] = read("people.xlsx", workbook(COLUMNS, tuple(line))).faults
    assert (fault.row, fault.column) == (2, column)
    assert fault.remedy
    return fault


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "cp037"])
def test_entities_in_another_encoding_are_refused_before_they_are_parsed(encoding: str) -> None:
    said = "utf-16" if encoding.startswith("utf") else encoding
    head = f'<?xml version="1.0" encoding="{said}"?>'
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'.encode(encoding)
    sheet = (head + bomb.decode(encoding)).encode(encoding) if said == "utf-16" else head.encode() + bomb
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(COLUMNS, ROW))) as book, zipfile.ZipFile(out, "w") as copy:
        for name in book.namelist():
            copy.writestr(name, sheet if name.endswith("sheet1.xml") else book.read(name))
    with pytest.raises(Invalid, match="不允许的内容"):
        read("people.xlsx", out.getvalue())


def test_a_line_of_too_many_columns_is_refused_and_not_cut() -> None:
    wide = (*COLUMNS, *("x" for _ in range(300)))
    for name, content in (("people.xlsx", workbook(wide, ROW)), ("people.csv", (",".join(wide)).encode())):
        with pytest.raises(Invalid, match="第 1 行超过 200 列"):
            read(name, content)


def test_blank_lines_between_cost_nobody_a_row() -> None:
    lines: list[tuple[object, ...]] = [COLUMNS]
    for number in range(1_900):
        lines.append((f"人{number}", f"p{number}", "", "power", "联络员", ""))
        if number % 10 == 9:
            lines.append(())
    sheet = read("people.xlsx", workbook(*lines))
    assert len(sheet.rows) == 1_900
    assert sheet.rows[-1].number == 1_900 + 189 + 1
    assert [(left.what, left.count) for left in sheet.left_out] == [("空行", 189)]
    text = "\n".join(",".join(str(cell) for cell in line) for line in lines).encode()
    assert len(read("people.csv", text).rows) == 1_900


def test_too_many_rows_are_counted() -> None:
    with pytest.raises(Invalid, match="2001 行"):
        read("people.xlsx", workbook(COLUMNS, *[ROW] * 2_001))


@pytest.mark.parametrize("above", [1, 2, 4])
def test_the_head_may_stand_below_a_title(above: int) -> None:
    content = workbook(*[("河湾区网格员花名册",)] * above, COLUMNS, ROW, change=lambda page: page.merge_cells("A1:F1"))
    sheet = read("people.xlsx", content)
    assert (sheet.rows[0].number, sheet.faults) == (above + 2, ())
    assert ("列名以上的行", above) in [(left.what, left.count) for left in sheet.left_out]


@pytest.mark.parametrize(
    "head",
    [
        ("名字", "账号", "手机", "部门", "角色", "网格"),
        ("* 姓 名", "用户名（必填）", "联系电话：", "所在单位", "岗位*", "网格编码"),
        ("姓　名", "登录名", "手机号码", "单位名称", "岗位", "责任网格"),
    ],
)
def test_columns_are_known_by_what_offices_call_them(head: tuple[str, ...]) -> None:
    assert first(workbook(head, ROW))["手机号"] == "13800001234"


def test_columns_stand_in_any_order_and_others_are_told() -> None:
    head = ("序号", "岗位", "性别", "姓名", "手机号", "用户名", "辖区代码", "单位")
    sheet = read("people.xlsx", workbook(head, (1, "联络员", "男", "李四", 13800001234, "li.si", None, "power"), (2,)))
    assert sheet.rows[0].cells == dict(zip(COLUMNS, ROW, strict=True))
    assert {left.what: left.count for left in sheet.left_out} == {
        "只有未用到内容的行": 1,
        "列「序号」": 2,
        "列「性别」": 1,
    }


def test_two_columns_of_one_meaning_are_refused_with_both() -> None:
    head = ("姓名", "用户名", "手机", "联系电话", "单位", "岗位", "辖区代码")
    with pytest.raises(Invalid, match="手机、联系电话") as refused:
        read("people.xlsx", workbook(head, ("李四", "li.si", "1", "2", "power", "联络员", "")))
    assert refused.value.code == "import.column_twice"
    own = ("姓名", "用户名", "手机号", "联系电话", "单位", "岗位", "辖区代码")
    assert (
        first(workbook(own, ("李四", "li.si", "13800001234", "0572-1", "power", "联络员", "")))["手机号"]
        == "13800001234"
    )


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("李　四", "李四"),
        ("李\u00a0四", "李四"),
        ("\ufeff李四\u200b", "李四"),
        ("李四  ", "李四"),
        ("李四\n", "李四"),
        ("古丽·买买提", "古丽·买买提"),
        ("古丽•买买提", "古丽·买买提"),
        ("\U00031350明", "\U00031350明"),
        ("李四_x000D_", "李四"),
    ],
)
def test_names_as_people_paste_them(typed: str, name: str) -> None:
    assert first(workbook(COLUMNS, (typed, *ROW[1:])))["姓名"] == name


@pytest.mark.parametrize(
    "typed",
    [
        13800001234,
        1.3800001234e10,
        "1.3800001234E10",
        "1.3800001234e+10",
        "13800001234.0",
        "138-0000-1234",
        "138—0000—1234",
        "138 0000 1234",
        "138.0000.1234",
        "１３８００００１２３４",
        "+86 138 0000 1234",
        "86-13800001234",
        "0086 13800001234",
        "138\u30000000\u30001234",
        "'13800001234",
        "\u202d13800001234\u202c",
    ],
)
def test_one_number_however_it_is_typed(typed: object) -> None:
    assert first(workbook(COLUMNS, ("李四", "li.si", typed, "power", "联络员", "")))["手机号"] == "13800001234"


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("=A1", "公式"),
        ("#N/A", "错误值 #N/A"),
        ("#REF!", "错误值 #REF!"),
        (datetime.date(2025, 11, 29), "日期或时间（2025-11-29）"),
        (datetime.time(8, 30), "日期或时间"),
        (True, "真假值"),
        (3.301990010011e17, "末几位"),
        ("甲\n乙", "换行"),
        ("甲" * 201, "201 个字"),
        ("李\ue863", "U+E863"),
    ],
)
@pytest.mark.parametrize("column", ["姓名", "手机号", "单位"])
def test_what_is_no_text_is_refused_with_line_column_and_why(cell: object, why: str, column: str) -> None:
    assert why in fault_of(cell, column).why


def test_a_formula_in_a_column_that_nobody_reads_harms_nobody() -> None:
    assert read("people.xlsx", workbook(("序号", *COLUMNS), ("=ROW()", *ROW))).faults == ()


def test_hidden_rows_are_told_and_hidden_columns_said() -> None:
    def hide(page: Any) -> None:
        page.row_dimensions[3].hidden = True
        page.column_dimensions["C"].hidden = True

    sheet = read("people.xlsx", workbook(COLUMNS, ROW, ROW, change=hide))
    assert [(fault.row, fault.column) for fault in sheet.faults] == [(3, "整行")]
    assert "隐藏" in sheet.faults[0].why
    assert "隐藏的列「手机号」" in [left.what for left in sheet.left_out]


def test_merged_cells_among_the_rows_are_told() -> None:
    sheet = read("people.xlsx", workbook(COLUMNS, ROW, ROW, change=lambda page: page.merge_cells("D2:D3")))
    assert [(fault.row, fault.column) for fault in sheet.faults] == [(2, "D2:D3")]


def two_sheets(second: str, line: tuple[object, ...] = COLUMNS, **more: Any) -> bytes:
    def add(page: Any) -> None:
        other = page.parent.create_sheet(second)
        other.append(line)
        other.append(ROW)
        if more.get("hidden"):
            other.sheet_state = "hidden"

    return workbook(COLUMNS, ROW, sheet=more.get("first", SHEET), change=add)


def test_of_several_sheets_the_lists_is_taken_and_the_others_are_told() -> None:
    sheet = read("people.xlsx", two_sheets("Sheet2"))
    assert [(left.what, left.count) for left in sheet.left_out] == [("工作表「Sheet2」", 2)]
    assert len(read("people.xlsx", two_sheets("说明", ("填表说明",), first="Sheet1")).rows) == 1
    assert len(read("people.xlsx", two_sheets("旧名单", hidden=True, first="Sheet1")).rows) == 1
    with pytest.raises(Invalid, match="Sheet1、Sheet2") as refused:
        read("people.xlsx", two_sheets("Sheet2", first="Sheet1"))
    assert refused.value.code == "import.sheet_ambiguous"


def test_a_false_dimension_cuts_nothing() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(COLUMNS, ROW))) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            target.writestr(part, source.read(part).replace(b'<dimension ref="A1:F2" />', b'<dimension ref="A1" />'))
    assert first(out.getvalue()) == dict(zip(COLUMNS, ROW, strict=True))


@pytest.mark.parametrize("between", [",", ";", "\t", "，"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_in_every_encoding_with_every_sign_between(encoding: str, between: str, end: str) -> None:
    text = end.join(between.join(cells) for cells in (COLUMNS, ROW)) + end
    assert first(text.encode(encoding), "people.csv") == dict(zip(COLUMNS, ROW, strict=True))


def test_text_may_begin_as_excel_begins_it() -> None:
    text = "sep=;\r\n" + ";".join(COLUMNS) + "\r\n" + ";".join(ROW) + "\r\n"
    assert first(text.encode("utf-8-sig"), "people.csv")["姓名"] == "李四"
    assert first("\t".join(COLUMNS).encode("utf-16") + b"\n\0" + "\t".join(ROW).encode("utf-16-le"), "a.txt")


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", OLE + bytes(4_000), "另存为 XLSX"),
        ("a.et", OLE + bytes(4_000), "另存为 XLSX"),
        ("a.xlsx", OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "去掉密码"),
        ("a.xls", "<html><table><tr><td>姓名</td></tr></table></html>".encode(), "网页"),
        ("a.xls", b'<?xml version="1.0"?><Workbook/>', "XML"),
        ("a.csv", b"", "空的"),
        ("a.csv", ",".join(COLUMNS).encode(), "没有一行"),
        ("a.csv", (",".join(COLUMNS) + '\n"李四,li.si').encode(), "第 2 行起 CSV 的引号"),
        ("a.csv", (",".join(COLUMNS) + "\n" + "甲" * 200_000).encode(), "过长"),
        ("a.xlsx", workbook(("姓名", "单位"), ("李四", "power")), "缺少列：用户名"),
    ],
)
def test_what_is_no_list_says_what_it_is_and_what_to_do(name: str, content: bytes, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(name, content)
    assert said in refused.value.detail + str(refused.value.remedy)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("part", "inside"),
    [
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("xl/workbook.bin", b""),
        ("word/document.xml", b"<x/>"),
        ("xl/workbook.xml", b"<x/>"),
        ("xl/workbook.xml", b"\x00\xff"),
    ],
)
def test_another_archive_is_refused(part: str, inside: bytes) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(part, inside)
    with pytest.raises(Invalid) as refused:
        read("a.xlsx", out.getvalue())
    assert refused.value.code == "import.unreadable"


def test_a_part_that_breaks_off_is_a_refusal() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(COLUMNS, ROW))) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            inside = source.read(part)
            target.writestr(part, inside[: len(inside) - 80] if part.filename.endswith("sheet1.xml") else inside)
    with pytest.raises(Invalid) as refused:
        read("a.xlsx", out.getvalue())
    assert refused.value.code == "import.unreadable"
