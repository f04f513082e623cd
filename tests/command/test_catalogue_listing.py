"""The catalogue as the domain's file has it: 19 categories, 128 items, codes as text."""

from pathlib import Path

import pytest

from command.catalogue.contract import Level, listed, load


@pytest.mark.mechanism("M33")
def test_the_file_holds_what_the_articles_count() -> None:
    items = listed()
    assert len(items) == 128
    assert len({item.category_zh for item in items.values()}) == 19
    assert sum(item.urgent for item in items.values()) == 20
    assert sum(item.sensitive for item in items.values()) == 9
    assert all(len(code) == 4 and code.isdigit() for code in items)


def test_an_item_is_read_in_full() -> None:
    item = listed()["0103"]
    assert (item.item_zh, item.lead_department, item.level) == ("家庭暴力事件", "police", Level.MAJOR)
    assert (item.urgent, item.on_scene_within_min, item.sensitive) == (True, 30, True)
    assert "家暴" in item.keywords
    assert item.co_departments[0] == "womens_federation"


HEADER = (
    "code,category_en,category_zh,item_zh,kind,lead_department,co_departments,level,handling_days,keywords,urgent,"
    "on_scene_within_min,sensitive\n"
)
GOOD = "0101,first,甲,乙,service,police,,general,5,词,no,,no\n"


@pytest.mark.parametrize(
    "row",
    [
        GOOD,
        GOOD.replace("general", "grave"),
        GOOD.replace("no,,no", "maybe,,no"),
        GOOD.replace("0101", ""),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, row: str) -> None:
    file = tmp_path / "catalogue.csv"
    file.write_text(HEADER + GOOD + row, encoding="utf-8")
    with pytest.raises(ValueError, match=r"catalogue\.csv, line 3"):
        load(file)
