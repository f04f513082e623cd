"""Every channel belongs to a source family."""

from pathlib import Path

import pytest

from command.channels.contract import SourceFamily, listed, load


def test_the_file_holds_23_channels_of_eight_families() -> None:
    assert len(listed()) == 23
    assert {channel.source_family for channel in listed().values()} == set(SourceFamily)
    assert listed()["hotline_12345"].source_family is SourceFamily.HOTLINE


def test_a_channel_without_a_family_is_named(tmp_path: Path) -> None:
    file = tmp_path / "channels.csv"
    file.write_text("code,name_zh,default_reporter_known,source_family\na,甲,yes,\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"channels\.csv, line 2"):
        load(file)
