"""A restore stopped anywhere leaves what was there: a directory that can't be moved, a key pressed in any gap."""

import errno
import json
import os
from itertools import count
from pathlib import Path

import pytest

from door import backup
from door.backup import Restore, aside
from door.cluster import Cluster
from door.layout import Layout
from door.packages import postgres_bin
from door.progress import Failure, Progress


def write(folder: Path, said: str) -> None:
    folder.mkdir(parents=True)
    (folder / "said").write_text(said)


def told(run: Path) -> dict[str, str]:
    """Every file under a directory, by its path."""
    return {str(file.relative_to(run)): file.read_text() for file in run.rglob("*") if file.is_file()}


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """A run directory with something in every place, of now and of an earlier restore. Keys there are none yet."""
    run = tmp_path / "run"
    layout = Layout(root=tmp_path, run=run, data=run / "data")
    for path in (run / "pg" / "data", layout.uploads):
        write(path, "living")
        write(aside(path), "earlier")
    layout.anchors.mkdir()
    return layout


@pytest.fixture
def saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A backup. No cluster is in it: its manifest is not what is asked here."""
    monkeypatch.setattr(backup, "verify", lambda *_: None)
    monkeypatch.setattr(Cluster, "give_tree", lambda *_: None)
    folder = tmp_path / "saved"
    for name in ("cluster", "uploads", "keys", "anchors"):
        write(folder / name, "saved")
    description = {"format": backup.FORMAT, "postgresql": postgres_bin().parent.name}
    (folder / backup.DESCRIPTION).write_text(json.dumps(description))
    return folder


def test_a_directory_that_cannot_be_moved_stays_with_all_that_is_in_it(
    layout: Layout, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, rename = told(layout.run), Path.rename

    def mounted(path: Path, target: Path) -> Path:
        if path == layout.uploads:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))
        return rename(path, target)

    attempt = Restore(layout, Progress(), saved)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", mounted)
        with pytest.raises(Failure, match="busy"):
            attempt.swap()
        attempt.put_back()
    assert told(layout.run) == before


@pytest.mark.parametrize("done", [True, False], ids=["after", "before"])
def test_a_key_pressed_around_any_move_loses_nothing(
    layout: Layout, saved: Path, monkeypatch: pytest.MonkeyPatch, *, done: bool
) -> None:
    before, rename = told(layout.run), Path.rename
    for gap in count(1):
        moves: list[Path] = []

        def interrupted(path: Path, target: Path, moves: list[Path] = moves, gap: int = gap) -> Path:
            moves.append(path)
            if len(moves) != gap:
                return rename(path, target)
            if done:
                rename(path, target)
            raise KeyboardInterrupt

        attempt = Restore(layout, Progress(), saved)
        with monkeypatch.context() as patch:
            patch.setattr(Path, "rename", interrupted)
            try:
                attempt.swap()
            except KeyboardInterrupt:
                pass
            else:
                break
        attempt.put_back()
        assert told(layout.run) == before, f"move {gap}"
    assert gap == 6, "two moves for what was there, one for the keys, and none left"


def test_what_was_there_is_kept_in_the_place_of_an_earlier_restore(layout: Layout, saved: Path) -> None:
    attempt = Restore(layout, Progress(), saved)
    attempt.swap()
    attempt.keep()
    assert told(layout.run) == {
        "pg/data/said": "saved",
        "pg/data.before-restore/said": "living",
        "data/uploads/said": "saved",
        "data/uploads.before-restore/said": "living",
        "data/anchors/said": "saved",
        "keys/said": "saved",
    }


def test_what_a_restore_that_was_cut_off_set_aside_is_not_overwritten(layout: Layout, saved: Path) -> None:
    Restore(layout, Progress(), saved).swap()  # and killed
    left = told(layout.run)
    again = Restore(layout, Progress(), saved)
    with pytest.raises(Failure, match="was cut off") as refused:
        again.swap()
    assert str(layout.run / "pg" / "data") in refused.value.remedy
    again.put_back()
    assert told(layout.run) == left
