"""A release is put beside the one before, whose files go a day after they left."""

import os
from pathlib import Path
from time import time

import pytest

from server.collecting import collect, forget

DAY = 24 * 3600


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "static"


def built(folder: Path, **files: str) -> dict[str, Path]:
    """A build: files by their names, `__` for a slash and `_` for the dot."""
    found = {}
    for name, content in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        found[str(path.relative_to(folder))] = path
    return found


def served(root: Path) -> set[str]:
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()} - {".release"}


def ages(path: Path, seconds: float) -> None:
    os.utime(path, (time() - seconds, time() - seconds))


def test_the_former_releases_files_stay_beside_the_new_ones(root: Path, tmp_path: Path) -> None:
    collect(built(tmp_path / "one", console_html="a1", assets__a1_js="one", logo_svg="mark"), root)
    collect(built(tmp_path / "two", console_html="a2", assets__a2_js="two", logo_svg="mark"), root)
    assert served(root) == {"console.html", "assets/a1.js", "assets/a2.js", "logo.svg"}
    assert (root / "console.html").read_text() == "a2"
    assert forget(root) == 0


def test_a_page_of_an_older_build_replaces_a_newer_one(root: Path, tmp_path: Path) -> None:
    older = built(tmp_path / "one", console_html="a1")
    ages(older["console.html"], 9 * DAY)
    collect(built(tmp_path / "two", console_html="a2"), root)
    collect(older, root)  # the way back to the former release
    assert (root / "console.html").read_text() == "a1"


def test_a_file_stays_a_day_from_when_it_left_however_old_it_is(root: Path, tmp_path: Path) -> None:
    collect(built(tmp_path / "one", console_html="a1", assets__a1_js="one"), root)
    ages(root / "assets/a1.js", 30 * DAY)
    assert forget(root) == 0  # it is served
    collect(built(tmp_path / "two", console_html="a2", assets__a2_js="two"), root)
    assert forget(root) == 0
    ages(root / "assets/a1.js", DAY + 60)
    collect(built(tmp_path / "three", console_html="a3", assets__a3_js="three"), root)  # its day does not begin anew
    assert forget(root) == 1
    assert served(root) == {"console.html", "assets/a2.js", "assets/a3.js"}


def test_what_a_door_that_kept_no_list_left_there_stays_its_day(root: Path, tmp_path: Path) -> None:
    root.mkdir()
    for name, content in (("console.html", "a0"), ("a0.js", "zero")):
        (root / name).write_text(content)
        ages(root / name, 9 * DAY)
    assert forget(root) == 0
    collect(built(tmp_path / "one", console_html="a1"), root)
    assert forget(root) == 0
    assert served(root) == {"console.html", "a0.js"}


def test_a_file_that_comes_back_is_not_forgotten(root: Path, tmp_path: Path) -> None:
    one = built(tmp_path / "one", console_html="a1", assets__a1_js="one")
    collect(one, root)
    collect(built(tmp_path / "two", console_html="a2"), root)
    ages(root / "assets/a1.js", 2 * DAY)
    collect(one, root)
    assert forget(root) == 0
    assert served(root) == {"console.html", "assets/a1.js"}
