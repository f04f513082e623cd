"""Which texts are names. Both tables are pictures by hand: what a real list holds, and what only looks like it."""

import pytest

from gis.names import cleaned, encoding_meant, folded, why_no_name


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("李　四", "李四"),
        ("李\u00a0四 ", "李四"),
        ("李\u200b四\ufeff", "李四"),
        ("\u202a李四\u202c", "李四"),
        ("欧阳 修", "欧阳修"),
        ("John  Smith", "John Smith"),
        ("古丽·买买提", "古丽·买买提"),
        ("古丽•买买提", "古丽·买买提"),
        ("古丽 ・ 买买提", "古丽·买买提"),
        ("绿城·桃花源社区", "绿城·桃花源社区"),
        ("〇八村", "〇八村"),
        ("\U00020087家村", "\U00020087家村"),
        ("\U00031350家村", "\U00031350家村"),  # of Unicode 15, which Python 3.11 doesn't know
        ("བོད་ལྗོངས", "བོད་ལྗོངས"),
        ("ئۇيغۇر كەنتى", "ئۇيغۇر كەنتى"),
        ("ᠮᠣᠩᠭᠣᠯ ᠭᠠᠴᠠ", "ᠮᠣᠩᠭᠣᠯ ᠭᠠᠴᠠ"),
        ("枫渚社区（二期）", "枫渚社区（二期）"),
        ("第３网格", "第３网格"),
        ("12 栋", "12 栋"),
    ],
)
def test_what_an_office_writes_is_a_name(typed: str, name: str) -> None:
    assert cleaned(typed) == name
    assert why_no_name(name) is None
    assert encoding_meant(typed) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("45991", "数字"),
        ("４５９９１", "数字"),
        ("45991.0", "数字"),
        ("1.38E+10", "数字"),
        ("#N/A", "错误值"),
        ("#REF!", "错误值"),
        ("#DIV/0!", "错误值"),
        ("#######", "错误值"),
        ("2026-01-02", "日期"),
        ("2026/1/2 00:00:00", "日期"),
        ("2026年1月2日", "日期"),
        ("1月2日", "日期"),
        ("Jan-26", "日期"),
        ("NULL", "空值"),
        ("nan", "空值"),
        ("???", "丢失"),
        ("·", "没有文字"),
        ("#名称?", "错误值"),
        ("姓名", "表格里的用词"),
        ("同上", "表格里的用词"),
        ("N.A.", "表格里的用词"),
        ("李四 13800001234", "电话号码"),
        ("\ufffd某局", "丢失"),
        ("李\ue863", "U+E863"),
        ("李\x07四", "U+0007"),
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str, why: str) -> None:
    assert why in (why_no_name(cleaned(text)) or "")


@pytest.mark.parametrize(
    ("name", "written", "read"),
    [
        ("柳浦街道", "gb18030", "latin-1"),
        ("绿城·桃花源社区", "gb18030", "latin-1"),
        ("绿城", "gb18030", "latin-1"),
        ("柳浦街道", "utf-8", "latin-1"),
        ("柳浦街道", "utf-8", "gb18030"),
        ("枫渚社区四", "utf-8", "latin-1"),
    ],
)
def test_text_in_another_encoding_says_which(name: str, written: str, read: str) -> None:
    assert encoding_meant(name.encode(written).decode(read)) == written.upper()


@pytest.mark.parametrize("name", ["Café", "Ürümqi", "À la Carte", "A·B", "联通", "°C", "××村", "ཀ", "〇"])
def test_what_is_no_chinese_in_any_encoding_is_as_it_is(name: str) -> None:
    assert encoding_meant(name) is None


def test_names_are_looked_up_without_width_and_spaces() -> None:
    assert folded("枫渚社区（Ａ区）") == folded(" 枫渚 社区(a区)")
    assert folded("枫渚社区") != folded("枫渚二社区")
