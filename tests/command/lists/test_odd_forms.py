"""Forms that offices give their lists: heads of two rows, numbers shown otherwise than kept, other names."""

import io
import zipfile
from typing import Any

import pytest

from command.people.imports.reading import COLUMNS, read
from realtime.feed.errors import Invalid
from tests.command.lists.test_reading import ROW, fault_of, first, workbook

ALL = dict(zip(COLUMNS, ROW, strict=True))


def test_a_head_may_go_down_two_rows() -> None:
    def merge(page: Any) -> None:
        page.insert_rows(2)
        for letter in "ABCDEF":
            page.merge_cells(f"{letter}1:{letter}2")

    sheet = read("people.xlsx", workbook(COLUMNS, ROW, (*ROW[:1], "wang.wu", *ROW[2:]), change=merge))
    assert sheet.faults == ()
    assert [row.number for row in sheet.rows] == [3, 4]


def test_a_head_may_stand_in_two_rows_under_a_common_one() -> None:
    def merge(page: Any) -> None:
        for ref in ("A1:A2", "B1:B2", "E1:E2", "F1:F2", "G1:G2", "C1:D1"):
            page.merge_cells(ref)

    above = ("姓名", "用户名", "联络", "", "单位", "岗位", "辖区代码")
    below = ("", "", "手机号", "座机", "", "", "")
    line = ("李四", "li.si", "13800001234", "0572-2345678", "power", "联络员", "")
    sheet = read("people.xlsx", workbook(above, below, line, change=merge))
    assert sheet.faults == ()
    assert [row.cells for row in sheet.rows] == [ALL]
    assert ("列「座机」", 1) in [(left.what, left.count) for left in sheet.left_out]


def test_a_title_that_is_merged_over_two_rows_is_no_head() -> None:
    def merge(page: Any) -> None:
        page.insert_rows(1, 2)
        page["A1"] = "河湾区网格员名册"
        page.merge_cells("A1:F2")

    assert first(workbook(COLUMNS, ROW, change=merge)) == ALL


@pytest.mark.parametrize(
    ("kept", "shape", "shown"), [(123, "00000", "00123"), (7.0, "000", "007"), (12345, "00", "12345")]
)
def test_a_number_is_taken_as_it_is_shown(kept: float, shape: str, shown: str) -> None:
    line = ("李四", kept, "13800001234", "power", "联络员", "")
    content = workbook(COLUMNS, line, change=lambda page: setattr(page["B2"], "number_format", shape))
    assert first(content)["用户名"] == shown


def test_a_number_that_is_shown_with_words_is_told() -> None:
    line = ("李四", 7, "13800001234", "power", "联络员", "")
    content = workbook(COLUMNS, line, change=lambda page: setattr(page["B2"], "number_format", '"zw"000'))
    [fault] = read("people.xlsx", content).faults
    assert (fault.row, fault.column) == (2, "用户名")
    assert "显示的内容" in fault.why
    assert "真假值" in fault_of(True, "用户名").why


def rewritten(content: bytes, old: bytes, new: bytes) -> bytes:
    """The workbook with other words in its parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for part in source.infolist():
            target.writestr(part, source.read(part).replace(old, new))
    return out.getvalue()


def test_a_row_without_height_is_hidden() -> None:
    content = rewritten(workbook(COLUMNS, ROW, ROW), b'<row r="3"', b'<row r="3" ht="0" customHeight="1"')
    assert [(fault.row, fault.column) for fault in read("people.xlsx", content).faults] == [(3, "整行")]
    content = rewritten(workbook(COLUMNS, ROW), b'<row r="2"', b'<row r="2" ht="15.0"')
    assert first(content) == ALL


def test_a_hidden_sheet_is_never_the_list() -> None:
    def hide(page: Any) -> None:
        page.sheet_state = "hidden"
        seen = page.parent.create_sheet("名单")
        seen.append(COLUMNS)
        seen.append(("王五", "wang.wu", "13800001235", "power", "联络员", ""))

    sheet = read("people.xlsx", workbook(COLUMNS, ROW, change=hide))
    assert [row.cells["姓名"] for row in sheet.rows] == ["王五"]
    assert [(left.what, left.why) for left in sheet.left_out] == [("工作表「人员」", "已隐藏")]

    def hide_alone(page: Any) -> None:
        page.sheet_state = "hidden"
        page.parent.create_sheet("说明").append(("填表说明",))

    with pytest.raises(Invalid, match="「人员」被隐藏"):
        read("people.xlsx", workbook(COLUMNS, ROW, change=hide_alone))


@pytest.mark.parametrize("name", ["people.xlsx", "people", "名单.xls", "people.csv.bak"])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_csv_is_known_by_what_is_in_it(name: str, encoding: str) -> None:
    assert first("\r\n".join(map(",".join, (COLUMNS, ROW))).encode(encoding), name) == ALL


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"\x89PNG\r\n\x1a\n\0\0", "今天开会。".encode()])
def test_what_has_no_column_of_a_list_is_neither(content: bytes) -> None:
    with pytest.raises(Invalid, match="既不是 XLSX，也不是 CSV"):
        read("people.xlsx", content)


def test_csv_may_say_that_a_number_is_text() -> None:
    line = ("李四", "li.si", '="13800001234"', "power", "联络员", '=""')
    assert first("\r\n".join(map(",".join, (COLUMNS, line))).encode("gbk"), "people.csv") == ALL


def test_strict_open_xml_is_named() -> None:
    usual = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with pytest.raises(Invalid, match="严格 Open XML"):
        read("people.xlsx", rewritten(workbook(COLUMNS, ROW), usual, b"http://purl.oclc.org/ooxml/spreadsheetml/main"))
