"""A step is done again exactly when its input changed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from door.layout import Layout
from door.product import digest_of_running
from door.stamps import digest_of, is_fresh, mark


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Two sources and something that isn't one."""
    for name, text in (("src/a.ts", "a"), ("src/b.ts", "b"), ("node_modules/x.js", "x")):
        file = tmp_path / "frontend" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "frontend"


def digest(tree: Path) -> str:
    """The digest as the frontend's build takes it."""
    return digest_of([tree], leave=frozenset({"node_modules"}))


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "src/a.ts").write_text("A"),
        lambda tree: (tree / "src/a.ts").rename(tree / "src/c.ts"),
        lambda tree: (tree / "src/b.ts").unlink(),
        lambda tree: (tree / "new.json").write_text(""),
    ],
    ids=["content", "name", "removal", "addition"],
)
def test_every_change_of_a_source_is_seen(tree: Path, change: Callable[[Path], object]) -> None:
    before = digest(tree)
    change(tree)
    assert digest(tree) != before


def test_what_is_passed_over_changes_nothing(tree: Path) -> None:
    before = digest(tree)
    (tree / "node_modules/x.js").write_text("changed")
    assert digest(tree) == before


def test_a_stamp_is_fresh_only_for_its_digest(tmp_path: Path) -> None:
    stamp = tmp_path / "stamps" / "frontend"
    assert not is_fresh(stamp, "one")
    mark(stamp, "one")
    assert is_fresh(stamp, "one")
    assert not is_fresh(stamp, "two")


def test_a_missing_path_has_a_digest_too(tmp_path: Path) -> None:
    assert digest_of([tmp_path / "absent"]) == digest_of([])


def test_what_runs_is_started_anew_for_other_screens_and_addresses(tmp_path: Path) -> None:
    layout = Layout(root=tmp_path, run=tmp_path / "run", data=tmp_path / "data")
    told = {"RELAY_REDIS_URL": "unix:///a"}
    before = digest_of_running(layout, told)
    assert digest_of_running(layout, told) == before
    mark(layout.stamps / "static", "other screens")
    collected = digest_of_running(layout, told)
    assert collected != before
    assert digest_of_running(layout, {"RELAY_REDIS_URL": "unix:///b"}) != collected
